"""pantau devices import | export | list"""

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from deploy.database import connect
from deploy.refused import RefusedError
from deploy.settings import Settings
from devices import registry
from devices.device import Device
from devices.fault import Fault
from devices.inventory import Format, Inventory, parse, render, to_json


def read_inventory(path: Path, known: Mapping[str, Device] | None = None) -> Inventory:
    """A device list, CSV or GeoJSON, that joins the devices `known`. Raises RefusedError, a line for every fault."""
    try:
        found = parse(path.read_bytes(), known or {})
    except OSError as fault:
        raise RefusedError([f"{path}: cannot be read: {fault.strerror}"]) from fault
    if isinstance(found, list):
        raise RefusedError(_told(path, found))
    return found


async def import_file(settings: Settings, path: Path) -> None:
    """All devices of the file, or none."""
    async with connect(settings.database_url) as connection:
        found = read_inventory(path, await registry.load(connection))
        try:
            done = await registry.import_devices(connection, found.devices)
        except registry.RefusedError as refused:
            raise RefusedError(_told(path, refused.faults)) from refused
    print(f"{len(done.added)} added, {len(done.changed)} changed, {done.unchanged} as they were")


async def export(settings: Settings, form: Format) -> None:
    async with connect(settings.database_url) as connection:
        sys.stdout.write(render((await registry.load(connection)).values(), form))


async def show(settings: Settings, *, as_json: bool) -> None:
    async with connect(settings.database_url) as connection:
        devices = sorted((await registry.load(connection)).values(), key=lambda device: device.id)
    if as_json:
        print(json.dumps([to_json(device) for device in devices], ensure_ascii=False, indent=2))
        return
    for device in devices:
        print(f"{device.id:<24} {device.kind:<18} {device.area:<26} {device.name}")


async def import_when_empty(settings: Settings) -> int:
    """The city's own list into an empty registry; what an operator changed is never overwritten. How many came."""
    async with connect(settings.database_url) as connection:
        if not await registry.is_empty(connection):
            return 0
        done = await registry.import_devices(connection, read_inventory(settings.devices_file).devices)
        return len(done.added)


def _told(path: Path, faults: Iterable[Fault]) -> list[str]:
    return [f"{path}: {fault}" if fault.line is None else f"{path}:{fault}" for fault in faults]
