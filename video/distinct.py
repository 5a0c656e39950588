"""Pure: one detection for each thing, out of the many boxes that a network tells of it."""

from collections.abc import Mapping
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from video.detection import Box, Detection, Label
from video.yolo import Candidates

# Of each label so many boxes at most are compared, the surest; a crowd has some ten for each of its people.
MAX_COMPARED: Final = 3_000


def distinct(
    found: Candidates, boxes: NDArray[np.float64], labels: Mapping[Label, frozenset[int]], *, overlap: float
) -> list[Detection]:
    """The surest first. `boxes` are those found, as shares of the picture: n x (left, top, width, height).

    Of boxes that have more than `overlap` of their union in common the surest stands for all (non-maximum suppression),
    label by label and not class by class: a pick-up told as a car and as a truck is one vehicle.
    """
    visible = (boxes[:, 2:] > 0).all(axis=1)
    detections = []
    for label, classes in labels.items():
        chosen = np.flatnonzero(visible & np.isin(found.classes, list(classes)))
        detections += _one_each(label, boxes[chosen].tolist(), found.confidences[chosen].tolist(), overlap)
    return sorted(detections, key=lambda detection: detection.confidence, reverse=True)


def _one_each(label: Label, boxes: list[list[float]], confidences: list[float], overlap: float) -> list[Detection]:
    kept = cv2.dnn.NMSBoxes(boxes, confidences, 0.0, overlap, top_k=MAX_COMPARED)
    return [
        Detection(label=label, confidence=confidences[index], box=Box(left=left, top=top, width=width, height=height))
        for index in kept
        for left, top, width, height in [boxes[index]]
    ]
