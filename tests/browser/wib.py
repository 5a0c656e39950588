"""Times of day as the screens show them, in OKU's zone."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

WIB = ZoneInfo("Asia/Jakarta")
HALF_A_DAY, DAY = 43_200, 86_400


def seconds_ago(shown: str) -> float:
    """How long ago a time of day in WIB was."""
    return seconds_between(shown, datetime.now(WIB))


def seconds_between(shown: str, now: datetime) -> float:
    """How long before `now` a time of day in WIB was."""
    now = now.astimezone(WIB)
    then = datetime.combine(now.date(), time.fromisoformat(shown), WIB)
    return ((now - then).total_seconds() + HALF_A_DAY) % DAY - HALF_A_DAY
