"""The outline of a regency and of its areas, from a GeoJSON file (RFC 7946). Pure."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, Field, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails, to_json

from dashboards.geography.settings import Bounds, Latitude, Longitude

# Every screen loads it: a file that is larger was not simplified.
BYTES_MAX = 4 * 1024 * 1024
FAULTS_MAX = 20


def _flat(position: object) -> object:
    """A height, and whatever else is said behind it, is read past."""
    return position[:2] if isinstance(position, list) else position


Position = Annotated[tuple[Longitude, Latitude], BeforeValidator(_flat)]
Ring = Annotated[list[Position], Field(min_length=4)]
Rings = Annotated[list[Ring], Field(min_length=1)]


class Polygon(BaseModel):
    type: Literal["Polygon"]
    coordinates: Rings


class MultiPolygon(BaseModel):
    type: Literal["MultiPolygon"]
    coordinates: Annotated[list[Rings], Field(min_length=1)]


class Properties(BaseModel):
    level: Literal["regency", "area"]
    name: Annotated[str, Field(min_length=1, max_length=200)]


class Feature(BaseModel):
    type: Literal["Feature"]
    properties: Properties
    geometry: Annotated[Polygon | MultiPolygon, Field(discriminator="type")]

    def rings(self) -> Iterator[Ring]:
        shape = self.geometry
        polygons = [shape.coordinates] if isinstance(shape, Polygon) else shape.coordinates
        for rings in polygons:
            yield from rings


class FeatureCollection(BaseModel):
    type: Literal["FeatureCollection"]
    features: list[Feature]


READ = TypeAdapter(FeatureCollection)


@dataclass(frozen=True, slots=True, kw_only=True)
class Areas:
    """`geojson` is a FeatureCollection; `bounds` is where all of it lies, None where there is nothing."""

    geojson: bytes = b'{"type":"FeatureCollection","features":[]}'
    bounds: Bounds | None = None


def read_areas(payload: bytes, names: Collection[str]) -> Areas | list[str]:
    """What the file says, or every reason why it cannot be used. `names` are the city's areas; none allows any."""
    if len(payload) > BYTES_MAX:
        return [f"has more than {BYTES_MAX} bytes: simplify the outlines, every screen loads them"]
    try:
        collection = READ.validate_json(payload)
    except ValidationError as invalid:
        return [_reason(fault) for fault in invalid.errors(include_input=False, include_url=False)[:FAULTS_MAX]]
    faults = list(_faults(collection.features, names))
    if faults:
        return faults[:FAULTS_MAX]
    return Areas(geojson=to_json(collection), bounds=bounds_of(_positions(collection.features)))


def bounds_of(positions: Iterable[tuple[float, float]]) -> Bounds | None:
    """Where [longitude, latitude] lie; None where there is none."""
    longitudes, latitudes = tuple(zip(*positions, strict=True)) or ((), ())
    if not longitudes:
        return None
    return min(longitudes), min(latitudes), max(longitudes), max(latitudes)


def _faults(features: Iterable[Feature], names: Collection[str]) -> Iterator[str]:
    for number, feature in enumerate(features):
        told = feature.properties
        if told.level == "area" and names and told.name not in names:
            yield f"features.{number}.properties.name: {told.name} is not among [city] areas"
        if any(ring[0] != ring[-1] for ring in feature.rings()):
            yield f"features.{number}.geometry: a ring does not end where it begins"


def _positions(features: Iterable[Feature]) -> Iterator[tuple[float, float]]:
    for feature in features:
        for ring in feature.rings():
            yield from ring


def _reason(fault: ErrorDetails) -> str:
    where = ".".join(map(str, fault["loc"]))
    return f"{where}: {fault['msg']}" if where else str(fault["msg"])
