"""Pure: a picture taken apart into edges, fine and coarse, so that two can be compared in any light."""

from dataclasses import dataclass, field
from typing import Self

import cv2
import numpy as np

from video.measure import Grey
from video.tamper.blocks import Field, within_rims

# Box sizes in points. A defocus of 0.4 % of the width leaves a fifth of the fine edges and nearly all of the coarse.
FINE, MIDDLE, COARSE = 3, 7, 25
FAINT = 3.0  # levels: edges weaker than this are grain, and are not lifted to the height of the others


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class View:
    """The picture within its rims, and what a lens does to it in parts: a blur takes the fine edges, a cover all.

    Neither band holds the brightness of a place, so an exposure or a shadow changes them little.
    """

    grey: Field
    fine: Field = field(init=False)
    coarse: Field = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "fine", self.grey - _box(self.grey, FINE))
        object.__setattr__(self, "coarse", _box(self.grey, MIDDLE) - _box(self.grey, COARSE))

    @classmethod
    def of(cls, picture: Grey) -> Self:
        """Of a picture of HEIGHT x WIDTH."""
        return cls(grey=within_rims(picture))

    def outline(self) -> Field:
        """All edges equally strong, so that a few bright lamps do not outweigh a street: for finding a shift."""
        edges = self.grey - _box(self.grey, COARSE)
        return np.asarray(edges / cv2.sqrt(_box(edges * edges, COARSE) + FAINT**2), np.float32)


def _box(grey: Field, size: int) -> Field:
    return np.asarray(cv2.blur(grey, (size, size)), np.float32)
