"""Pure: a picture in blocks: large enough to hold an edge, small enough to tell places apart."""

from typing import Final, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

Grid: TypeAlias = NDArray[np.float32]
"""A number per block: ROWS x COLUMNS."""
Blocks: TypeAlias = NDArray[np.bool_]
"""Which blocks: ROWS x COLUMNS."""

COLUMNS, ROWS = 16, 9
# Cameras write their clock and name along the upper and the lower rim, over the picture: such edges never move or blur,
# and stay when all others are gone. So nothing is looked for there.
UNWRITTEN: Final[Blocks] = np.repeat(np.arange(ROWS)[:, None] % (ROWS - 1) > 0, COLUMNS, axis=1)


def block_mean(field: NDArray[np.float32]) -> Grid:
    """The mean of the field in each block."""
    return np.asarray(cv2.resize(field, (COLUMNS, ROWS), interpolation=cv2.INTER_AREA), np.float32)


def share(which: Blocks, among: Blocks) -> float:
    """0 where there is nothing to have a share of."""
    return float(which[among].mean()) if among.any() else 0.0
