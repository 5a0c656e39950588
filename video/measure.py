"""Pure: numbers out of a picture."""

from typing import Final

import numpy as np

from video.frame import Picture

# Luma of full-range BT.601, in the order blue, green, red (ITU-R BT.601-7, 2.5.1).
LUMA: Final = np.array((0.114, 0.587, 0.299))
# No more than about so many points a side: the mean of a scene does not need each pixel, and 1080p then costs as 180p.
POINTS: Final = 180


def brightness(picture: Picture) -> float:
    """Mean luma, 0 (black) to 1 (white), of an even grid of the picture's points.

    Raises ValueError for a picture without points.
    """
    if not picture.size:
        raise ValueError("a picture without points has no brightness")
    step = max(1, min(picture.shape[:2]) // POINTS)
    blue_green_red = picture[::step, ::step].mean(axis=(0, 1))
    return float(blue_green_red @ LUMA / 255)
