"""Pure: when something was said that arrives now. Phones are out of reach for hours, and their clocks are their own."""

from datetime import datetime, timedelta

from alerts.desk import Said
from dashboards.problem import Problem

# Phones' clocks run ahead a little; what they say then was said now.
AHEAD = timedelta(minutes=1)
# As with readings: what is older is a clock that was never set.
BEHIND = timedelta(days=30)


def said_by(who: str, now: datetime, at: datetime | None, *, where: str) -> Said:
    """Raises Problem for what is said to have been said in the future, or too long ago; `where` is the field's name."""
    if at is not None and at > now + AHEAD:
        raise Problem(422, (f"{where}: ada di masa depan.", f"{where}: lies in the future."))
    if at is not None and at < now - BEHIND:
        raise Problem(
            422,
            (f"{where}: lebih dari {BEHIND.days} hari yang lalu.", f"{where}: lies more than {BEHIND.days} days back."),
        )
    return Said(who=who, at=now, said_at=at)
