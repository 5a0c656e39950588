"""Pure: how often somebody may try a password."""

from collections import OrderedDict
from datetime import datetime, timedelta


class Throttle:
    """At most `attempts` failures per key within a window that begins with the first of them.

    It remembers at most `keys_max` keys; beyond that the oldest is forgotten, so an attacker with that many addresses
    gains attempts, never our memory.
    """

    def __init__(self, *, attempts: int = 10, window: timedelta = timedelta(minutes=5), keys_max: int = 10_000) -> None:
        self._attempts = attempts
        self._window = window
        self._keys_max = keys_max
        self._failures: OrderedDict[str, tuple[datetime, int]] = OrderedDict()

    def wait(self, key: str, now: datetime) -> timedelta | None:
        """How long this key must wait before it may try again, None where it may now."""
        began, count = self._failures.get(key, (now, 0))
        left = began + self._window - now
        return left if count >= self._attempts and left > timedelta() else None

    def failed(self, key: str, now: datetime) -> None:
        began, count = self._failures.pop(key, (now, 0))
        if now - began >= self._window:
            began, count = now, 0
        self._failures[key] = (began, count + 1)
        while len(self._failures) > self._keys_max:
            self._failures.popitem(last=False)

    def succeeded(self, key: str) -> None:
        self._failures.pop(key, None)
