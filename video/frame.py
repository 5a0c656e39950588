"""A picture and the moment it was taken."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Picture: TypeAlias = NDArray[np.uint8]
"""Height x width x 3, blue, green, red, 0-255: what OpenCV decodes to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    captured_at: datetime
    picture: Picture
