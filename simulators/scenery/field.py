"""Pure: soft random fields, the stuff that cloth, paint, clouds and foliage are made of."""

import cv2
import numpy as np
from numpy.typing import NDArray

from simulators.scenery.picture import Colour, Picture, Size

Field = NDArray[np.float32]
"""Height x width."""


def soft(rng: np.random.Generator, size: Size, cells: int) -> Field:
    """Random hills of mean about 0 and deviation about 1, `cells` of them across the width."""
    width, height = size
    rows = max(2, round(cells * height / width))
    coarse = rng.standard_normal((rows, max(2, cells))).astype(np.float32)
    return np.asarray(cv2.resize(coarse, size, interpolation=cv2.INTER_CUBIC), np.float32)


def rough(rng: np.random.Generator, size: Size, cells: int, octaves: int = 3) -> Field:
    """Hills upon hills, each layer twice as fine and half as high: fractal value noise."""
    layers = (soft(rng, size, cells << octave) / (1 << octave) for octave in range(octaves))
    return np.asarray(sum(layers), np.float32)


def coloured(relief: Field, colour: Colour, depth: float) -> Picture:
    """A surface of that colour, lighter on the hills of `relief` by `depth`, of 255; for depths well below `colour`."""
    return np.asarray(cv2.merge([cv2.convertScaleAbs(relief, alpha=depth, beta=part) for part in colour]), np.uint8)


def ramp(size: Size, angle: float) -> Field:
    """From about -1 to 1 across the picture, in the direction of `angle` (radians)."""
    width, height = size
    x = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    return np.asarray(x * np.float32(np.cos(angle)) + y * np.float32(np.sin(angle)), np.float32)


def halo(size: Size, centre: tuple[float, float], radius: float) -> Field:
    """1 at `centre`, falling to 0 as a bell; centre and radius in units of the width."""
    width, height = size
    x = np.arange(width, dtype=np.float32)[None, :] / width - np.float32(centre[0])
    y = np.arange(height, dtype=np.float32)[:, None] / width - np.float32(centre[1])
    return np.asarray(np.exp(-(x * x + y * y) / np.float32(2 * radius * radius)), np.float32)
