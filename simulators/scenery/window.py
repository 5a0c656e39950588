"""Where in the street a camera looks. Places are in view widths and heights; 0 to 1 is the view it should have."""

from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from simulators.scenery.picture import Picture, Size

MARGIN = 0.65  # of the view's width, drawn on either side for a camera that is turned
HEADROOM = 0.22  # of its height, above and below


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """`pan` and `tilt` say how far the camera looks right and down of its view."""

    width: int
    height: int
    pan: float = 0.0
    tilt: float = 0.0

    def cut(self, canvas: NDArray[Any]) -> Picture:
        """The part of a canvas that is in view: a window onto it, no copy."""
        left = _within(round((MARGIN + self.pan) * self.width), canvas.shape[1] - self.width)
        top = _within(round((HEADROOM + self.tilt) * self.height), canvas.shape[0] - self.height)
        return canvas[top : top + self.height, left : left + self.width]

    def x(self, across: float) -> int:
        return round((across - self.pan) * self.width)

    def y(self, down: float) -> int:
        return round((down - self.tilt) * self.height)


def canvas_size(width: int, height: int) -> Size:
    """The pixels of the whole street, of which a view of `width` x `height` is cut."""
    return round(width * (1 + 2 * MARGIN)), round(height * (1 + 2 * HEADROOM))


def _within(start: int, most: int) -> int:
    return min(max(start, 0), most)
