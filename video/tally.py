"""How many people and vehicles one camera sees."""

import logging
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta

from prometheus_client import Counter

from video.detection import Detection, DetectionError, Detector, Label, count
from video.frame import Frame
from video.masks import masked
from video.pace import Pace
from video.polygon import Polygon

log = logging.getLogger(__name__)


class Tally:
    """Looks at one frame every so often and repeats what it counted until the next is due.

    A look for which the detector had no time, or in which it failed, is counted in `missed`, and what was counted
    before is not repeated: it is never older than `every`. The detector sees the picture as it is kept, with `masks`
    painted over. Belongs to the camera's thread.
    """

    def __init__(
        self,
        detector: Detector,
        labels: Collection[Label],
        *,
        every: timedelta,
        missed: Counter,
        masks: Sequence[Polygon] = (),
    ) -> None:
        self._detector = detector
        self._labels = labels
        self._missed = missed
        self._masks = masks
        self._pace = Pace(every)
        self._counted: Mapping[str, float] = {}
        self._fault = ""

    def values(self, frame: Frame) -> Mapping[str, float]:
        """By metric: `people`, `vehicles`; none where nothing was counted."""
        if self._pace.due(frame.captured_at):
            detections = self._look(frame)
            self._counted = {} if detections is None else count(detections, self._labels)
            self._missed.inc(detections is None)
        return self._counted

    def _look(self, frame: Frame) -> Sequence[Detection] | None:
        """A detector that fails must not blind the camera: logged when it begins to, and when it works again."""
        detections, fault = None, ""
        try:
            detections = self._detector.detect(masked(frame.picture, self._masks))
        except DetectionError as failed:
            fault = str(failed)
        if fault != self._fault:
            self._fault = fault
            log.warning("people and vehicles are %s", f"not counted: {fault}" if fault else "counted again")
        return detections
