"""What a camera's watch has learned, on disk: `{folder}/{camera}/tamper.json`. At most some 400 kB per camera.

There are small pictures in it, grey means of a minute; what lies under the camera's privacy masks is not in them. After
a restart, the places under the masks are learned anew; where masks cover most of the view, all of it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from devices.tamper import Tamper
from video.frames import make_folder, replacing
from video.masks import masked
from video.measure import HEIGHT, WIDTH
from video.motion import rasterised
from video.polygon import Polygon
from video.tamper.blocks import SIDE
from video.tamper.hold import Hold
from video.tamper.normal import Normal, Remembered
from video.tamper.state import TamperState
from video.tamper.view import View

NAME = "tamper.json"
# Written here and renamed. One name, so that what a killed process left is overwritten by the next.
PART = "tamper.json.part"
MOST_BYTES = 4 << 20
# With more than this share of the picture masked, what is left does not tell a fault from the masks themselves.
MOST_MASKED = 0.5

Hour = Annotated[int, Field(ge=0, le=23)]


class BrokenMemoryError(Exception):
    """A file of ours that cannot be understood: named, with the reason. What it held has to be learned anew."""


class Kept(BaseModel, frozen=True):
    """The file's content. Pictures are JPEG in base64."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, ser_json_bytes="base64", val_json_bytes="base64")

    version: Literal[1] = 1
    recent: Remembered | None
    learned_at: AwareDatetime | None
    hours: Mapping[Hour, Remembered]
    remembered_at: AwareDatetime | None
    holds: Mapping[Tamper, Hold]


def save(folder: Path, camera_id: str, state: TamperState, masks: Sequence[Polygon] = ()) -> None:
    """Replace the camera's file in one step. Raises OSError when the disk refuses; the former file then stands."""
    state = _without(state, masks) if masks else state
    kept = Kept(
        recent=Remembered.of(state.recent) if state.recent else None,
        learned_at=state.learned_at,
        hours=state.hours,
        remembered_at=state.remembered_at,
        holds=state.holds,
    )
    place = folder / camera_id
    make_folder(place)
    with replacing(place / NAME, place / PART) as file:
        file.write(kept.model_dump_json().encode())


def load(folder: Path, camera_id: str) -> TamperState:
    """What was saved last; nothing learned where no file is. Raises BrokenMemoryError, and OSError as the disk does."""
    path = folder / camera_id / NAME
    if not path.exists():
        return TamperState()
    if path.stat().st_size > MOST_BYTES:
        raise BrokenMemoryError(f"{path}: larger than {MOST_BYTES} bytes")
    try:
        return _state(Kept.model_validate_json(path.read_bytes()))
    except ValidationError as broken:
        fault = broken.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, fault["loc"])) or "the whole"
        raise BrokenMemoryError(f"{path}: {place}: {fault['msg']}") from broken
    except ValueError as broken:
        raise BrokenMemoryError(f"{path}: {broken}") from broken


def remove_old(folder: Path, before: datetime) -> None:
    """Forget cameras of which nothing was saved since a moment. Raises OSError as the disk does."""
    for path in list(folder.glob(f"*/{NAME}")):
        if path.stat().st_mtime < before.timestamp():
            path.unlink(missing_ok=True)


def _without(state: TamperState, masks: Sequence[Polygon]) -> TamperState:
    """What was learned, without what lies under the masks."""
    if rasterised(masks).mean() > MOST_MASKED:
        return replace(state, recent=None, hours={})
    recent = _masked(state.recent, masks) if state.recent else None
    hours = {hour: Remembered.of(_masked(kept.recalled(), masks)) for hour, kept in state.hours.items()}
    return replace(state, recent=recent, hours=hours)


def _masked(normal: Normal, masks: Sequence[Polygon]) -> Normal:
    """Masks are of the whole picture, a view is what lies within its rims."""
    whole = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    whole[SIDE:-SIDE] = normal.view.grey[..., None]
    return replace(normal, view=View.of(masked(whole, masks)[..., 0]))


def _state(kept: Kept) -> TamperState:
    """Every picture is looked at now, so that a broken one is refused here and not in an hour's time."""
    for remembered in kept.hours.values():
        remembered.recalled()
    return TamperState(
        recent=kept.recent.recalled() if kept.recent else None,
        learned_at=kept.learned_at,
        hours=dict(kept.hours),
        remembered_at=kept.remembered_at,
        holds=dict(kept.holds),
    )
