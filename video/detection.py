"""What a detector finds in a picture, and the seam behind which it finds it."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final, Protocol

from video.frame import Picture


class Label(StrEnum):
    PERSON = "person"
    VEHICLE = "vehicle"


METRICS: Final[Mapping[Label, str]] = MappingProxyType({Label.PERSON: "people", Label.VEHICLE: "vehicles"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A part of a picture, in shares of its width and height: 0 is left and top, 1 right and bottom."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """One person or vehicle; `confidence` is the detector's own, 0 to 1."""

    label: Label
    confidence: float
    box: Box


class DetectionError(Exception):
    """A detector that worked has failed to look at a picture."""


class Detector(Protocol):
    """May be shared by the threads of all cameras."""

    def detect(self, picture: Picture) -> Sequence[Detection] | None:
        """What the picture shows, or None where the detector had no time to look: that is not to see nothing.

        Raises DetectionError.
        """
        ...


def count(detections: Sequence[Detection], labels: Collection[Label]) -> dict[str, float]:
    """How many of each of the labels, by the name of its metric; of a label not looked for nothing is said."""
    found = Counter(detection.label for detection in detections)
    return {METRICS[label]: found[label] for label in labels}
