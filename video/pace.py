"""Pure: something often becomes something regular."""

from datetime import datetime, timedelta

# What comes this share of an interval early is still taken: a camera's key frames are never quite on time.
EARLY = 0.1


class Pace:
    """Chooses one moment per interval on average, from moments that arrive more often.

    The beat runs on when a moment comes late by less than an interval, so lateness does not add up: key frames every
    1.5 s sampled every 2 s are taken after 3, 1.5, 1.5 s. After a gap, or a clock set back, the beat starts anew.
    """

    def __init__(self, interval: timedelta) -> None:
        self._interval = interval
        self._next: datetime | None = None

    def due(self, moment: datetime) -> bool:
        """Whether this moment is to be taken; asked once for each, in order."""
        if self._next is None or abs(moment - self._next) > self._interval * (1 + EARLY):
            self._next = moment + self._interval
            return True
        if moment < self._next - self._interval * EARLY:
            return False
        self._next += self._interval
        return True
