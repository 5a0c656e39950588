"""Light that shines by itself: a soft bright disc added to a picture."""

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from simulators.scenery.blend import overlap
from simulators.scenery.picture import Colour, Picture

SPREAD = 0.36  # the bell's deviation, in radii: at the rim it has faded


def add_glow(picture: Picture, centre: tuple[int, int], radius: int, colour: Colour, stretch: int = 1) -> None:
    """Brighten `picture` in place by `colour` at `centre`, fading over `radius` pixels; `stretch` times as high."""
    across, down = max(2, radius), max(2, radius * stretch)
    under, bell = overlap(picture, _bell(across, down), centre[0] - across, centre[1] - down)
    if under.size:
        cv2.add(under, cv2.merge([cv2.convertScaleAbs(bell, alpha=share / 255) for share in colour]), dst=under)


@lru_cache(maxsize=64)
def _bell(across: int, down: int) -> NDArray[np.uint8]:
    x = (np.arange(2 * across, dtype=np.float32) - across + 0.5) / across / SPREAD
    y = (np.arange(2 * down, dtype=np.float32) - down + 0.5) / down / SPREAD
    bell = np.exp(-0.5 * (x[None, :] ** 2 + y[:, None] ** 2))
    return np.asarray(bell * 255, np.uint8)
