"""How many people and vehicles one camera sees."""

from collections.abc import Collection, Mapping
from datetime import timedelta

from prometheus_client import Counter

from video.detection import Detector, Label, count
from video.frame import Frame
from video.pace import Pace


class Tally:
    """Looks at one frame every so often and repeats what it counted until the next is due.

    A look for which the detector had no time is counted in `missed`, and what was counted before is not repeated: it
    is never older than `every`. Belongs to the camera's thread.
    """

    def __init__(self, detector: Detector, labels: Collection[Label], *, every: timedelta, missed: Counter) -> None:
        self._detector = detector
        self._labels = labels
        self._missed = missed
        self._pace = Pace(every)
        self._counted: Mapping[str, float] = {}

    def values(self, frame: Frame) -> Mapping[str, float]:
        """By metric: `people`, `vehicles`; none where nothing was counted. Raises what the detector raises."""
        if self._pace.due(frame.captured_at):
            self._counted = {}
            detections = self._detector.detect(frame.picture)
            if detections is None:
                self._missed.inc()
            else:
                self._counted = count(detections, self._labels)
        return self._counted
