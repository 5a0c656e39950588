"""One picture laid over another."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from simulators.scenery.field import Field
from simulators.scenery.picture import Picture


def blended(below: Picture, above: Picture, share: Field, gain: float = 1.0) -> Picture:
    """`above`, made `gain` times as bright, where `share` is 1; `below` where it is 0; a mixture between."""
    brighter = cv2.convertScaleAbs(above, alpha=gain) if gain != 1 else above
    return np.asarray(cv2.blendLinear(brighter, below, share, 1 - share), np.uint8)


def overlap(picture: NDArray[Any], sprite: NDArray[Any], left: int, top: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """What of a picture lies under a sprite that begins at `left`, `top`, and what of the sprite lies on the picture.

    Both are windows, no copies, of the same size; empty where they do not meet.
    """
    rows, columns = sprite.shape[:2]
    under = picture[max(0, top) : max(0, top + rows), max(0, left) : max(0, left + columns)]
    down, across = max(0, -top), max(0, -left)
    return under, sprite[down : down + under.shape[0], across : across + under.shape[1]]
