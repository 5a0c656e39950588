"""The readings of a window, for kinds that look at each of them."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from alerts.rules.derived import DAY, HOUR

# Beyond these, five-minute and hourly roll-ups stand for the readings: they lag by up to five minutes more.
RAW_UP_TO, FIVE_MINUTES_UP_TO = 2 * HOUR, 3 * DAY
# Of a window, the newest so many.
MOST_POINTS = 2_000

# Seconds before the newest reading, and values, oldest first. What stands for {source} has time and value.
POINTS = """
select series.device_id as device, least(latest.time, latest.received_at) as at, points.seconds, points.amounts
from series join latest on latest.series_id = series.id
cross join lateral (
    select array_agg(extract(epoch from time - latest.time)::float8 order by time) as seconds,
           array_agg(value order by time) as amounts
    from ({source} order by time desc limit {most}) as newest
) as points
where series.metric = %(metric)s and series.device_id = any(%(devices)s) and latest.time > %(since)s
""".replace("{most}", str(MOST_POINTS))

RAW = """select time, value from reading
where series_id = series.id and time > %(since)s and time > latest.time - %(window)s and time <= latest.time"""
# A bucket's mean stands in its middle, its last value at its end.
MEANS = """select bucket + interval '{width}' / 2 as time, sum / count as value from {table}
where series_id = series.id and bucket > %(since)s and bucket >= latest.time - %(window)s
  and bucket + interval '{width}' <= latest.time"""
LASTS = MEANS.replace("interval '{width}' / 2", "interval '{width}'").replace("sum / count", "last")


def points_of(window: timedelta, *, lasts: bool = False) -> str:
    """The statement for a window of this length: the means of buckets, or of a counter the last values."""
    if window <= RAW_UP_TO:
        return POINTS.replace("{source}", RAW)
    table, width = ("rollup_5m", "5 minutes") if window <= FIVE_MINUTES_UP_TO else ("rollup_1h", "1 hour")
    source = (LASTS if lasts else MEANS).replace("{table}", table).replace("{width}", width)
    return POINTS.replace("{source}", source)


def read_points(row: Mapping[str, Any], window: timedelta) -> tuple[Sequence[float], Sequence[float]] | None:
    """Seconds (0 is the newest reading) and values; None where they cover less than half the window."""
    seconds, amounts = row["seconds"], row["amounts"]
    if not seconds or len(seconds) < 2 or seconds[-1] - seconds[0] < window.total_seconds() / 2:
        return None
    return seconds, amounts
