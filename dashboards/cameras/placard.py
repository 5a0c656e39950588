"""What is shown where there is no picture of now: dark, hatched and in words, so that it is never taken for one."""

from collections.abc import Sequence

import cv2
import numpy as np

from dashboards.cameras.lettering import AMBER, WHITE, Picture, ascii_of, height_for, width_of, write
from dashboards.cameras.strips import above, darken, strip_of

DARK, LESS_DARK = 22, 46
LINE = 1.8
QUALITY = 80


def placard(width: int, height: int, name: str, lines: Sequence[str]) -> Picture:
    """A picture of that size: the camera's name above, the lines in the middle, the first of them the largest."""
    picture = hatched(width, height)
    above(picture, name)
    texts = [ascii_of(line) for line in lines]
    most = [max(9, height // 9), *(max(8, height // 16) for _ in texts[1:])]
    heights = [height_for(text, width * 19 // 20, letters) for text, letters in zip(texts, most, strict=True)]
    tall = round(sum(heights) * LINE)
    foot = (height + strip_of(picture) - tall) // 2
    darken(picture, foot - heights[-1] // 2, tall + heights[-1])
    for number, (text, letters) in enumerate(zip(texts, heights, strict=True)):
        foot += round(letters * LINE)
        left = max(0, (width - width_of(text, letters)) // 2)
        colour = WHITE if number else AMBER
        write(picture, text, left=left, baseline=foot - round(letters * 0.4), height=letters, colour=colour)
    return picture


def hatched(width: int, height: int) -> Picture:
    """Diagonal stripes, two shades of dark."""
    stripe = max(4, height // 24)
    rows, columns = np.ogrid[:height, :width]
    shade = np.where((rows + columns) // stripe % 2, DARK, LESS_DARK).astype(np.uint8)
    return np.repeat(shade[:, :, np.newaxis], 3, axis=2)


def jpeg(picture: Picture) -> bytes:
    """The picture as JPEG."""
    _, encoded = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    return encoded.tobytes()
