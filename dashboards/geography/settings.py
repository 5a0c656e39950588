"""The [dashboards.map] section of city.toml."""

import re
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, Field, model_validator

# No user, nothing that would end a source in the header that allows it: see Content Security Policy 3, section 2.3.1.
TEMPLATE = re.compile(r"(?P<origin>https?://[A-Za-z0-9.-]+(:\d{1,5})?)/[^\s;,'\"@]*", re.ASCII)
PLACES = ("{z}", "{x}", "{y}")

Longitude = Annotated[float, Field(ge=-180, le=180)]
Latitude = Annotated[float, Field(ge=-90, le=90)]
# West, south, east, north.
Bounds = tuple[Longitude, Latitude, Longitude, Latitude]


def is_address(tiles: str) -> bool:
    return "://" in tiles


def origin_of(template: str) -> str:
    """The scheme, host and port of a template that was checked."""
    found = TEMPLATE.fullmatch(template)
    assert found is not None  # noqa: S101  MapSettings has let nothing else through
    return found["origin"]


def _tiles(tiles: str) -> str:
    if is_address(tiles) and (not TEMPLATE.fullmatch(tiles) or any(place not in tiles for place in PLACES)):
        raise ValueError("must be a file, or an address like https://tiles.example/{z}/{x}/{y}.png without a user")
    return tiles


class MapSettings(BaseModel, frozen=True, extra="forbid"):
    """Files are named as seen from city.toml. What is not set is not drawn."""

    # GeoJSON: the outline of the regency and its areas.
    areas: Annotated[str, Field(min_length=1)] | None = None
    # A PMTiles file, or the address of tiles elsewhere.
    tiles: Annotated[str, Field(min_length=1), AfterValidator(_tiles)] | None = None
    # Whose map it is, as their licence asks to be told.
    attribution: Annotated[str, Field(max_length=200)] | None = None
    # What the map shows at first; unless set, the areas, else where the devices are.
    bounds: Bounds | None = None

    @model_validator(mode="after")
    def _some_extent(self) -> Self:
        if self.bounds and (self.bounds[0] >= self.bounds[2] or self.bounds[1] >= self.bounds[3]):
            raise ValueError("bounds: must be west, south, east, north")
        return self
