"""The tables [video.cameras.ID] of city.toml: what is particular to one camera."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field

from video.camera import Stream
from video.polygon import Polygon, area, crosses_itself

# A millionth of a picture: two pixels of 1080p. Less is a slip of the pen.
SMALLEST_AREA = 1e-6


def _whole(polygon: Polygon) -> Polygon:
    if len(set(polygon)) < len(polygon):
        raise ValueError("a point stands twice; the last is joined to the first by itself")
    if crosses_itself(polygon):
        raise ValueError("the outline meets itself: what lies inside it cannot be told")
    if area(polygon) < SMALLEST_AREA:
        raise ValueError("the polygon covers nothing")
    return polygon


Ratio = Annotated[float, Field(ge=0, le=1)]
Outline = Annotated[tuple[tuple[Ratio, Ratio], ...], Field(min_length=3, max_length=64), AfterValidator(_whole)]
Outlines = Annotated[tuple[Outline, ...], Field(max_length=32)]


class CameraSettings(BaseModel, frozen=True, extra="forbid"):
    """How one camera is watched. Without a `stream` it is the one that all cameras are watched by.

    Masks are lists of polygons `[[x, y], ...]`, from 0, 0 (left, top) to 1, 1 (right, bottom) of the picture.
    `privacy_masks` are painted over in every picture that is written; the measures see what lies under them.
    `motion_masks` are where motion is no news, a waving tree or a road.
    """

    stream: Stream | None = None
    privacy_masks: Outlines = ()
    motion_masks: Outlines = ()
