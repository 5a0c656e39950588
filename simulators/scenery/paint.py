"""Pure: paint sprayed on the lens: opaque blobs of one colour, out of focus, with gaps between them."""

from functools import lru_cache

import numpy as np

from simulators.scenery.blend import blended
from simulators.scenery.field import Field, rough
from simulators.scenery.picture import Colour, Picture, Size, luma, size_of

COLOURS: tuple[Colour, ...] = (
    (20, 20, 20),
    (225, 225, 225),
    (40, 40, 190),
    (170, 80, 30),
    (60, 150, 60),
    (150, 150, 150),
    (40, 170, 210),
)
LEAST, MOST = 0.5, 0.9  # the share of the view that a can sprays over
LIT_LUMA = 0.45


def sprayed(picture: Picture, seed: int, amount: float) -> Picture:
    """`picture` behind the paint of `seed`. Paint is lit by what is before the lens, so it darkens at night."""
    daylight = min(1.0, max(0.15, (luma(picture) / LIT_LUMA) ** 0.6))
    paint, share = _paint(size_of(picture), seed, round(amount, 2))
    return blended(picture, paint, share, daylight)


@lru_cache(maxsize=16)
def _paint(size: Size, seed: int, amount: float) -> tuple[Picture, Field]:
    """The paint, and how much of each pixel it hides: its blobs hide just the share of the view that is asked for."""
    rng = np.random.default_rng([seed, 2])
    blobs = rough(rng, size, int(rng.integers(3, 6)), octaves=2)
    shore = np.quantile(blobs, 1 - amount * rng.uniform(LEAST, MOST))
    share = np.clip((blobs - shore) * rng.uniform(1.5, 5) + 0.5, 0, 1)
    colour = np.array(COLOURS[seed % len(COLOURS)])
    paint = np.clip(colour + rough(rng, size, 4)[..., None] * 5, 0, 255)
    return paint.astype(np.uint8), share.astype(np.float32)
