"""Snapshots: the dearest of all messages, made once for all who want one at about that time, and in nobody's way."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from dataclasses import dataclass
from typing import Any

from dashboards.live.bundle import Bundle
from dashboards.live.scene_json import Form

# One that took longer than this serves for so many times as long as it took: screens that come one after another, as
# they do when a switch is back, cost no more than a tenth of the time. What was told since follows behind it.
CHEAP_SECONDS = 0.05
TIMES = 10
# So long the making of it has the process for itself at a time.
TURN_SECONDS = 0.004


@dataclass(slots=True)
class _Made:
    look: object
    begun_at: float
    result: "asyncio.Task[Bundle]"
    took: float = 0.0

    def note(self, now: float) -> None:
        self.took = now - self.begun_at


class Snapshots:
    """`look` is another object after each look. `can_follow`: whether all that was told since a place is known."""

    def __init__(
        self,
        make: Callable[[Form], Coroutine[Any, Any, Bundle]],
        *,
        look: Callable[[], object],
        can_follow: Callable[[int], bool],
    ) -> None:
        self._make = make
        self._look = look
        self._can_follow = can_follow
        self._made: dict[Form, _Made] = {}

    async def get(self, form: Form) -> Bundle:
        """One message: the city as it is, or was a moment ago."""
        made = self._made.get(form)
        if made is None or not self._serves(made):
            made = self._made[form] = self._begin(form)
        # Whoever hangs up must not spoil it for the others.
        return await asyncio.shield(made.result)

    def _begin(self, form: Form) -> _Made:
        clock = asyncio.get_running_loop().time
        made = _Made(self._look(), clock(), asyncio.create_task(self._make(form)))
        made.result.add_done_callback(lambda _: made.note(clock()))
        return made

    def _serves(self, made: _Made) -> bool:
        if not made.result.done():
            return True
        if made.result.cancelled() or made.result.exception() is not None:
            return False
        age = asyncio.get_running_loop().time() - made.begun_at
        recent = made.took > CHEAP_SECONDS and age < TIMES * made.took
        return made.look is self._look() or (recent and self._can_follow(made.result.result().last))


async def in_turns(
    pieces: Iterable[bytes], clock: Callable[[], float], rest: Callable[[], Awaitable[None]]
) -> list[bytes]:
    """All pieces; whoever else waits for this process is let in between them."""
    made, until = [], clock() + TURN_SECONDS
    for piece in pieces:
        made.append(piece)
        if clock() >= until:
            await rest()
            until = clock() + TURN_SECONDS
    return made
