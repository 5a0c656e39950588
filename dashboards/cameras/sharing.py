"""What is dear to make is made once for all who ask for the same at about the same time."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Busy(Exception):  # noqa: N818  it says how things stand
    """As many different results are being made as may be."""


@dataclass(frozen=True, slots=True)
class _Made(Generic[V]):
    begun_at: datetime
    result: "asyncio.Task[V]"

    def serves(self, now: datetime, seconds: float) -> bool:
        """One still being made serves whoever comes; one that is made, for so long, unless it failed."""
        if not self.result.done():
            return True
        failed = self.result.cancelled() or self.result.exception() is not None
        return not failed and timedelta() <= now - self.begun_at < timedelta(seconds=seconds)


class Shared(Generic[K, V]):
    """At most `kept_max` results are kept or being made, one of them at a time."""

    def __init__(self, *, seconds: float, kept_max: int, now: Callable[[], datetime]) -> None:
        self._seconds = seconds
        self._kept_max = kept_max
        self._now = now
        self._kept: dict[K, _Made[V]] = {}
        self._one = asyncio.Semaphore(1)

    async def get(self, key: K, make: Callable[[], Coroutine[Any, Any, V]]) -> V:
        """The result for this key: made now, or less than `seconds` ago. Raises Busy, and whatever `make` raises."""
        now = self._now()
        made = self._kept.get(key)
        if made is None or not made.serves(now, self._seconds):
            self._kept.pop(key, None)
            self._make_room()
            made = self._kept[key] = _Made(now, asyncio.create_task(self._in_turn(make)))
        # Whoever hangs up must not spoil it for the others.
        return await asyncio.shield(made.result)

    def _make_room(self) -> None:
        if len(self._kept) >= self._kept_max:
            oldest = next((key for key, made in self._kept.items() if made.result.done()), None)
            if oldest is None:
                raise Busy
            del self._kept[oldest]

    async def _in_turn(self, make: Callable[[], Awaitable[V]]) -> V:
        async with self._one:
            return await make()
