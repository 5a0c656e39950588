"""Device lists as GeoJSON, RFC 7946."""

import json
from typing import Any

import pytest

from devices.device import Device
from devices.inventory import Format, Inventory, parse, parse_geojson, render


def feature(**changes: object) -> dict[str, Any]:
    whole: dict[str, Any] = {
        "type": "Feature",
        "id": "fp-1",
        "geometry": {"type": "Point", "coordinates": [104.07, -4.3]},
        "properties": {"kind": "fibre_point", "name": "Satu", "parents": [], "attributes": {"role": "pop"}},
    }
    return whole | changes


def collection(*features: object) -> str:
    return '{"type": "FeatureCollection", "features": [\n' + ",\n".join(map(json.dumps, features)) + "\n]}"


def devices_in(text: str) -> tuple[Device, ...]:
    inventory = parse_geojson(text)
    assert isinstance(inventory, Inventory), [str(fault) for fault in inventory]
    return inventory.devices


def faults_in(text: str) -> list[str]:
    inventory = parse_geojson(text)
    assert isinstance(inventory, list)
    return [str(fault) for fault in inventory]


def test_a_position_is_longitude_then_latitude() -> None:
    [device] = devices_in(collection(feature()))
    assert (device.id, device.latitude, device.longitude) == ("fp-1", -4.3, 104.07)
    assert device.attributes == {"role": "pop"}


def test_an_altitude_is_read_past() -> None:
    [device] = devices_in(collection(feature(geometry={"type": "Point", "coordinates": [104, -4, 60.5]})))
    assert (device.latitude, device.longitude) == (-4.0, 104.0)


def test_a_device_without_place_has_a_null_geometry() -> None:
    [device] = devices_in(collection(feature(geometry=None)))
    assert device.latitude is None
    assert json.loads(render([device], Format.GEOJSON))["features"][0]["geometry"] is None


def test_the_id_may_stand_among_the_properties_where_map_programs_put_it() -> None:
    moved = feature(id=7, properties={"id": "fp-9", "kind": "camera", "name": "X", "area": None})
    assert devices_in(collection(moved))[0].id == "fp-9"


def test_a_byte_order_mark_is_no_hindrance() -> None:
    assert isinstance(parse(b"\xef\xbb\xbf" + collection(feature()).encode()), Inventory)


def test_every_fault_is_named_with_the_line_of_its_feature() -> None:
    swapped = feature(id="fp-2", geometry={"type": "Point", "coordinates": [-4.3, 104.07]})
    misnamed = feature(id="fp-3", properties={"kind": "camera", "name": "X", "colour": 1, "latitude": 2})
    twice = feature(id="fp-1")
    faults = faults_in(collection(feature(), swapped, misnamed, twice))
    assert faults[0] == "3: fp-2: latitude: 104.07 is outside -90 to 90"
    assert {fault.split(";")[0] for fault in faults[1:3]} == {
        "4: colour: unknown property",
        "4: latitude: unknown property",
    }
    assert faults[3] == "5: fp-1: id: already on line 2"


@pytest.mark.parametrize(
    "broken",
    [
        feature(type="Point"),
        feature(properties=[]),
        feature(properties=None),
        feature(geometry={"type": "LineString", "coordinates": [[1, 2], [3, 4]]}),
        feature(geometry={"type": "Point", "coordinates": [104]}),
        feature(geometry={"type": "Point", "coordinates": ["104", "-4"]}),
        feature(geometry={"type": "Point", "coordinates": [True, False]}),
        feature(geometry={"type": "Point", "coordinates": [None, -4]}),
        feature(geometry=[104, -4]),
        feature(id=None),
        feature(id=[]),
        feature(id={}),
        feature(properties={"kind": ["camera"], "name": "X"}),
        feature(properties={"kind": "camera", "name": 7}),
        feature(properties={"kind": "camera", "name": "X\0"}),
        feature(properties={"kind": "camera", "name": " "}),
        feature(properties={"kind": "camera", "name": "X", "parents": "fp-2"}),
        feature(properties={"kind": "camera", "name": "X", "parents": [[]]}),
        feature(properties={"kind": "camera", "name": "X", "parents": [{}]}),
        feature(properties={"kind": "camera", "name": "X", "external_ids": {"a": 1}}),
        feature(properties={"kind": "camera", "name": "X", "external_ids": ["a"]}),
        feature(properties={"kind": "camera", "name": "X", "attributes": []}),
        feature(properties={"kind": "camera", "name": "X", "attributes": {"a b": 1}}),
        feature(properties={"kind": "camera", "name": "X", "attributes": {"a": "\0"}}),
        feature(properties={"kind": "camera", "name": "X", "attributes": {"rtsp_url": "rtsp://a:b@c"}}),
        7,
        None,
    ],
)
def test_a_feature_of_another_shape_is_refused_and_its_neighbour_does_not_hide_it(broken: object) -> None:
    good = feature(id="fp-good")
    faults = faults_in(collection(good, broken))
    assert faults
    assert all(fault.startswith("3: ") for fault in faults)


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "[]",
        "{",
        '{"type": "Feature"}',
        '{"type": "FeatureCollection"}',
        '{"type": "FeatureCollection", "features": 1}',
    ],
)
def test_what_is_no_collection_is_refused(text: str) -> None:
    [fault] = faults_in(text)
    assert "no GeoJSON FeatureCollection" in fault


def test_a_slip_in_the_json_is_named_with_its_line() -> None:
    [fault] = faults_in('{"type": "FeatureCollection",\n"features": [\n{"type": "Feature",}\n]}')
    assert fault.startswith("3: ")


def test_a_collection_nested_without_end_is_refused() -> None:
    assert faults_in('{"type": "FeatureCollection", "features": [' + "[" * 100_000 + "]" * 100_000 + "]}")
