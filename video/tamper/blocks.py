"""Pure: a view in blocks: large enough to hold an edge, small enough to tell places apart."""

from typing import Final, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from video.measure import HEIGHT, WIDTH, Grey

Field: TypeAlias = NDArray[np.float32]
"""VIEW_HEIGHT x WIDTH."""
Grid: TypeAlias = NDArray[np.float32]
"""A number per block: ROWS x COLUMNS."""
Blocks: TypeAlias = NDArray[np.bool_]
"""Which blocks: ROWS x COLUMNS."""

SIDE = 20  # points
# Cameras write their clock and name along the upper and the lower rim, over the picture: such edges never move or blur,
# and stay when all others are gone. So the rims, a block high, are cut off before anything is compared.
VIEW_HEIGHT = HEIGHT - 2 * SIDE
COLUMNS, ROWS = WIDTH // SIDE, VIEW_HEIGHT // SIDE
EVERYWHERE: Final[Blocks] = np.ones((ROWS, COLUMNS), np.bool_)


def within_rims(grey: Grey) -> Field:
    return grey[SIDE:-SIDE].astype(np.float32)


def block_mean(field: Field) -> Grid:
    """The mean of the field in each block."""
    return np.asarray(cv2.resize(field, (COLUMNS, ROWS), interpolation=cv2.INTER_AREA), np.float32)


def share(which: Blocks, among: Blocks) -> float:
    """0 where there is nothing to have a share of."""
    return float(which[among].mean()) if among.any() else 0.0
