"""What a metric was like over a time: mean, least, most, or how many readings there were."""

from datetime import timedelta
from typing import Annotated, ClassVar, Literal

from alerts.duration import Duration, from_to
from alerts.rules.derived import MINUTE, Derived, Row
from alerts.rules.points import RAW_UP_TO
from alerts.rules.subject import Measured
from alerts.rules.terms import Template

# One row for each device. What stands for {source} has time, min, max, sum and count.
AGGREGATE = """
select series.device_id as device, least(latest.time, latest.received_at) as at,
       extract(epoch from latest.time - seen.first)::float8 as covered, seen.min, seen.max, seen.sum, seen.count
from series join latest on latest.series_id = series.id
cross join lateral (
    select min(time) as first, min(min) as min, max(max) as max, sum(sum) as sum, sum(count)::float8 as count
    from ({source}) as part
) as seen
where series.metric = %(metric)s and series.device_id = any(%(devices)s) and latest.time > %(since)s
"""
RAW = """select time, value as min, value as max, value as sum, 1 as count from reading
where series_id = series.id and time > %(since)s and time > latest.time - %(window)s and time <= latest.time"""
ROLLED = """select bucket as time, min, max, sum, count from rollup_5m
where series_id = series.id and bucket > %(since)s and bucket >= latest.time - %(window)s"""


class Window(Derived):
    """The mean, least or greatest value, or the number of readings, over 1 m to 24 h up to the newest reading.

    It says nothing until half of the window is covered. Longer than two hours, it is told from five-minute roll-ups.
    """

    statement: ClassVar[str] = AGGREGATE
    facts: ClassVar[tuple[str, ...]] = ("count",)

    kind: Literal["window"]
    over: Annotated[Duration, from_to("1m", "24h")] = 5 * MINUTE
    aggregate: Literal["avg", "min", "max", "count"] = "avg"
    summary: Template = "{{ device.name }}: {{ rule }} ({{ value | round(3) }})"

    @property
    def window(self) -> timedelta:
        return self.over

    @property
    def question(self) -> str:
        return self.statement.replace("{source}", RAW if self.over <= RAW_UP_TO else ROLLED)

    def measure(self, row: Row) -> Measured | None:
        if not row["count"] or row["covered"] < self.over.total_seconds() / 2:
            return None
        value = row["sum"] / row["count"] if self.aggregate == "avg" else row[self.aggregate]
        return Measured(value=value, at=row["at"], facts=(row["count"],))
