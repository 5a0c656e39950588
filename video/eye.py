"""What one camera sees, picture by picture: measured, compared with what is usual, searched for people and vehicles."""

from collections.abc import Mapping
from dataclasses import dataclass

from devices.tamper import Tamper
from video.frame import Frame
from video.keeping import Sight
from video.measure import Measures, measure
from video.motion import Motion, MotionRatio
from video.tally import Tally
from video.tamper.state import TamperState
from video.tamper.watch import TamperWatch, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """`values` are metrics of the kind camera; a boolean is a state."""

    values: Mapping[str, float | bool]
    motion: MotionRatio
    verdict: Verdict

    @property
    def sight(self) -> Sight:
        return Sight(motion_ratio=self.motion.outside, pending=self.verdict.pending, holding=self.verdict.holding)


class Eye:
    """For the camera's own thread. The measures see the whole picture, whatever the privacy masks cover."""

    def __init__(self, *, motion: Motion, tampers: TamperWatch, tally: Tally | None) -> None:
        self._motion = motion
        self._tampers = tampers
        self._tally = tally

    @property
    def learned(self) -> TamperState:
        """To be kept, and handed to the eye that goes on."""
        return self._tampers.state

    def look(self, frame: Frame) -> Seen:
        measures = measure(frame.picture)
        motion = self._motion.judge(measures.grey)
        verdict = self._tampers.judge(measures, frame.captured_at)
        counted = self._tally.values(frame) if self._tally else {}
        return Seen(values={**_values(measures, motion, verdict), **counted}, motion=motion, verdict=verdict)


def _values(measures: Measures, motion: MotionRatio, verdict: Verdict) -> dict[str, float | bool]:
    return {
        "brightness_ratio": measures.brightness_ratio,
        "sharpness": measures.sharpness,
        "motion_ratio": motion.outside,
        "masked_motion_ratio": motion.inside,
        **{str(tamper): tamper in verdict.holding for tamper in Tamper},
    }
