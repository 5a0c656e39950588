"""A device list as GeoJSON (RFC 7946): a FeatureCollection of points, both ways.

Positions are [longitude, latitude]; an altitude is read past. The geometry is null where a device has no place. The id
is the feature's own or the property `id`, which wins; the other properties are the columns of the sheet, as plain JSON.
"""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, Literal

import msgspec

from devices.device import Device
from devices.draft import COLUMNS, Draft, Unreadable, to_draft
from devices.fault import Fault

PLACE = ("latitude", "longitude")
PROPERTIES = tuple(column for column in COLUMNS if column not in PLACE)
BYTE = re.compile(r"\(byte (\d+)\)")


class Collection(msgspec.Struct):
    """Features stay raw, so that each can be found again in the text, and be wrong alone."""

    type: Literal["FeatureCollection"]
    features: list[msgspec.Raw]


def read_geojson(text: str) -> Iterator[tuple[int, Draft] | Fault]:
    """Each feature's line and draft, and the faults of the collection and of the features as such."""
    payload = text.encode("utf-8", "surrogatepass")
    try:
        collection = msgspec.json.decode(payload, type=Collection)
    except (msgspec.DecodeError, RecursionError) as error:
        yield Fault(line=_line_of(str(error), payload), reason=f"no GeoJSON FeatureCollection: {error}")
        return
    for line, raw in _located(collection.features, payload):
        yield from _feature(line, raw)


def write_geojson(devices: Iterable[Device]) -> str:
    """The devices as a collection that `read_geojson` reads back, a feature per line."""
    features = ",\n".join(json.dumps(to_feature(to_draft(device)), ensure_ascii=False) for device in devices)
    return f'{{"type": "FeatureCollection", "features": [\n{features}\n]}}\n'


def to_feature(shape: dict[str, Any]) -> dict[str, Any]:
    """A feature of the contract's device shape: whatever stands in it beside id and place becomes a property."""
    latitude, longitude = shape["latitude"], shape["longitude"]
    return {
        "type": "Feature",
        "id": shape["id"],
        "geometry": None if latitude is None else {"type": "Point", "coordinates": [longitude, latitude]},
        "properties": {name: value for name, value in shape.items() if name != "id" and name not in PLACE},
    }


def _line_of(error: str, payload: bytes) -> int:
    byte = BYTE.search(error)
    return 1 + payload.count(b"\n", 0, int(byte[1])) if byte else 1


def _located(features: Iterable[msgspec.Raw], payload: bytes) -> Iterator[tuple[int, bytes]]:
    """Each feature with the line it begins on. Between two of them stand only a comma and blanks: find() cannot err."""
    position, line = 0, 1
    for feature in features:
        raw = bytes(feature)
        start = payload.find(raw, position)
        line += payload.count(b"\n", position, start)
        yield line, raw
        line += raw.count(b"\n")
        position = start + len(raw)


def _feature(line: int, raw: bytes) -> Iterator[tuple[int, Draft] | Fault]:
    try:
        feature = msgspec.json.decode(raw)
    except (msgspec.DecodeError, RecursionError) as error:
        yield Fault(line=line, reason=f"no JSON: {error}")
        return
    properties = (feature.get("properties") or {}) if isinstance(feature, dict) else None
    if not isinstance(properties, dict) or feature.get("type") != "Feature":
        yield Fault(line=line, reason="no Feature with an object of properties")
        return
    for name in properties.keys() - set(PROPERTIES):
        known = "the place stands in geometry" if name in PLACE else f"known are {', '.join(PROPERTIES)}"
        yield Fault(line=line, column=name, reason=f"unknown property; {known}")
    longitude, latitude = _position(feature.get("geometry"))
    yield line, {"id": feature.get("id"), **_known(properties), "latitude": latitude, "longitude": longitude}


def _known(properties: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in properties.items() if name in PROPERTIES and value is not None}


def _position(geometry: object) -> tuple[object, object]:
    """Longitude and latitude."""
    if geometry is None:
        return None, None
    if isinstance(geometry, dict) and geometry.get("type") == "Point":
        match geometry.get("coordinates"):
            case [longitude, latitude] | [longitude, latitude, _]:
                return longitude, latitude
    return None, Unreadable("the geometry is neither null nor a Point of [longitude, latitude]")
