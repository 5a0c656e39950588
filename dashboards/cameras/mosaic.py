"""Many cameras in one picture: each tile with its name, its time and its age, or hatched where it has none of now."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import cv2
import numpy as np

from dashboards.cameras import latest
from dashboards.cameras.captions import Captions
from dashboards.cameras.freshness import is_fresh
from dashboards.cameras.latest import Frame
from dashboards.cameras.lettering import Picture
from dashboards.cameras.placard import jpeg, placard
from dashboards.cameras.reduced import decoded
from dashboards.cameras.strips import above, below
from dashboards.words import Language

GAP = 2
TILE_WIDTH_MIN = 80
HEIGHT_MAX = 4_320


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Tiles of 16:9 in rows from the top left; sizes in pixels."""

    columns: int
    rows: int
    tile_width: int

    @classmethod
    def of(cls, count: int, columns: int | None, width: int) -> "Grid":
        """So many tiles in that width. Raises ValueError where they would be too small to read, or too many below."""
        across = columns or math.ceil(math.sqrt(count))
        grid = cls(columns=across, rows=-(-count // across), tile_width=width // across)
        if grid.tile_width < TILE_WIDTH_MIN:
            raise ValueError(f"a tile would be narrower than {TILE_WIDTH_MIN} pixels: choose fewer columns, or wider")
        if grid.height > HEIGHT_MAX:
            raise ValueError(f"it would be higher than {HEIGHT_MAX} pixels: choose more columns, or narrower")
        return grid

    @property
    def tile_height(self) -> int:
        return self.tile_width * 9 // 16

    @property
    def width(self) -> int:
        return self.columns * self.tile_width

    @property
    def height(self) -> int:
        return self.rows * self.tile_height

    def place(self, number: int) -> tuple[slice, slice]:
        """Rows and columns of pixels of that tile, without the gap to its neighbours."""
        top, left = (number // self.columns) * self.tile_height, (number % self.columns) * self.tile_width
        return slice(top, top + self.tile_height - GAP), slice(left, left + self.tile_width - GAP)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What somebody wants: id and name of each camera, in the order of the tiles. Equal orders are drawn once."""

    cameras: tuple[tuple[str, str], ...]
    grid: Grid
    language: Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Mosaic:
    """The picture as JPEG, and the ids of the cameras that are really to be seen on it."""

    jpeg: bytes
    shown: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Painter:
    """Draws mosaics of the frames in a folder; a frame older than that is not drawn."""

    folder: Path
    captions: Captions
    fresh_seconds: float

    def mosaic(self, cameras: Sequence[tuple[str, str]], grid: Grid, now: datetime) -> Mosaic:
        """`cameras`: id and name, in the order of the tiles. Blocks: it reads files and draws."""
        canvas = np.zeros((grid.height, grid.width, 3), np.uint8)
        tiles = ((canvas[grid.place(number)], camera, name) for number, (camera, name) in enumerate(cameras))
        shown = tuple(camera for tile, camera, name in tiles if self._draw(tile, camera, name, now))
        return Mosaic(jpeg=jpeg(canvas), shown=shown)

    def _draw(self, tile: Picture, camera: str, name: str, now: datetime) -> bool:
        """Whether the camera's picture is in its tile now."""
        frame = latest.read(self.folder, camera)
        captured_at = None if frame is None else frame.captured_at
        if frame is None or not is_fresh(captured_at, now, self.fresh_seconds) or not fit(tile, frame):
            height, width = tile.shape[:2]
            tile[:] = placard(width, height, name, self.captions.missing(captured_at, now))
            return False
        above(tile, name)
        below(tile, self.captions.taken(frame.captured_at, now))
        return True


def fit(tile: Picture, frame: Frame) -> bool:
    """Draw the frame whole into the middle of the tile; False where it is no picture."""
    height, width = tile.shape[:2]
    picture = decoded(frame.jpeg, width, height)
    if picture is None:
        return False
    shrink = min(width / picture.shape[1], height / picture.shape[0])
    size = max(1, round(picture.shape[1] * shrink)), max(1, round(picture.shape[0] * shrink))
    fitted = cv2.resize(picture, size, interpolation=cv2.INTER_AREA if shrink < 1 else cv2.INTER_LINEAR)
    top, left = (height - size[1]) // 2, (width - size[0]) // 2
    tile[top : top + size[1], left : left + size[0]] = fitted
    return True
