"""How fast a metric changes."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, ClassVar, Literal

from alerts.duration import Duration, from_to
from alerts.rules.derived import DAY, HOUR, MINUTE, Derived, Row
from alerts.rules.points import points_of, read_points
from alerts.rules.subject import Measured
from alerts.rules.terms import Template
from alerts.rules.trend import increase, least_squares

SECOND = timedelta(seconds=1)
UNITS = {"second": SECOND, "minute": MINUTE, "hour": HOUR, "day": DAY}


class Rate(Derived):
    """The change of a metric per second, minute, hour or day, over a window of 1 m to 30 d.

    Of a counter, what it counted: one that restarts has not fallen. Of anything else, the slope of the straight line
    through the window, so that one odd reading at its edge is no change. A metric named `…_total` is a counter.
    """

    facts: ClassVar[tuple[str, ...]] = ("now",)

    kind: Literal["rate"]
    over: Annotated[Duration, from_to("1m", "30d")] = 5 * MINUTE
    per: Literal["second", "minute", "hour", "day"] = "second"
    counter: bool | None = None
    summary: Template = "{{ device.name }}: {{ rule }} ({{ value | round(3) }})"

    @property
    def counts(self) -> bool:
        return self.metric.endswith("_total") if self.counter is None else self.counter

    @property
    def window(self) -> timedelta:
        return self.over

    @property
    def question(self) -> str:
        return points_of(self.over, lasts=self.counts)

    def measure(self, row: Row) -> Measured | None:
        found = read_points(row, self.over)
        if found is None:
            return None
        seconds, values = found
        slope = _counted(seconds, values) if self.counts else least_squares(seconds, values).slope
        return Measured(value=slope * UNITS[self.per].total_seconds(), at=row["at"], facts=(values[-1],))


def _counted(seconds: Sequence[float], values: Sequence[float]) -> float:
    return increase(values) / (seconds[-1] - seconds[0])
