"""Pure: a picture taken apart into edges, fine and coarse, so that two can be compared in any light."""

from dataclasses import dataclass, field
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

Band: TypeAlias = NDArray[np.float32]
"""HEIGHT x WIDTH, around zero."""

# Box sizes in points. A defocus of 0.4 % of the width leaves a fifth of the fine edges and nearly all of the coarse.
FINE, MIDDLE, COARSE = 3, 7, 25
FAINT = 3.0  # levels: edges weaker than this are grain, and are not lifted to the height of the others


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class View:
    """`grey` as float32, and what a lens does to it in parts: a blur takes the fine edges, a cover all of them.

    Neither band holds the brightness of a place, so an exposure or a shadow changes them little. In `outline` all
    edges are equally strong: a burnt-in clock, which never moves, does not outweigh a street.
    """

    grey: Band
    fine: Band = field(init=False)
    coarse: Band = field(init=False)
    outline: Band = field(init=False)

    def __post_init__(self) -> None:
        middle, wide = _box(self.grey, MIDDLE), _box(self.grey, COARSE)
        edges = self.grey - wide
        strength = cv2.sqrt(_box(edges * edges, COARSE) + FAINT**2)
        object.__setattr__(self, "fine", self.grey - _box(self.grey, FINE))
        object.__setattr__(self, "coarse", middle - wide)
        object.__setattr__(self, "outline", edges / strength)


def _box(grey: Band, size: int) -> Band:
    return np.asarray(cv2.blur(grey, (size, size)), np.float32)
