"""Letters on pictures. OpenCV's own strokes know ASCII only: what has no likeness in it shows as a question mark."""

import unicodedata
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

# Rows of pixels of three: blue, green and red, each 0 to 255.
Picture: TypeAlias = NDArray[np.uint8]
Colour: TypeAlias = tuple[int, int, int]

WHITE: Colour = (240, 240, 240)
AMBER: Colour = (64, 176, 255)

FONT = cv2.FONT_HERSHEY_DUPLEX
# What no decomposition finds: quotation marks, dashes, the middle dot; d, l and o with a stroke, i without its dot.
LIKE = str.maketrans(
    "\u2018\u2019\u201c\u201d\u2013\u2014\u00b7\u0110\u0111\u0141\u0142\u00d8\u00f8\u0131",
    "''\"\"---DdLlOoi",
)
ELLIPSIS = ".."
LEAST_HEIGHT = 7


def ascii_of(text: str) -> str:
    """The text without its accents; a letter that has no likeness in ASCII, and a control character, is a `?`."""
    parts = unicodedata.normalize("NFKD", text.translate(LIKE))
    plain = (letter for letter in parts if not unicodedata.combining(letter))
    return "".join(letter if " " <= letter <= "~" else "?" for letter in plain)


def width_of(text: str, height: int) -> int:
    """Pixels that ASCII text of that height takes."""
    scale, thickness = _stroke(height)
    (width, _), _ = cv2.getTextSize(text, FONT, scale, thickness)
    return int(width)


def height_for(text: str, width: int, most: int) -> int:
    """The greatest height up to `most` at which ASCII text fits into the width, and no less than can be read."""
    fitting = most * width // max(1, width_of(text, most))
    return max(LEAST_HEIGHT, min(most, fitting))


def shortened(text: str, width: int, height: int) -> str:
    """ASCII text as long as the width has room for. What is left out stands in front, as two dots: of many cameras the
    names begin alike and end differently.
    """
    if width_of(text, height) <= width:
        return text
    while text and width_of(ELLIPSIS + text, height) > width:
        _, space, rest = text.partition(" ")
        text = rest if space else text[1:]
    return ELLIPSIS + text if text else ""


def write(picture: Picture, text: str, *, left: int, baseline: int, height: int, colour: Colour = WHITE) -> None:
    """Draw ASCII text onto the picture, the feet of its letters on the baseline."""
    scale, thickness = _stroke(height)
    cv2.putText(picture, text, (left, baseline), FONT, scale, colour, thickness, cv2.LINE_AA)


def _stroke(height: int) -> tuple[float, int]:
    """Scale and thickness of strokes for capitals of that height."""
    thickness = 1 if height < 22 else round(height / 14)
    return cv2.getFontScaleFromHeight(FONT, height, thickness), thickness
