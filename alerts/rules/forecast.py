"""What a metric will be before long, if it goes on like this."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from alerts.duration import Duration, from_to
from alerts.rules.derived import HOUR, Derived, Row
from alerts.rules.points import points_of, read_points
from alerts.rules.subject import Measured
from alerts.rules.terms import Template
from alerts.rules.trend import Trend, holt, least_squares

Weight = Annotated[float, Field(gt=0, lt=1)]


class Forecast(Derived):
    """A metric reaches the bound `within` so long, told from its trend `over` a window of the past.

    `value` is what it will be then, `now` what it is by its trend, `minutes` how long it has until the bound: 0 where
    it is there. The trend is a straight line, or Holt's, which follows a turn sooner.
    """

    facts: ClassVar[tuple[str, ...]] = ("now", "minutes")

    kind: Literal["forecast"]
    within: Annotated[Duration, from_to("1m", "30d")]
    over: Annotated[Duration, from_to("5m", "30d")] = HOUR
    method: Literal["linear", "holt"] = "linear"
    alpha: Weight = 0.3
    beta: Weight = 0.1
    summary: Template = "{{ device.name }}: {{ rule }} ({{ value | round(2) }} dalam {{ minutes | round | int }} menit)"

    @property
    def window(self) -> timedelta:
        return self.over

    @property
    def question(self) -> str:
        return points_of(self.over)

    def measure(self, row: Row) -> Measured | None:
        found = read_points(row, self.over)
        if found is None:
            return None
        trend = self._trend(*found)
        bound = self.above if self.below is None else self.below
        seconds = 0.0 if bound is None or self.breached(trend.level) else trend.reaches(bound)
        horizon = self.within.total_seconds()
        left = horizon if seconds is None else min(seconds, horizon)
        return Measured(value=trend.after(horizon), at=row["at"], facts=(trend.level, left / 60))

    def _trend(self, seconds: Sequence[float], values: Sequence[float]) -> Trend:
        if self.method == "holt":
            return holt(seconds, values, alpha=self.alpha, beta=self.beta)
        return least_squares(seconds, values)
