"""Pure: what a camera sees through a lens that somebody, or age, has interfered with.

A lens makes no grain: that comes later, in the sensor. So two equal pictures stay equal through any lens.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import cv2
import numpy as np

from simulators.scenery.cover import covered
from simulators.scenery.field import halo
from simulators.scenery.paint import sprayed
from simulators.scenery.picture import Picture, Size, size_of

FLAT_COLOURS = ((192, 32, 0), (0, 0, 0), (128, 128, 128))  # what recorders and encoders show without a signal


class Lens(StrEnum):
    CLEAR = "clear"
    BLACK = "black"
    WHITE = "white"
    COVERED = "covered"
    SPRAYED = "sprayed"
    DEFOCUSED = "defocused"
    TURNED = "turned"
    NO_SIGNAL = "no_signal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mishap:
    """What happened to a camera. `seed` chooses the variant: another cloth, colour, direction.

    `amount` is how far it has gone, 0 not at all to 1 wholly. Raises ValueError for an amount outside.
    """

    lens: Lens = Lens.CLEAR
    seed: int = 0
    amount: float = 1.0

    def __post_init__(self) -> None:
        if not 0 <= self.amount <= 1:
            raise ValueError(f"amount {self.amount} is not between 0 and 1")

    @property
    def has_signal(self) -> bool:
        return self.lens is not Lens.NO_SIGNAL or self.amount == 0

    @property
    def pan(self) -> tuple[float, float]:
        """How far a turned camera looks right and down of where it should, in view widths and heights."""
        if self.lens is not Lens.TURNED:
            return 0.0, 0.0
        rng = np.random.default_rng([self.seed, 7])
        across = rng.uniform(0.1, 0.6) * rng.choice((-1, 1)) * self.amount
        return across, rng.uniform(-0.18, 0.18) * self.amount


def seen_through(picture: Picture, lens: Lens, *, seed: int = 0, amount: float = 1.0) -> Picture:
    """The picture as it falls on the sensor; the one given is left as it is.

    `amount`: of COVERED the part that is covered, from one side; of SPRAYED the part of what the variant sprays at its
    worst (0.5 to 0.9 of the view); of the others how far the change has gone.
    Raises ValueError for TURNED: such a camera looks elsewhere, at a part of the street that the picture does not show.
    """
    if lens is Lens.TURNED:
        raise ValueError("a turned lens shows what the picture does not: film the street with that Mishap")
    return EFFECTS[lens](picture, seed, amount) if amount > 0 else picture.copy()


def _clear(picture: Picture, _seed: int, _amount: float) -> Picture:
    return picture.copy()


def _black(picture: Picture, seed: int, amount: float) -> Picture:
    """A cap or a dead iris: a trace of light may pass."""
    rng = np.random.default_rng(seed)
    trace, level = rng.choice((0.0, 0.015, 0.03)), rng.uniform(0, 5)
    return np.asarray(cv2.convertScaleAbs(picture, alpha=1 - amount * (1 - trace), beta=amount * level), np.uint8)


def _white(picture: Picture, seed: int, amount: float) -> Picture:
    """A lamp into the lens, or an exposure that is stuck: most of the view is 255, of the rest something remains."""
    contrast = 1 + amount * np.random.default_rng(seed).uniform(-0.4, 0.4)
    return np.asarray(cv2.addWeighted(picture, contrast, _dazzle(size_of(picture), seed), amount, 0), np.uint8)


@lru_cache(maxsize=16)
def _dazzle(size: Size, seed: int) -> Picture:
    """The light that is added: least at the rim."""
    rng = np.random.default_rng([seed, 3])
    centre = float(rng.uniform(0.25, 0.75)), float(rng.uniform(0.1, 0.45))
    rim, middle = rng.uniform(110, 200), rng.uniform(250, 400)
    light = rim + (middle - rim) * halo(size, centre, rng.uniform(0.3, 0.6))
    return np.asarray(cv2.cvtColor(np.clip(light, 0, 255).astype(np.uint8), cv2.COLOR_GRAY2BGR), np.uint8)


def _defocused(picture: Picture, seed: int, amount: float) -> Picture:
    width, height = size_of(picture)
    sigma = width * np.random.default_rng(seed).uniform(0.004, 0.015) * amount
    coarser = max(1, int(sigma / 1.5))  # a wide blur of few pixels is as good as one of many, and far cheaper
    small = cv2.resize(picture, (width // coarser, height // coarser), interpolation=cv2.INTER_AREA)
    blurred = cv2.GaussianBlur(small, (0, 0), max(0.3, sigma / coarser))
    return np.asarray(cv2.resize(blurred, (width, height), interpolation=cv2.INTER_CUBIC), np.uint8)


def _no_signal(picture: Picture, seed: int, _amount: float) -> Picture:
    """The same value to the last pixel: no sensor is behind it."""
    return np.full_like(picture, FLAT_COLOURS[seed % len(FLAT_COLOURS)])


EFFECTS: dict[Lens, Callable[[Picture, int, float], Picture]] = {
    Lens.CLEAR: _clear,
    Lens.BLACK: _black,
    Lens.WHITE: _white,
    Lens.COVERED: covered,
    Lens.SPRAYED: sprayed,
    Lens.DEFOCUSED: _defocused,
    Lens.NO_SIGNAL: _no_signal,
}
