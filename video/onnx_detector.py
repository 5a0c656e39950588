"""People and vehicles found by a network that the operator supplies: one ONNX file, run by OpenCV on the processor.

The one network is shared by all cameras. OpenCV's networks are for one thread at a time, and a copy for each camera
would cost its memory anew, without finding more: the processor is the limit, and the interpreter's lock is free while
a network runs.
"""

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Self, TypeAlias, cast

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, Field, NonNegativeInt, model_validator

from video.detection import Detection, DetectionError, Label
from video.distinct import distinct
from video.frame import Picture
from video.letterbox import Size, letterbox, place
from video.yolo import CONVENTIONS, Layout, candidates, layout_of

Blob: TypeAlias = NDArray[np.float32]
"""What goes into a network, 1 x 3 x height x width, and what comes out, 1 x rows x columns."""
Ratio = Annotated[float, Field(gt=0, lt=1)]
Pixels = Annotated[int, Field(ge=32, le=4096, multiple_of=32)]
Classes = frozenset[NonNegativeInt]


class DetectorSettings(BaseModel, frozen=True, extra="forbid"):
    """The table [video.detector]; without it nothing is detected. The classes are COCO's unless said otherwise.

    `layout` is needed only where the network's output does not tell it. `overlap` is the share of their union that two
    boxes of one thing have in common. `wait_seconds` is how long a camera waits for the network while others use it;
    then it goes without. `cameras` are ids, none meaning all.
    """

    model: Path
    width: Pixels = 640
    height: Pixels = 640
    layout: Layout | None = None
    classes: Annotated[int, Field(ge=1, le=10_000)] = 80
    people: Classes = frozenset({0})
    vehicles: Classes = frozenset({2, 3, 5, 7})  # car, motorcycle, bus, truck
    confidence: Ratio = 0.4
    overlap: Ratio = 0.5
    every_seconds: Annotated[float, Field(gt=0, le=3600)] = 10.0
    wait_seconds: Annotated[float, Field(ge=0, le=10)] = 1.0
    cameras: frozenset[str] | None = None

    @property
    def size(self) -> Size:
        return Size(self.width, self.height)

    @property
    def labels(self) -> Mapping[Label, frozenset[int]]:
        """The classes of each label that is looked for."""
        return {
            label: classes
            for label, classes in ((Label.PERSON, self.people), (Label.VEHICLE, self.vehicles))
            if classes
        }

    def watches(self, camera_id: str) -> bool:
        return self.cameras is None or camera_id in self.cameras

    @model_validator(mode="after")
    def _each_class_is_one_thing(self) -> Self:
        if not self.people | self.vehicles:
            raise ValueError("people and vehicles are both empty: nothing is looked for")
        if both := self.people & self.vehicles:
            raise ValueError(f"classes {sorted(both)} are both people and vehicles")
        if unknown := [number for number in self.people | self.vehicles if number >= self.classes]:
            raise ValueError(f"people or vehicles name classes {sorted(unknown)}; there are {self.classes}, from 0 on")
        return self


class UnusableNetworkError(Exception):
    """The network cannot be read or run, or its output not be understood; the message names its file and the reason."""


class OnnxDetector:
    """A network at work; `load` makes one that is known to run. For any number of threads, one after the other."""

    def __init__(self, net: cv2.dnn.Net, layout: Layout, settings: DetectorSettings) -> None:
        self._net = net
        self._layout = layout
        self._settings = settings
        self._free = threading.Lock()

    def detect(self, picture: Picture) -> list[Detection] | None:
        """People and vehicles, the surest first; None where the network was not free within `wait_seconds`.

        Raises DetectionError where OpenCV fails to run what it ran at the start: out of memory.
        """
        settings, convention = self._settings, CONVENTIONS[self._layout]
        placement = place(picture, settings.size, centred=convention.centred)
        padded = letterbox(picture, settings.size, placement)
        blob = cv2.dnn.blobFromImage(padded, convention.scale, swapRB=convention.red_first)
        output = self._run(cast("Blob", blob))
        if output is None:
            return None
        found = candidates(output, self._layout, settings.size, above=settings.confidence)
        return distinct(found, placement.boxes(found.boxes), settings.labels, overlap=settings.overlap)

    def _run(self, blob: Blob) -> Blob | None:
        if not self._free.acquire(timeout=self._settings.wait_seconds):
            return None
        try:
            return _outputs(self._net, blob)[0]
        except cv2.error as fault:
            raise DetectionError(f"{self._settings.model}: {fault.err}") from fault
        finally:
            self._free.release()


def load(settings: DetectorSettings) -> OnnxDetector:
    """Read the network and try it once, which takes its memory. Raises UnusableNetworkError."""
    try:
        net = cv2.dnn.readNetFromONNX(np.frombuffer(settings.model.read_bytes(), np.uint8))
        outputs = _outputs(net, np.zeros((1, 3, settings.height, settings.width), np.float32))
        return OnnxDetector(net, _layout(outputs, settings), settings)
    except (OSError, cv2.error, ValueError) as fault:
        raise UnusableNetworkError(f"{settings.model}: {_reason(fault, settings)}") from fault


def _reason(fault: Exception, settings: DetectorSettings) -> str:
    match fault:
        case OSError():
            return fault.strerror or type(fault).__name__
        case cv2.error():
            return f"OpenCV cannot run it with an input of {settings.width} x {settings.height}: {fault.err}"
        case _:
            return str(fault)


def _layout(outputs: Sequence[Blob], settings: DetectorSettings) -> Layout:
    if len(outputs) != 1:
        raise ValueError(f"it has {len(outputs)} outputs; a detector of boxes, and of nothing else, has one")
    return layout_of(outputs[0].shape, settings.classes, settings.size, settings.layout)


def _outputs(net: cv2.dnn.Net, blob: Blob) -> Sequence[Blob]:
    """What comes out, as arrays of our own: the next run does not write into them."""
    net.setInput(blob)
    return cast("Sequence[Blob]", net.forward(net.getUnconnectedOutLayersNames()))
