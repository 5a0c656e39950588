"""Pure: when to try again, and when to stop."""

from collections.abc import Callable
from datetime import datetime, timedelta

FIRST = timedelta(seconds=1)
LONGEST = timedelta(minutes=5)
# A receiver may ask for patience, not for silence.
LONGEST_ASKED = timedelta(hours=1)
# Who hears of it a day late hears of it better from the history.
GIVE_UP_AFTER = timedelta(hours=24)


def retry_at(
    now: datetime, *, attempts: int, since: datetime, asked: timedelta | None, jitter: Callable[[], float]
) -> datetime | None:
    """The time of the next attempt after `attempts` failed ones, or None when the message is a day old by then.

    Waits double from 1 s to 5 min, each between half and whole by `jitter` (0 to 1), so that a receiver that returns
    is not met by all at once. What the receiver asked for (Retry-After, RFC 9110 section 10.2.3) is the least, up to
    1 h.
    """
    whole = min(LONGEST, FIRST * 2 ** min(attempts - 1, 16))
    wait = max(whole * (0.5 + jitter() / 2), min(asked or timedelta(), LONGEST_ASKED))
    return now + wait if now + wait < since + GIVE_UP_AFTER else None
