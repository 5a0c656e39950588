"""Times of day as the screens show them, in OKU's zone."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

WIB = ZoneInfo("Asia/Jakarta")
HALF_A_DAY, DAY = 43_200, 86_400


def seconds_ago(shown: str) -> float:
    """How long ago a time of day in WIB was."""
    now = datetime.now(WIB)
    then = datetime.combine(now.date(), time.fromisoformat(shown), WIB)
    return ((now - then).total_seconds() + HALF_A_DAY) % DAY - HALF_A_DAY
