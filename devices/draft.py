"""A device as somebody wrote it down, before it is known to be good: the contract's JSON shape, of unchecked values."""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from devices.device import DEVICE_ID, Device, Parent
from devices.fault import Fault
from devices.jsonb import jsonb_fault, text_fault
from devices.kinds import KINDS
from devices.secrecy import secret_fault

COLUMNS = ("id", "kind", "name", "area", "latitude", "longitude", "parents", "external_ids", "attributes")
KEY_PATTERN = r"[A-Za-z][A-Za-z0-9_.-]{0,63}"
MAX_TEXT = 200

# What is missing or None is as good as not written: only id, kind and name must be there.
Draft: TypeAlias = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Stands in a draft for a value that could not even be read."""

    reason: str


def read_draft(draft: Draft, line: int | None = None) -> Device | list[Fault]:
    """The device, or everything that is wrong with it; faults that need other devices to see are not looked for."""
    device = draft.get("id")
    named = device if isinstance(device, str) and DEVICE_ID.fullmatch(device) else ""
    faults = [Fault(line=line, device=named, column=column, reason=reason) for column, reason in _faults(draft)]
    return faults or _device({column: value for column, value in draft.items() if value is not None})


def to_draft(device: Device) -> dict[str, object]:
    """The JSON shape of a device, as it is; what leaves the house goes through `devices.inventory.to_json`."""
    return {
        "id": device.id,
        "kind": device.kind,
        "name": device.name,
        "area": device.area,
        "latitude": device.latitude,
        "longitude": device.longitude,
        "parents": [parent if isinstance(parent, str) else list(parent) for parent in device.parents],
        "external_ids": dict(device.external_ids),
        "attributes": dict(device.attributes),
    }


def _device(draft: Mapping[str, Any]) -> Device:
    latitude, longitude = draft.get("latitude"), draft.get("longitude")
    return Device(
        id=draft["id"],
        kind=draft["kind"],
        name=draft["name"].strip(),
        area=draft.get("area", "").strip(),
        latitude=None if latitude is None else float(latitude),
        longitude=None if longitude is None else float(longitude),
        parents=tuple(_parent(parent) for parent in draft.get("parents", ())),
        external_ids=draft.get("external_ids", {}),
        attributes=draft.get("attributes", {}),
    )


def _parent(parent: str | list[str]) -> Parent:
    """A group of one is that one."""
    if isinstance(parent, str):
        return parent
    return parent[0] if len(parent) == 1 else tuple(parent)


def _faults(draft: Draft) -> Iterator[tuple[str, str]]:
    for column, check in CHECKS.items():
        value = draft.get(column)
        if isinstance(value, Unreadable):
            yield column, value.reason
        elif value is not None:
            yield from ((column, reason) for reason in check(value))
        elif column in REQUIRED:
            yield column, "missing"
    for column, other in (("latitude", "longitude"), ("longitude", "latitude")):
        if draft.get(column) is None and isinstance(draft.get(other), int | float):
            yield column, f"missing, where {other} is given"


def _id(value: object) -> Iterator[str]:
    if not _is_id(value):
        yield f"{_shown(value)} is no id: a-z, 0-9, - and _, first a letter or digit, at most 64 characters"


def _kind(value: object) -> Iterator[str]:
    if not isinstance(value, str) or value not in KINDS:
        yield f"unknown kind {_shown(value)}; known are {', '.join(KINDS)}"


def _name(value: object) -> Iterator[str]:
    yield from _text(value)
    if isinstance(value, str) and not value.strip():
        yield "blank"


def _text(value: object) -> Iterator[str]:
    if not isinstance(value, str):
        yield f"{_shown(value)} is no text"
    elif len(value) > MAX_TEXT:
        yield f"{len(value)} characters long; at most {MAX_TEXT}"
    elif fault := text_fault(value):
        yield fault


def _degrees(limit: int) -> Callable[[object], Iterator[str]]:
    def check(value: object) -> Iterator[str]:
        if isinstance(value, bool) or not isinstance(value, int | float) or math.isnan(value):
            yield f"{_shown(value)} is no number of degrees"
        elif not -limit <= value <= limit:
            yield f"{_shown(value)} is outside -{limit} to {limit}"

    return check


def _parents(value: object) -> Iterator[str]:
    if not isinstance(value, list):
        yield "must be a list of ids, and of lists of ids"
        return
    ids = [one for parent in value for one in (parent if isinstance(parent, list) else [parent])]
    if any(parent == [] for parent in value):
        yield "a redundancy group without members"
    yield from (f"{_shown(one)} is no id" for one in ids if not _is_id(one))
    named = [one for one in ids if _is_id(one)]
    yield from (f"{one} is named twice" for one in dict.fromkeys(named) if named.count(one) > 1)


def _external_ids(value: object) -> Iterator[str]:
    if not isinstance(value, dict):
        yield "must be an object of texts"
        return
    for name, identifier in value.items():
        if not _is_key(name):
            yield f"{_shown(name)} is no name of an external id"
        elif not isinstance(identifier, str) or not identifier.strip():
            yield f"{name}: {_shown(identifier)} is no text, or blank"
        else:
            yield from (f"{name}: {fault}" for fault in _text(identifier))


def _attributes(value: object) -> Iterator[str]:
    if not isinstance(value, dict):
        yield "must be an object"
        return
    yield from (f"{_shown(name)} is no name of an attribute" for name in value if not _is_key(name))
    for name, attribute in value.items():
        fault = jsonb_fault(attribute)
        if fault is not None:
            yield f"{_shown(name)} {fault}"
        elif fault := secret_fault(name, attribute):
            yield fault


def _is_id(value: object) -> bool:
    return isinstance(value, str) and DEVICE_ID.fullmatch(value) is not None


def _is_key(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(KEY_PATTERN, value) is not None


def _shown(value: object) -> str:
    """The value for a person to recognise, never a screenful."""
    shown = repr(value)
    return shown if len(shown) <= 60 else f"{shown[:60]}…"


REQUIRED = frozenset({"id", "kind", "name"})
CHECKS: Mapping[str, Callable[[object], Iterator[str]]] = {
    "id": _id,
    "kind": _kind,
    "name": _name,
    "area": _text,
    "latitude": _degrees(90),
    "longitude": _degrees(180),
    "parents": _parents,
    "external_ids": _external_ids,
    "attributes": _attributes,
}
