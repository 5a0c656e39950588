"""The device list of a city as a whole: read from a file, judged, written to a file. Pure.

A list is taken whole or not at all, and every fault in it is named, so that an operator corrects a sheet once.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from devices.device import Device
from devices.draft import Draft, read_draft, to_draft
from devices.fault import Fault
from devices.geojson import read_geojson, write_geojson
from devices.kinds import KINDS
from devices.secrecy import without_secrets
from devices.sheet import read_sheet, write_sheet
from devices.topology import cycles, parents_of

# What is in the registry before anything was imported.
NOTHING: Mapping[str, Device] = {}
# Any kind does for a device that is only looked at for what it hangs on.
STAND_IN = next(iter(KINDS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """Devices without fault, and the line each of them stands on, where they come from a file."""

    devices: tuple[Device, ...]
    lines: Mapping[str, int | None]


class Format(StrEnum):
    CSV = "csv"
    GEOJSON = "geojson"
    JSON = "json"


def parse(payload: bytes, known: Mapping[str, Device] = NOTHING) -> Inventory | list[Fault]:
    """A device list, CSV or GeoJSON as it turns out, that joins the devices already `known`: or all its faults."""
    try:
        text = payload.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = 1 + payload.count(b"\n", 0, error.start)
        return [Fault(line=line, reason="not UTF-8; save the list as “CSV UTF-8”, or choose Unicode (UTF-8)")]
    return parse_geojson(text, known) if text.lstrip().startswith(("{", "[")) else parse_csv(text, known)


def parse_csv(text: str, known: Mapping[str, Device] = NOTHING) -> Inventory | list[Fault]:
    """A sheet as `devices.sheet` describes it."""
    return judge(read_sheet(text.removeprefix("\ufeff")), known)


def parse_geojson(text: str, known: Mapping[str, Device] = NOTHING) -> Inventory | list[Fault]:
    """A FeatureCollection as `devices.geojson` describes it."""
    return judge(read_geojson(text.removeprefix("\ufeff")), known)


def render(devices: Iterable[Device], form: Format) -> str:
    """The list as a file, in the order of ids; without secrets, and CSV and GeoJSON so that they can be read back."""
    ordered = sorted(devices, key=lambda device: device.id)
    return WRITERS[form](replace(device, attributes=without_secrets(device.attributes)) for device in ordered)


def to_json(device: Device) -> dict[str, Any]:
    """The device shape of the contract as far as the registry knows it: id to attributes, without secrets."""
    return {**to_draft(device), "attributes": without_secrets(device.attributes)}


def judge(rows: Iterable[tuple[int | None, Draft] | Fault], known: Mapping[str, Device]) -> Inventory | list[Fault]:
    """The devices of all drafts, each good by itself and beside the others and the `known`: or every fault there is."""
    faults: list[Fault] = []
    devices: dict[str, Device] = {}
    lines: dict[str, int | None] = {}
    for row in rows:
        if isinstance(row, Fault):
            faults.append(row)
            continue
        line, draft = row
        faults.extend(_repeated(draft, line, lines))
        device = read_draft(draft, line)
        if isinstance(device, list):
            faults.extend(device)
            device = read_draft(_ties(draft))
        if isinstance(device, Device):
            devices.setdefault(device.id, device)
    faults.extend(_faults_between(devices, lines, known))
    if faults:
        return sorted(faults, key=lambda fault: fault.line or 0)
    return Inventory(devices=tuple(devices.values()), lines=lines)


def _ties(draft: Draft) -> Draft:
    """Only what ties a faulty row to others, so that a slip in its name does not hide one in its parents."""
    return {
        "kind": STAND_IN,
        "name": STAND_IN,
        **{column: draft.get(column) for column in ("id", "parents", "external_ids")},
    }


def _repeated(draft: Draft, line: int | None, lines: dict[str, int | None]) -> Iterator[Fault]:
    """A fault where the id stood there before; else `lines` learns where it stands."""
    device = draft.get("id")
    if not isinstance(device, str):
        return
    if device in lines:
        where = f"already on line {lines[device]}" if lines[device] else "already in this list"
        yield Fault(line=line, device=device, column="id", reason=where)
    else:
        lines[device] = line


def _faults_between(
    devices: Mapping[str, Device], lines: Mapping[str, int | None], known: Mapping[str, Device]
) -> Iterator[Fault]:
    """What only shows beside other devices. `lines` has the ids of faulty rows too: those are wrong, not unknown."""
    together = {**known, **devices}
    for device in devices.values():
        for parent in device.parent_ids():
            if parent not in together and parent not in lines:
                reason = f"unknown parent {parent}: neither in this list nor in the registry"
                yield Fault(line=lines.get(device.id), device=device.id, column="parents", reason=reason)
    for cycle in cycles(parents_of(together.values())):
        first = next((member for member in cycle if member in devices), cycle[0])
        reason = f"a cycle, each hanging on the next: {' → '.join(cycle)}"
        yield Fault(line=lines.get(first), device=first, column="parents", reason=reason)
    yield from _shared_external_ids(devices, lines, together)


def _shared_external_ids(
    devices: Mapping[str, Device], lines: Mapping[str, int | None], together: Mapping[str, Device]
) -> Iterator[Fault]:
    """An external id leads from a foreign message to one device; two would each get half of what one says."""
    owners: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for device in together.values():
        for item in device.external_ids.items():
            owners[item].append(device.id)
    for (name, identifier), ids in owners.items():
        for device_id in (one for one in ids[1:] if one in devices):
            reason = f"{name}={identifier} is {ids[0]}'s already"
            yield Fault(line=lines.get(device_id), device=device_id, column="external_ids", reason=reason)


def _write_json(devices: Iterable[Device]) -> str:
    return json.dumps([to_json(device) for device in devices], ensure_ascii=False, indent=2) + "\n"


WRITERS: Mapping[Format, Callable[[Iterable[Device]], str]] = {
    Format.CSV: write_sheet,
    Format.GEOJSON: write_geojson,
    Format.JSON: _write_json,
}
