"""Pure: the dialects of the YOLO family, in which networks want pictures and tell of boxes.

They are read off the exporters: Ultralytics (`yolo export format=onnx`) and YOLOX (`tools/export_onnx.py`, with the
preparation and the decoding of `yolox/data/data_augment.py` and `yolox/utils/demo_utils.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from video.letterbox import Size

# Pixels per cell of the three grids on which boxes are told, in the order in which they are told.
STRIDES: Final = (8, 16, 32)
# Sizes on a grid are logarithms; beyond e^10 cells they are no box any more, and beyond e^88 no float32.
MAX_LOGARITHM: Final = 10.0


class Layout(StrEnum):
    """The dialects spoken here, N being the number of boxes.

    `yolov8` (also 9, 11, 12): [1, 4 + classes, N]. `yolov5` (also 7): [1, N, 5 + classes]. `yolox`: the same shape,
    told in cells of a grid. `yolox_decoded`: told in pixels, as exported with `--decode_in_inference`.
    """

    YOLOV8 = "yolov8"
    YOLOV5 = "yolov5"
    YOLOX = "yolox"
    YOLOX_DECODED = "yolox_decoded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Convention:
    """How a network wants its picture: bytes times `scale`, red or blue first, in the middle or at the top left."""

    scale: float
    red_first: bool
    centred: bool


_ULTRALYTICS: Final = Convention(scale=1 / 255, red_first=True, centred=True)
_MEGVII: Final = Convention(scale=1.0, red_first=False, centred=False)
CONVENTIONS: Final[Mapping[Layout, Convention]] = MappingProxyType(
    {
        Layout.YOLOV8: _ULTRALYTICS,
        Layout.YOLOV5: _ULTRALYTICS,
        Layout.YOLOX: _MEGVII,
        Layout.YOLOX_DECODED: _MEGVII,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """Boxes before any is chosen: n x (centre x, centre y, width, height) in the input's pixels; n; n."""

    boxes: NDArray[np.float64]
    confidences: NDArray[np.float64]
    classes: NDArray[np.intp]


def layout_of(shape: tuple[int, ...], classes: int, size: Size, said: Layout | None = None) -> Layout:
    """The dialect of an output of this shape; where the shape does not tell, the one that is said.

    Raises ValueError, with the reason, for a shape that is none of them, not the one said, or one of several.
    """
    fitting = _fitting(shape, classes, size)
    if not fitting:
        raise ValueError(
            f"its output is {list(shape)}; for {classes} classes [1, {4 + classes}, N] (yolov8) or"
            f" [1, N, {5 + classes}] (yolov5, yolox) can be read, exported without non-maximum suppression"
        )
    if said is None and len(fitting) > 1:
        raise ValueError(f"its output {list(shape)} is that of {' and of '.join(fitting)}: layout must say which")
    if said is not None and said not in fitting:
        raise ValueError(f"its output {list(shape)} is that of {' or '.join(fitting)}, not of {said}")
    return said or fitting[0]


def _fitting(shape: tuple[int, ...], classes: int, size: Size) -> list[Layout]:
    """Of yolov5, which has three boxes per cell, and yolox, which has one, the number of boxes tells the two apart."""
    match shape:
        case (1, channels, _) if channels == 4 + classes:
            return [Layout.YOLOV8]
        case (1, boxes, channels) if channels == 5 + classes:
            return [Layout.YOLOX, Layout.YOLOX_DECODED] if boxes == len(_grid(size)) else [Layout.YOLOV5]
        case _:
            return []


def candidates(output: NDArray[np.float32], layout: Layout, size: Size, *, above: float) -> Candidates:
    """The boxes whose confidence is at least `above`, each with its most likely class; what is not finite is no box."""
    rows = output[0].T if layout is Layout.YOLOV8 else output[0]
    classes, confidences = _most_likely(rows[:, 4:]) if layout is Layout.YOLOV8 else _given_anything(rows[:, 4:])
    chosen = np.flatnonzero((confidences >= above) & np.isfinite(rows[:, :4]).all(axis=1))
    boxes = rows[chosen, :4].astype(np.float64)
    if layout is Layout.YOLOX:
        boxes = _off_grid(boxes, _grid(size)[chosen])
    return Candidates(boxes=boxes, confidences=confidences[chosen].clip(0, 1), classes=classes[chosen])


def _most_likely(scores: NDArray[np.float32]) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Per row the class with the highest score, and the score."""
    classes = scores.argmax(axis=1)
    return classes, scores[np.arange(len(scores)), classes].astype(np.float64)


def _given_anything(scores: NDArray[np.float32]) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """The same where the first column is how likely there is anything at all, and the others what it then is."""
    classes, confidences = _most_likely(scores[:, 1:])
    with np.errstate(invalid="ignore"):  # infinity times zero is no number, and so no box
        return classes, confidences * scores[:, 0]


def _off_grid(boxes: NDArray[np.float64], cells: NDArray[np.int64]) -> NDArray[np.float64]:
    """Boxes told as an offset within a cell and the logarithm of a size in cells, in pixels."""
    position, stride = cells[:, :2], cells[:, 2:]
    extent = np.exp(np.minimum(boxes[:, 2:], MAX_LOGARITHM))
    return np.hstack(((boxes[:, :2] + position) * stride, extent * stride))


def _grid(size: Size) -> NDArray[np.int64]:
    """The cells of an input of this size, n x (column, row, stride): grid by grid, row by row."""
    return np.vstack([_cells(size, stride) for stride in STRIDES])


def _cells(size: Size, stride: int) -> NDArray[np.int64]:
    rows, columns = np.indices((size.height // stride, size.width // stride)).reshape(2, -1)
    return np.column_stack((columns, rows, np.full(len(rows), stride)))
