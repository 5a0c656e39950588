"""Pure: how good a camera's connection was within an hour, in four words.

After Frigate's "connection quality" (`frigate/stats/util.py`, 0.18): excellent from 90 % of the expected frames on,
without a reconnect and with fewer than 5 stalls; unusable beyond 10 reconnects or 100 stalls. Frigate looks at the
frame rate of the moment; a camera sampled by its key frames has none to speak of, so the share of the time that its
frames cover stands in its place. And stalls count for each grade, where Frigate lets a fair camera stall as it likes.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final, NamedTuple


class Grade(IntEnum):
    UNUSABLE = 0
    POOR = 1
    FAIR = 2
    EXCELLENT = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkHour:
    """What an hour was like, or as much of it as was seen.

    `reconnects`: losses of a connection that had delivered. `stalls`: silences while it stood. `covered_ratio`: the
    share of the time in which the newest frame was as new as frames of this camera can be.
    """

    reconnects: int
    stalls: int
    covered_ratio: float


class _Demand(NamedTuple):
    grade: Grade
    reconnects: int
    interruptions: int
    covered_ratio: float


# At most so many reconnects, at most so many stalls and reconnects together, at least so much covered.
_DEMANDS: Final = (
    _Demand(Grade.EXCELLENT, reconnects=0, interruptions=4, covered_ratio=0.9),
    _Demand(Grade.FAIR, reconnects=2, interruptions=20, covered_ratio=0.6),
    _Demand(Grade.POOR, reconnects=10, interruptions=100, covered_ratio=0.2),
)


def grade(hour: LinkHour) -> Grade:
    """The best grade whose demands are all met. More reconnects, more stalls or less covered never make it better."""
    for demand in _DEMANDS:
        if (
            hour.reconnects <= demand.reconnects
            # A loss interrupts no less than a stall; counted here as well, none is made good by becoming a loss.
            and hour.reconnects + hour.stalls <= demand.interruptions
            and hour.covered_ratio >= demand.covered_ratio
        ):
            return demand.grade
    return Grade.UNUSABLE
