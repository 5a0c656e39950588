"""Pure: numbers out of a picture.

Everything is measured on a small copy of fixed size, so that 1080p costs little more than 360p, the sensor's noise is
averaged away, and a camera whose resolution changes is still compared with itself.
"""

from dataclasses import dataclass
from hashlib import blake2b
from typing import TypeAlias

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from video.frame import Picture

Grey: TypeAlias = NDArray[np.uint8]
"""Height x width, luma of full-range BT.601 (ITU-R BT.601-7, 2.5.1), 0-255."""

# On 320 points a defocus of 0.4 % of the width blurs by 1.3 points: nine tenths of the Laplacian's variance are gone.
WIDTH, HEIGHT = 320, 180
CLIPPED = 250  # of 255: brighter than this says nothing any more; encoders seldom leave a clean 255
ALIKE = 4  # levels by which an encoder may stray on a flat colour
ROWS_APART = 16  # the digest sees one row of so many: in a living picture each of its points has its grain


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Measures:
    """What one picture is like.

    brightness_ratio   mean luma, 0 black to 1 white
    contrast_ratio     standard deviation of the luma, 0 to 0.5
    sharpness          variance of the Laplacian of `grey`
    clipped_ratio      share of points too bright to show anything
    colour_ratio       mean distance of a point's strongest and weakest colour; an infrared picture has next to none
    solid_ratio        share of points that have the one commonest colour, but for an encoder's straying
    grey               the picture itself, small: HEIGHT x WIDTH
    digest             equal for pictures equal to the last bit of the points looked at
    """

    brightness_ratio: float
    contrast_ratio: float
    sharpness: float
    clipped_ratio: float
    colour_ratio: float
    solid_ratio: float
    grey: Grey
    digest: bytes


def measure(picture: Picture) -> Measures:
    """All measures of a decoded picture. Raises ValueError for a picture without points."""
    if not picture.size:
        raise ValueError("a picture without points has nothing to measure")
    small = np.asarray(cv2.resize(picture, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA), np.uint8)
    grey = np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), np.uint8)
    mean, deviation = _mean_and_deviation(grey)
    return Measures(
        brightness_ratio=mean / 255,
        contrast_ratio=deviation / 255,
        sharpness=_mean_and_deviation(cv2.Laplacian(grey, cv2.CV_32F))[1] ** 2,
        clipped_ratio=float(np.count_nonzero(grey >= CLIPPED)) / grey.size,
        colour_ratio=_colour(small),
        solid_ratio=_solid(small),
        grey=grey,
        digest=blake2b(picture[::ROWS_APART].tobytes(), digest_size=16).digest(),
    )


def _mean_and_deviation(field: MatLike) -> tuple[float, float]:
    mean, deviation = cv2.meanStdDev(field)
    return float(mean[0, 0]), float(deviation[0, 0])


def _colour(small: Picture) -> float:
    blue, green, red = cv2.split(small)
    strongest, weakest = cv2.max(cv2.max(blue, green), red), cv2.min(cv2.min(blue, green), red)
    return float(cv2.mean(cv2.subtract(strongest, weakest))[0]) / 255


def _solid(small: Picture) -> float:
    commonest = np.median(small[::4, ::4].reshape(-1, 3), axis=0)
    alike = cv2.inRange(small, commonest - ALIKE, commonest + ALIKE)
    return float(cv2.countNonZero(alike)) / alike.size
