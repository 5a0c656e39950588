"""Pure: from what a clock on the wall shows to the moment that is meant, also on days of 23 and of 25 hours."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)


@lru_cache(maxsize=1_024)
def moment_of(wall: datetime, zone: ZoneInfo) -> datetime:
    """The moment (UTC) at which the clocks of `zone` show the naive time `wall`. Later walls are never earlier moments.

    An hour that is shown twice means the first time; a time in a skipped hour means the end of the hour, as no clock
    shows it. RFC 5545 (3.3.5) would move it on by an hour, behind times that follow it.
    """
    before, after = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return before if before <= after else _jump(after, before, zone)


def wall_at(at: datetime, zone: ZoneInfo) -> datetime:
    """What the clocks of `zone` show at a moment, as a naive time."""
    return at.astimezone(zone).replace(tzinfo=None)


def moment_on(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """The moment at which clocks show `clock` on `day`."""
    return moment_of(datetime.combine(day, clock), zone)


def day_of(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()


def _jump(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    """When the offset changes between two moments, to the second."""
    old = low.astimezone(zone).utcoffset()
    while high - low > SECOND:
        middle = low + ((high - low) // 2 // SECOND) * SECOND
        low, high = (middle, high) if middle.astimezone(zone).utcoffset() == old else (low, middle)
    return high
