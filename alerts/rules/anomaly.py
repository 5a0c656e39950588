"""Is this as it usually is at this hour of the week?"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import median
from typing import Annotated, ClassVar, Literal

from pydantic import Field, FiniteFloat, ValidationInfo, field_validator

from alerts.rules.derived import DAY, HOUR, Derived, Row
from alerts.rules.subject import Measured
from alerts.rules.terms import Template

WEEK = 7 * DAY
# Of twelve five-minute buckets: the newest one is not yet rolled up, and as many may be missing.
LEAST_BUCKETS = 6
# By which the median absolute deviation of a normal distribution is its standard deviation.
NORMAL = 1.4826

# The mean of the hour before the newest reading, and the means of the same sixty minutes in the weeks before: of the
# two hours of the roll-up that they lie in, each by its share. A week that lacks one of them is left out.
USUAL = """
select device, at, now.buckets, now.mean, usual.means
from (
    select series.id, series.device_id as device, least(latest.time, latest.received_at) as at, latest.time as newest,
           date_bin('1 hour', latest.time, 'epoch') as hour
    from series join latest on latest.series_id = series.id
    where series.metric = %(metric)s and series.device_id = any(%(devices)s) and latest.time > %(since)s
) as asked
cross join lateral (
    select count(*) as buckets, sum(sum) / sum(count) as mean from rollup_5m
    where series_id = asked.id and bucket > %(since)s and bucket >= newest - interval '1 hour' and bucket < newest
) as now
cross join lateral (
    select array_agg(this.sum / this.count * part + before.sum / before.count * (1 - part)) as means
    from generate_series(1, %(weeks)s) as week (number)
    cross join lateral (
        select hour - number * interval '7 days' as then, extract(epoch from newest - hour)::float8 / 3600 as part
    ) as share
    join rollup_1h as this on this.series_id = asked.id and this.bucket = share.then
    join rollup_1h as before on before.series_id = asked.id and before.bucket = share.then - interval '1 hour'
) as usual
"""


class Anomaly(Derived):
    """The last hour of a metric, against the same hour of past weeks, in robust standard deviations.

    `value` is how many (3.5 are too many unless `above` says otherwise), `now` the mean of the hour, `usual` the
    median of the weeks. Nothing is said before `least_weeks` of them are known. `least_spread`, in the metric's unit,
    is what a deviation is measured by where the weeks differ by less: what never varied says nothing without it.
    """

    statement: ClassVar[str] = USUAL
    facts: ClassVar[tuple[str, ...]] = ("now", "usual")

    kind: Literal["anomaly"]
    above: Annotated[FiniteFloat, Field(gt=0)] | None = 3.5
    direction: Literal["both", "up", "down"] = "both"
    weeks: Annotated[int, Field(ge=2, le=52)] = 6
    least_weeks: Annotated[int, Field(ge=2, le=52)] = 4
    least_spread: Annotated[FiniteFloat, Field(ge=0)] = 0.0
    summary: Template = "{{ device.name }}: {{ rule }} ({{ now | round(3) }}, biasanya {{ usual | round(3) }})"

    @field_validator("least_weeks")
    @classmethod
    def _among_the_weeks(cls, least_weeks: int, info: ValidationInfo) -> int:
        if least_weeks > info.data.get("weeks", least_weeks):
            raise ValueError("must be at most weeks")
        return least_weeks

    @property
    def window(self) -> timedelta:
        return HOUR

    def parameters(self, now: datetime) -> dict[str, object]:
        return {**super().parameters(now), "weeks": self.weeks}

    def measure(self, row: Row) -> Measured | None:
        means = row["means"] or ()
        if row["buckets"] < LEAST_BUCKETS or len(means) < self.least_weeks:
            return None
        found = deviations(row["mean"], means, self.least_spread)
        if found is None:
            return None
        oriented = {"both": abs(found), "up": found, "down": -found}[self.direction]
        return Measured(value=oriented, at=row["at"], facts=(row["mean"], median(means)))


def deviations(value: float, usual: Sequence[float], least_spread: float) -> float | None:
    """How many robust standard deviations above what is usual; None where that never varied.

    The modified z-score of Iglewicz & Hoaglin, How to Detect and Handle Outliers (ASQC, 1993), section 3.3, who take
    more than 3.5 for an outlier. Median and MAD bear it that one of the past weeks was itself odd.
    """
    middle = median(usual)
    spread = max(NORMAL * median(abs(one - middle) for one in usual), least_spread)
    return (value - middle) / spread if spread else None
