"""What every part of the scenery draws on and hands on."""

from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

Picture: TypeAlias = NDArray[np.uint8]
"""Height x width x 3, blue, green, red, 0-255."""

Colour: TypeAlias = tuple[float, float, float]
"""Blue, green, red, 0-255."""

Size: TypeAlias = tuple[int, int]
"""Width and height in pixels."""


def size_of(picture: Picture) -> Size:
    height, width = picture.shape[:2]
    return width, height


def luma(picture: Picture) -> float:
    """The mean brightness, 0 black to 1 white, as ITU-R BT.601 weighs the colours."""
    blue, green, red, _ = cv2.mean(picture)
    return (0.114 * blue + 0.587 * green + 0.299 * red) / 255


def shaded(colour: Colour, gain: float) -> Colour:
    """`gain` times as bright, 255 at most."""
    blue, green, red = (min(255.0, part * gain) for part in colour)
    return blue, green, red
