"""Privacy masks: painted over a picture before it is written, so that what lies under them is on no disk and screen."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from video.frame import Picture
from video.polygon import Polygon

# A grey that no lens makes: neither night nor a covered camera is taken for a mask.
COLOUR = (64, 64, 64)
# The outline is drawn a pixel wider to either side, because corners are rounded to whole pixels: rather too much.
OUTLINE_PIXELS = 3


def masked(picture: Picture, masks: Sequence[Polygon]) -> Picture:
    """A copy with each mask painted over, one by one so that those that overlap do not open each other.

    The picture given is left as it was, for the measures need all of it; without masks it is itself the answer.
    """
    covered = picture.copy() if masks else picture
    for mask in masks:
        corners = [_pixels(mask, picture)]
        cv2.fillPoly(covered, corners, COLOUR)
        cv2.polylines(covered, corners, isClosed=True, color=COLOUR, thickness=OUTLINE_PIXELS)
    return covered


def _pixels(mask: Polygon, picture: Picture) -> NDArray[np.int32]:
    """The pixels in which the corners lie, as OpenCV takes them: rows of x, y."""
    height, width = picture.shape[:2]
    corners = [(min(int(x * width), width - 1), min(int(y * height), height - 1)) for x, y in mask]
    return np.array(corners, np.int32)
