"""Pure: readings of a device are told at most once in so many seconds, the newest of each metric; the last always."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta


class Pacing:
    """Which devices' readings are to be told now, and which are held until their time.

    It holds names, not values: who tells a reading tells what it is then. Bounded by the registry.
    """

    def __init__(self, seconds: float) -> None:
        self._every = timedelta(seconds=seconds)
        self._told_at: dict[str, datetime] = {}
        # Metrics by device; the order in which they moved is kept.
        self._held: dict[str, dict[str, None]] = {}

    def hold(self, moved: Mapping[str, Iterable[str]]) -> None:
        for device, metrics in moved.items():
            self._held.setdefault(device, {}).update(dict.fromkeys(metrics))

    def release(self, now: datetime) -> dict[str, list[str]]:
        """Metrics by device of all whose time has come."""
        due = [device for device in self._held if self._wait(device, now) <= timedelta()]
        for device in due:
            self._told_at[device] = now
        return {device: list(self._held.pop(device)) for device in due}

    def drop(self, devices: Iterable[str]) -> None:
        """What was held of them is told in another way, or of nobody's interest any more."""
        for device in devices:
            self._held.pop(device, None)
            self._told_at.pop(device, None)

    def seconds_to_wait(self, now: datetime) -> float | None:
        """Until the next is due; None where nothing is held."""
        waits = [self._wait(device, now) for device in self._held]
        return max(0.0, min(waits).total_seconds()) if waits else None

    def _wait(self, device: str, now: datetime) -> timedelta:
        told = self._told_at.get(device)
        # A clock that was put back must hold nothing for longer than usual.
        return timedelta() if told is None else min(told + self._every - now, self._every)
