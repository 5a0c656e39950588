"""Pure: a picture into a network's input of another shape, undistorted, and boxes back."""

from dataclasses import dataclass
from typing import Final, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from video.frame import Picture

# The grey with which YOLO networks are trained to see what is no picture.
PADDING: Final = 114


class Size(NamedTuple):
    """In pixels."""

    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where the picture lies within the input, in the input's pixels."""

    left: int
    top: int
    width: int
    height: int

    def boxes(self, within_input: NDArray[np.float64]) -> NDArray[np.float64]:
        """Boxes as shares of the picture, cut off at its edges: n x (left, top, width, height).

        `within_input` is n x (centre x, centre y, width, height) in pixels. A box wholly outside becomes empty.
        """
        centre, extent = within_input[:, :2], within_input[:, 2:] / 2
        origin, scale = (self.left, self.top), (self.width, self.height)
        top_left = np.clip((centre - extent - origin) / scale, 0, 1)
        bottom_right = np.clip((centre + extent - origin) / scale, 0, 1)
        return np.hstack((top_left, bottom_right - top_left))


def place(picture: Picture, size: Size, *, centred: bool) -> Placement:
    """As large as fits into an input of this size, in its middle or at its top left."""
    height, width = picture.shape[:2]
    scale = min(size.width / width, size.height / height)
    fitted = Size(max(1, round(width * scale)), max(1, round(height * scale)))
    return Placement(
        left=(size.width - fitted.width) // 2 if centred else 0,
        top=(size.height - fitted.height) // 2 if centred else 0,
        width=fitted.width,
        height=fitted.height,
    )


def letterbox(picture: Picture, size: Size, placement: Placement) -> Picture:
    """A picture of the input's size with the given one in its place, and grey around it."""
    canvas = np.full((size.height, size.width, 3), PADDING, np.uint8)
    inside = canvas[placement.top :, placement.left :][: placement.height, : placement.width]
    inside[:] = cv2.resize(picture, (placement.width, placement.height), interpolation=cv2.INTER_LINEAR)
    return canvas
