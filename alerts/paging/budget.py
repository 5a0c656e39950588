"""Pure: how much one person is told on one channel."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Allowance:
    """At most `count` messages within any span of `within`."""

    count: int
    within: timedelta


# GoAlert's caps for SMS, which keep a night of 500 alerts one that a person can read.
BUDGET = (
    Allowance(5, timedelta(minutes=15)),
    Allowance(11, timedelta(hours=1)),
    Allowance(21, timedelta(hours=3)),
)
MEMORY = max(allowance.within for allowance in BUDGET)


def free_at(sent: Sequence[datetime], now: datetime, *, urgent: bool, budget: Sequence[Allowance] = BUDGET) -> datetime:
    """When the next message may go; `now` where it may at once. `sent`: when earlier ones went, in any order.

    The last place of each span is kept for what is urgent, so that the page that matters does not find it taken. Who
    was told nothing for as long as the budget remembers is always told at once.
    """
    return max((_free(sent, now, allowance, urgent=urgent) for allowance in budget), default=now)


def _free(sent: Sequence[datetime], now: datetime, allowance: Allowance, *, urgent: bool) -> datetime:
    within = sorted(at for at in sent if at > now - allowance.within)
    places = max(1, allowance.count if urgent else allowance.count - 1)
    if len(within) < places:
        return now
    return within[len(within) - places] + allowance.within
