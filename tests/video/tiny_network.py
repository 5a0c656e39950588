"""Networks of a few kilobytes that find coloured squares: class 0 is red, class 1 green, class 2 blue.

Each looks at its input in cells of 32 pixels and tells of each cell how much redder it is than green and blue, and so
on: grey is nothing. Of the finer grids that belong to the format it tells nothing.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper, save_model

from video.letterbox import Size
from video.yolo import CONVENTIONS, STRIDES, Layout

CLASSES = 3
COARSEST = STRIDES[-1]
SQUARE = Size(320, 320)


def write_network(
    path: Path, layout: Layout, size: Size = SQUARE, *, reach: float = 1.0, objectness: float = 1.0
) -> Path:
    """The boxes it tells are centred on their cell and `reach` cells wide and high."""
    network = _Network(layout, size)
    network.look()
    if layout is Layout.YOLOV8:
        network.answer(network.boxes(reach), "colours")
    else:
        network.answer(network.boxes(reach), network.whole("objectness", objectness), "colours", transposed=True)
    network.save(path)
    return path


class _Network:
    def __init__(self, layout: Layout, size: Size) -> None:
        self._layout = layout
        self._size = size
        self._nodes: list[object] = []
        self._constants: list[object] = []
        self._cells = [
            (column, row, stride)
            for stride in STRIDES
            for row in range(size.height // stride)
            for column in range(size.width // stride)
        ]

    def look(self) -> None:
        convention = CONVENTIONS[self._layout]
        contrast = 1.5 * np.eye(CLASSES) - 0.5
        ordered = contrast if convention.red_first else contrast[::-1]
        weights = (ordered / (255 * convention.scale)).astype(np.float32).reshape(CLASSES, CLASSES, 1, 1)
        unseen = len(self._cells) - (self._size.width // COARSEST) * (self._size.height // COARSEST)
        self._node("AveragePool", "input", output="pooled", kernel_shape=[COARSEST] * 2, strides=[COARSEST] * 2)
        self._node("Conv", "pooled", self._constant("weights", weights), output="contrast")
        self._node("Relu", "contrast", output="seen")
        self._node("Reshape", "seen", self._constant("flat", np.array([1, CLASSES, -1])), output="flattened")
        nothing = self._constant("nothing", np.zeros((1, CLASSES, unseen), np.float32))
        self._node("Concat", nothing, "flattened", output="colours", axis=2)

    def boxes(self, reach: float) -> str:
        cells = np.array(self._cells, np.float32)
        position, stride = cells[:, :2] + 0.5, cells[:, 2:]
        told = (
            (np.full_like(position, 0.5), np.full_like(position, np.log(reach)))
            if self._layout is Layout.YOLOX
            else (position * stride, np.broadcast_to(reach * stride, position.shape))
        )
        return self._constant("boxes", np.hstack(told).T[np.newaxis])

    def whole(self, name: str, value: float) -> str:
        return self._constant(name, np.full((1, 1, len(self._cells)), value, np.float32))

    def answer(self, *parts: str, transposed: bool = False) -> None:
        if not transposed:
            self._node("Concat", *parts, output="output", axis=1)
            return
        self._node("Concat", *parts, output="columns", axis=1)
        copies = 3 if self._layout is Layout.YOLOV5 else 1  # of each cell, one for each shape of box
        self._node("Transpose", "columns", output="rows", perm=[0, 2, 1])
        self._node("Concat", *["rows"] * copies, output="output", axis=1)

    def save(self, path: Path) -> None:
        shape = [1, 3, self._size.height, self._size.width]
        graph = helper.make_graph(
            self._nodes,
            "squares",
            [helper.make_tensor_value_info("input", TensorProto.FLOAT, shape)],
            [helper.make_tensor_value_info("output", TensorProto.FLOAT, ["a", "b", "c"])],
            self._constants,
        )
        save_model(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 12)], ir_version=8), path)

    def _node(self, kind: str, *inputs: str, output: str, **attributes: object) -> None:
        self._nodes.append(helper.make_node(kind, inputs, [output], **attributes))

    def _constant(self, name: str, values: NDArray[np.generic]) -> str:
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name
