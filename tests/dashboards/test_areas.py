"""Outlines of a regency are read from a file whole, or refused with every reason."""

import json
from typing import Any

from dashboards.geography.areas import BYTES_MAX, Areas, read_areas

SQUARE = [[104.0, -4.2, 31.0], [104.2, -4.2], [104.2, -4.0], [104.0, -4.2]]
TAG = (
    "features.2.geometry: Input tag 'Point' found using 'type' does not match any of the expected tags: "
    "'Polygon', 'MultiPolygon'"
)
NAMES = ("Lengkiti", "Ulu Ogan")


def _feature(level: str, name: str, geometry: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "properties": {"level": level, "name": name, "code": 16}, "geometry": geometry}


def _read(*features: object) -> Areas | list[str]:
    return read_areas(json.dumps({"type": "FeatureCollection", "features": features}).encode(), NAMES)


def test_outlines_are_read_with_where_all_of_them_lie_and_without_what_nobody_draws() -> None:
    far = [[[103.5, -4.5], [103.6, -4.5], [103.6, -4.4], [103.5, -4.5]]]
    read = _read(
        _feature("regency", "OKU", {"type": "MultiPolygon", "coordinates": [[SQUARE], far]}),
        _feature("area", "Lengkiti", {"type": "Polygon", "coordinates": [SQUARE]}),
    )
    assert isinstance(read, Areas)
    assert read.bounds == (103.5, -4.5, 104.2, -4.0)
    regency, area = json.loads(read.geojson)["features"]
    assert regency["properties"] == {"level": "regency", "name": "OKU"}
    assert area["geometry"]["coordinates"] == [[position[:2] for position in SQUARE]]


def test_a_file_without_features_draws_nothing() -> None:
    read = _read()
    assert isinstance(read, Areas)
    assert read.bounds is None
    assert json.loads(read.geojson) == json.loads(Areas().geojson)


def test_every_fault_of_shape_is_named_with_its_place() -> None:
    assert _read(
        _feature("village", "Segara", {"type": "Polygon", "coordinates": [SQUARE]}),
        _feature("area", "", {"type": "Polygon", "coordinates": [[[204.0, -4.2], *SQUARE[1:]]]}),
        _feature("area", "Lengkiti", {"type": "Point", "coordinates": [104, -4]}),
    ) == [
        "features.0.properties.level: Input should be 'regency' or 'area'",
        "features.1.properties.name: String should have at least 1 character",
        "features.1.geometry.Polygon.coordinates.0.0.0: Input should be less than or equal to 180",
        TAG,
    ]


def test_an_area_that_the_city_has_not_got_and_an_open_ring_are_named() -> None:
    assert _read(_feature("area", "Atlantis", {"type": "Polygon", "coordinates": [[*SQUARE[:3], [104.1, -4.1]]]})) == [
        "features.0.properties.name: Atlantis is not among [city] areas",
        "features.0.geometry: a ring does not end where it begins",
    ]


def test_what_is_no_geojson_or_too_large_is_refused_in_one_line() -> None:
    (broken,) = read_areas(b"{", NAMES)
    assert broken.startswith("Invalid JSON: ")
    (large,) = read_areas(b" " * (BYTES_MAX + 1), NAMES)
    assert large.startswith("has more than 4194304 bytes")
