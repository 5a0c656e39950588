"""Where values are going: a level and a slope, as of the newest of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean, median

# A gap in the readings is filled with at most so many steps.
MOST_STEPS = 5_000


@dataclass(frozen=True, slots=True)
class Trend:
    """The level at second 0, and by how much it changes a second."""

    level: float
    slope: float

    def after(self, seconds: float) -> float:
        return self.level + self.slope * seconds

    def reaches(self, bound: float) -> float | None:
        """Seconds until it is there; 0 where it is, None where it goes another way or stands still."""
        if self.level == bound:
            return 0.0
        seconds = (bound - self.level) / self.slope if self.slope else -1.0
        return seconds if seconds >= 0 else None


def least_squares(seconds: Sequence[float], values: Sequence[float]) -> Trend:
    """The straight line with the least sum of squared distances. At least two different moments.

    A.-M. Legendre, Nouvelles méthodes pour la détermination des orbites des comètes (1805), appendix; in today's words
    Draper & Smith, Applied Regression Analysis, 3rd ed. (1998), equations 1.2.9 and 1.2.10.
    """
    middle, mean = fmean(seconds), fmean(values)
    spread = sum((at - middle) ** 2 for at in seconds)
    slope = sum((at - middle) * (value - mean) for at, value in zip(seconds, values, strict=True)) / spread
    return Trend(level=mean - slope * middle, slope=slope)


def holt(seconds: Sequence[float], values: Sequence[float], *, alpha: float, beta: float) -> Trend:
    """Double exponential smoothing: newer values count for more, level by `alpha`, slope by `beta`.

    C. C. Holt, Forecasting seasonals and trends by exponentially weighted moving averages (1957; International Journal
    of Forecasting 20, 2004, 5-10); the form is Hyndman & Athanasopoulos, Forecasting: Principles and Practice, 3rd ed.,
    section 8.2. It wants equal steps: values are read off between neighbours, a median gap apart.
    """
    step = _step(seconds)
    even = _evenly(seconds, values, step)
    level, slope = even[0], even[1] - even[0]
    for value in even[1:]:
        before = level
        level = alpha * value + (1 - alpha) * (level + slope)
        slope = beta * (level - before) + (1 - beta) * slope
    return Trend(level=level, slope=slope / step)


def increase(values: Sequence[float]) -> float:
    """How much a counter counted: a fall is a restart from 0, as Prometheus's `increase` has it, not extrapolated."""
    return sum(after - before if after >= before else after for before, after in pairwise(values))


def _step(seconds: Sequence[float]) -> float:
    gaps = [after - before for before, after in pairwise(seconds)]
    return max(median(gaps), (seconds[-1] - seconds[0]) / MOST_STEPS)


def _evenly(seconds: Sequence[float], values: Sequence[float], step: float) -> list[float]:
    """Values a step apart, the last one where the last is; at least two."""
    count = max(1, round((seconds[-1] - seconds[0]) / step))
    even, at = [], 0
    for number in range(count, -1, -1):
        wanted = max(seconds[-1] - number * step, seconds[0])
        while at < len(seconds) - 2 and seconds[at + 1] < wanted:
            at += 1
        share = (wanted - seconds[at]) / (seconds[at + 1] - seconds[at])
        even.append(values[at] + share * (values[at + 1] - values[at]))
    return even
