"""Pure: a hand, a cloth, a bag or tape over the lens: so near that it is one dull colour."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from simulators.scenery.blend import blended
from simulators.scenery.field import Field, halo, ramp, rough, soft
from simulators.scenery.picture import Colour, Picture, Size, luma, size_of

LIT_LUMA = 0.45  # of the view, when the material has the colour that is given here


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """`folds` and `weave` are the depth of its coarse and its fine pattern, of 255."""

    colour: Colour
    folds: float
    weave: float = 0.0


MATERIALS = (
    Material(colour=(70, 90, 140), folds=10),  # a hand
    Material(colour=(60, 55, 50), folds=6, weave=3),  # dark cloth
    Material(colour=(120, 110, 150), folds=9, weave=4),  # light cloth
    Material(colour=(25, 25, 25), folds=5),  # a black bag
    Material(colour=(205, 205, 200), folds=8),  # a white bag
    Material(colour=(130, 130, 130), folds=2, weave=1),  # tape
    Material(colour=(60, 120, 160), folds=3),  # cardboard
)
SOFT_EDGE = 0.3  # of half the view: what is that near is out of focus
LEAKS = 0.3  # so many covers leave light in at an edge


def covered(picture: Picture, seed: int, amount: float) -> Picture:
    """`picture` behind the cover of `seed`, which has come over `amount` of it. It is as bright as its surroundings."""
    daylight = min(1.15, max(0.12, (luma(picture) / LIT_LUMA) ** 0.6))
    cover, share = _cover(size_of(picture), seed, round(amount, 2))
    return blended(picture, cover, share, daylight)


@lru_cache(maxsize=16)
def _cover(size: Size, seed: int, amount: float) -> tuple[Picture, Field]:
    """What hangs before the lens, and how much of each pixel it hides, 0 to 1."""
    rng = np.random.default_rng([seed, 1])
    material = MATERIALS[seed % len(MATERIALS)]
    relief = rough(rng, size, 2) * material.folds + ramp(size, rng.uniform(0, 6.28)) * rng.uniform(8, 25)
    relief += soft(rng, size, size[0] // 3) * material.weave
    if rng.uniform() < LEAKS:
        relief += halo(size, _edge(rng), rng.uniform(0.05, 0.12)) * rng.uniform(60, 160)
    cover = np.clip(relief[..., None] + np.array(material.colour), 0, 255).astype(np.uint8)
    return cover, _reach(size, rng.uniform(0, 6.28), amount)


def _reach(size: Size, angle: float, amount: float) -> Field:
    """1 where the cover is, 0 where it has not come yet, from the side of `angle`."""
    if amount >= 1:
        return np.ones(size[::-1], np.float32)
    distance = ramp(size, angle)
    return np.asarray(np.clip((np.quantile(distance, amount) - distance) / SOFT_EDGE + 0.5, 0, 1), np.float32)


def _edge(rng: np.random.Generator) -> tuple[float, float]:
    """A point on the rim, in view widths."""
    along = float(rng.uniform())
    return ((0.0, along * 0.56), (1.0, along * 0.56), (along, 0.0), (along, 0.56))[int(rng.integers(4))]
