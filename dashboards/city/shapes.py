"""The shape of what a page must know before it draws anything; fields may be added, never renamed."""

from datetime import datetime

from pydantic import BaseModel

from dashboards.geography.settings import Bounds
from dashboards.settings import Scene
from dashboards.words import Language


class MetricWords(BaseModel):
    """`fault`: a yes or no that tells what is wrong with a camera's picture."""

    name: str
    unit: str
    fault: bool


class KindWords(BaseModel):
    """Between two reports of such a device lie `interval_seconds` when all is well."""

    name: str
    interval_seconds: float
    metrics: dict[str, MetricWords]


class VisitorShape(BaseModel):
    """Whoever asks. `technician`: the id of the technician with whom the account is linked, null for nobody."""

    name: str
    role: str
    technician: str | None


class MapShape(BaseModel):
    """`bounds`: west, south, east, north. `tiles`: a PMTiles file, or a template with {z}, {x} and {y}."""

    bounds: Bounds
    tiles: str | None
    attribution: str | None


class WallShape(BaseModel):
    """`river_kinds`, `air_kinds`: whose readings stand under that head."""

    scenes: list[Scene]
    scene_seconds: float
    river_kinds: list[str]
    air_kinds: list[str]


class CityShape(BaseModel):
    """The city's words, clocks and limits. `build` is another one when the pages were built anew."""

    title: str
    language: Language
    time_zone: str
    zone_label: str
    server_time: datetime
    build: str
    visitor: VisitorShape
    kinds: dict[str, KindWords]
    areas: list[str]
    frame_fresh_seconds: float
    map: MapShape
    wall: WallShape
    heartbeat_seconds: float
    judged_fresh_seconds: float
