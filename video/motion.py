"""How much of a camera's picture moves."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from video.measure import HEIGHT, WIDTH, Grey
from video.polygon import Polygon

FRAMES = 60  # that the background remembers: two minutes at a frame every 2 s; what stops is background after some 20 s
DISTANCE = 25.0  # squared, in deviations of the point's own background: a dim sensor's grain stays below it
# So much cannot move at once: a lamp, lightning or the infrared switch has changed the light, and the background is
# learned anew (Frigate's lightning threshold, blakeblackshear/frigate frigate/config/camera/motion.py).
RELIT = 0.8
SPECK: Final = np.ones((3, 3), np.uint8)


@dataclass(frozen=True, slots=True, kw_only=True)
class MotionRatio:
    """Share of the points that move, 0 to 1, outside and inside the camera's motion masks.

    A side without points has no motion. A change of the whole light is none.
    """

    outside: float
    inside: float


STILL: Final = MotionRatio(outside=0.0, inside=0.0)


class Motion:
    """One camera's background, fed with a small grey picture every few seconds.

    `masks` are of three corners at least and do not cross themselves.
    """

    def __init__(self, masks: Sequence[Polygon] = ()) -> None:
        self._masked = rasterised(masks)
        self._background = cv2.createBackgroundSubtractorMOG2(FRAMES, DISTANCE, detectShadows=False)

    def judge(self, grey: Grey) -> MotionRatio:
        moving = np.asarray(self._background.apply(grey), np.uint8)
        if cv2.countNonZero(moving) >= RELIT * moving.size:  # also the first picture, all of which is new
            self._background.apply(grey, learningRate=1)
            return STILL
        moved = cv2.morphologyEx(moving, cv2.MORPH_OPEN, SPECK) > 0
        return MotionRatio(outside=_share(moved, ~self._masked), inside=_share(moved, self._masked))


def rasterised(masks: Sequence[Polygon]) -> NDArray[np.bool_]:
    """The points inside any of the polygons, HEIGHT x WIDTH."""
    inside = np.zeros((HEIGHT, WIDTH), np.uint8)
    for mask in masks:
        corners = np.rint(np.array(mask, np.float64) * (WIDTH, HEIGHT)).astype(np.int32)
        cv2.fillPoly(inside, [corners], 1)  # one by one: together, those that overlap would open each other
    return inside > 0


def _share(moved: NDArray[np.bool_], of: NDArray[np.bool_]) -> float:
    points = int(np.count_nonzero(of))
    return np.count_nonzero(moved & of) / points if points else 0.0
