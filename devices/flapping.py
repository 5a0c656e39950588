"""Pure: whether a device changes so often that each single change is no news any more.

Twenty checks, newer ones weighing more: 0.80 for the oldest up to 1.18 for the newest. A check is a change of state, or
an interval of the device's own in which nothing changed. What the changes weigh, as a share of twenty, begins the
flapping above 30 % and ends it at 25 % or below (Icinga 2, lib/icinga/checkable-flapping.cpp).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

CHECKS = 20
WEIGHTS = tuple(0.80 + 0.02 * check for check in range(CHECKS))
BEGINS_ABOVE = 0.30
ENDS_AT = 0.25


def is_flapping(changes: Sequence[datetime], interval: timedelta, now: datetime, *, was: bool) -> bool:
    """`changes` are the moments of the last changes, oldest first; more than twenty do no harm."""
    share = change_share(changes, interval, now)
    return share > ENDS_AT if was else share > BEGINS_ABOVE


def change_share(changes: Sequence[datetime], interval: timedelta, now: datetime) -> float:
    """The weight of the changes among the last twenty checks, 0 to 0.99."""
    total, slot, later = 0.0, CHECKS, now
    for change in reversed(changes):
        slot -= 1 + max(0, (later - change) // interval)
        if slot < 0:
            break
        total += WEIGHTS[slot]
        later = change
    return total / CHECKS
