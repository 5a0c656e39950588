"""The outlines of OKU: its kecamatan tile the regency, and every device of the list stands in its own."""

from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

from dashboards.geography.areas import Feature, FeatureCollection, Ring
from deploy.commands.devices import read_inventory
from deploy.settings import DEFAULT_CONFIG, read_settings

FILE = DEFAULT_CONFIG.with_name("areas.geojson")
# Every screen loads it, some over a telephone's network.
BYTES_MAX = 100_000


def _features() -> list[Feature]:
    return FeatureCollection.model_validate_json(FILE.read_bytes()).features


def _areas() -> dict[str, Feature]:
    return {feature.properties.name: feature for feature in _features() if feature.properties.level == "area"}


def _contains(feature: Feature, x: float, y: float) -> bool:
    """Whether a ray to the east crosses the outline an odd number of times."""
    return sum(_crossings(ring, x, y) for ring in feature.rings()) % 2 == 1


def _crossings(ring: Ring, x: float, y: float) -> int:
    return sum(
        (y1 > y) != (y2 > y) and x < x1 + (y - y1) / (y2 - y1) * (x2 - x1) for (x1, y1), (x2, y2) in pairwise(ring)
    )


def _edges(features: Iterable[Feature]) -> Counter[frozenset[tuple[float, float]]]:
    rings = [ring for feature in features for ring in feature.rings()]
    return Counter(frozenset(edge) for ring in rings for edge in pairwise(ring))


def test_each_kecamatan_of_the_settings_has_its_outline_and_the_whole_is_small() -> None:
    assert sorted(_areas()) == sorted(read_settings({}).city.city.areas)
    assert FILE.stat().st_size < BYTES_MAX
    assert b"MIT License" in FILE.read_bytes()  # it must go wherever the outlines go


def test_the_kecamatan_tile_the_regency_without_gap_or_overlap() -> None:
    regency = [feature for feature in _features() if feature.properties.level == "regency"]
    edges = _edges(_areas().values())
    assert set(edges.values()) == {1, 2}
    assert {edge for edge, times in edges.items() if times == 1} == set(_edges(regency))


def test_every_device_stands_in_its_own_kecamatan() -> None:
    areas = _areas()
    strayed = [
        device.id
        for device in read_inventory(DEFAULT_CONFIG.with_name("devices.csv")).devices
        if device.latitude is not None
        and device.longitude is not None
        and not _contains(areas[device.area], device.longitude, device.latitude)
    ]
    assert strayed == []
