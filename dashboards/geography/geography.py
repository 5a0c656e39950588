"""The map that a city's settings name, as it was read at the start."""

from dataclasses import dataclass, field
from pathlib import Path

from dashboards.geography.areas import Areas
from dashboards.geography.settings import Bounds, origin_of

TILES_PATH = "/api/v1/tiles.pmtiles"


@dataclass(frozen=True, slots=True, kw_only=True)
class Geography:
    """`tiles_file` is a PMTiles file of ours, `tiles_template` the address of tiles elsewhere; at most one is set."""

    areas: Areas = field(default_factory=Areas)
    bounds: Bounds | None = None
    tiles_file: Path | None = None
    tiles_template: str | None = None
    attribution: str | None = None

    @property
    def tiles(self) -> str | None:
        """Where a browser finds tiles."""
        return TILES_PATH if self.tiles_file else self.tiles_template

    @property
    def foreign_origins(self) -> tuple[str, ...]:
        """Whence pages may load tiles beside our own."""
        return (origin_of(self.tiles_template),) if self.tiles_template else ()
