"""Pure: what may be shown as now."""

from datetime import datetime, timedelta

# A time so far ahead of our clock is a clock that moved, not news.
AHEAD = timedelta(seconds=5)


def is_fresh(time: datetime | None, now: datetime, seconds: float) -> bool:
    """Whether what is of that time may be shown as now: not older than that, and not from the future."""
    return time is not None and -AHEAD <= now - time <= timedelta(seconds=seconds)
