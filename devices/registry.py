"""The devices of this city, in the database: the one impure file of this room, and the owner of table device.

Every function works on the connection it is given and raises psycopg.Error when the database fails. A change is one
transaction, whole or not at all; only rows that differ are written, so that a notification on 'devices' means it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from psycopg import AsyncConnection
from psycopg.types.json import Jsonb

from devices import queries
from devices.device import Device
from devices.draft import to_draft
from devices.fault import Fault
from devices.inventory import judge
from devices.topology import children_of


class RefusedError(Exception):
    """The registry would not be sound afterwards; `faults` says why, and nothing was written."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(map(str, faults)))
        self.faults = faults


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import did, by ids."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: int


async def load(connection: AsyncConnection) -> dict[str, Device]:
    """Every device, by id."""
    rows = await (await connection.execute(queries.ALL)).fetchall()
    return {row[0]: _device(row) for row in rows}


async def get(connection: AsyncConnection, device_id: str) -> Device | None:
    """One device, or None where the registry has none of this id."""
    row = await (await connection.execute(queries.ONE, [device_id])).fetchone()
    return None if row is None else _device(row)


async def is_empty(connection: AsyncConnection) -> bool:
    row = await (await connection.execute(queries.ANY)).fetchone()
    return row == (False,)


async def import_devices(connection: AsyncConnection, devices: Iterable[Device]) -> Imported:
    """Add these devices and overwrite those of the same ids; others stay as they are.

    Raises RefusedError with every fault: of a device, of an unknown parent, of a cycle, of an external id taken.
    """
    async with connection.transaction():
        await connection.execute(queries.LOCK)
        return await _write(connection, list(devices), await load(connection))


async def add(connection: AsyncConnection, device: Device) -> None:
    """Add one device; raises RefusedError where the registry has one of this id, and as `import_devices` does."""
    async with connection.transaction():
        await connection.execute(queries.LOCK)
        known = await load(connection)
        if device.id in known:
            raise RefusedError([_fault(device.id, "id", "already in the registry")])
        await _write(connection, [device], known)


async def remove(connection: AsyncConnection, device_id: str) -> None:
    """Take one device out; raises RefusedError where there is none, or while others hang on it."""
    async with connection.transaction():
        await connection.execute(queries.LOCK)
        known = await load(connection)
        if device_id not in known:
            raise RefusedError([_fault(device_id, "id", "not in the registry")])
        children = children_of(known.values()).get(device_id)
        if children:
            raise RefusedError([_fault(device_id, "", f"still bears {', '.join(children)}")])
        await connection.execute(queries.DELETE, [device_id])


async def _write(connection: AsyncConnection, devices: list[Device], known: dict[str, Device]) -> Imported:
    judged = judge(((None, to_draft(device)) for device in devices), known)
    if isinstance(judged, list):
        raise RefusedError(judged)
    rows = {device.id: to_draft(device) for device in judged.devices}
    found = await (await connection.execute(queries.CHANGED, [Jsonb(list(rows.values()))])).fetchall()
    if found:  # the table's trigger speaks once per statement, even where a statement finds nothing to write
        await connection.execute(queries.UPSERT, [Jsonb([rows[device_id] for device_id, _ in found])])
    return Imported(
        added=tuple(device_id for device_id, new in found if new),
        changed=tuple(device_id for device_id, new in found if not new),
        unchanged=len(rows) - len(found),
    )


def _fault(device_id: str, column: str, reason: str) -> Fault:
    return Fault(line=None, device=device_id, column=column, reason=reason)


def _device(row: tuple[Any, ...]) -> Device:
    device_id, kind, name, area, latitude, longitude, parents, external_ids, attributes = row
    return Device(
        id=device_id,
        kind=kind,
        name=name,
        area=area,
        latitude=latitude,
        longitude=longitude,
        parents=tuple(parent if isinstance(parent, str) else tuple(parent) for parent in parents),
        external_ids=external_ids,
        attributes=attributes,
    )
