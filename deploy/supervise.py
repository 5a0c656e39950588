"""Attempts that fail are begun again: the one place that waits, backs off and logs a failure."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn, TypeVar

WAITS_SECONDS = (1.0, 2.0, 5.0, 10.0, 30.0)
# An attempt that held so long was a success: its failure is a new one, and waits the shortest time again.
HELD_SECONDS = 60.0
JITTER = 0.2
# Failures of ours, not of a network, a disk or a peer: these are logged with their trace. AssertionError is
# none of them: psycopg raises it when its server dies in the middle of a pipeline.
OURS = (LookupError, TypeError, AttributeError, NameError)

T = TypeVar("T")

log = logging.getLogger(__name__)


class EndedError(Exception):
    """It ended by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Supervisor:
    """`random` is uniform in [0, 1), `clock` monotonic seconds; handed in with `sleep`, so that tests need not wait.

    After an attempt that did well the waits begin anew. By default it did well when it held for a minute; `did_well`
    is asked with the seconds it took and what ended it.
    """

    sleep: Callable[[float], Awaitable[object]]
    random: Callable[[], float]
    clock: Callable[[], float]
    waits_seconds: Sequence[float] = WAITS_SECONDS
    did_well: Callable[[float, Exception], bool] = lambda seconds, _: seconds > HELD_SECONDS

    async def keep(self, name: str, attempt: Callable[[], Awaitable[object]]) -> None:
        """Begin `attempt` again for ever, whatever ended it; only cancellation ends this."""

        async def endless() -> NoReturn:
            await attempt()
            raise EndedError(EndedError.__doc__)

        await self.until(name, endless)

    async def until(
        self, name: str, attempt: Callable[[], Awaitable[T]], *, patient_with: type[Exception] = Exception
    ) -> T:
        """What `attempt` returns, once it does. Raises what is not an instance of `patient_with`.

        Each failure means a longer wait. It is logged once, in one line, and not again while it stays the same.
        """
        failures, logged = 0, ""
        while True:
            began = self.clock()
            try:
                return await _apart(attempt)
            except patient_with as failure:
                if self.did_well(self.clock() - began, failure):
                    failures, logged = 0, ""
                wait = self._wait(failures)
                trace = failure if isinstance(failure, OURS) else None
                why = " ".join(f"{type(failure).__name__}: {failure}".split())
                if why != logged:
                    log.warning("%s: %s; trying again", name, why, exc_info=trace)
                logged = why
            failures += 1
            await self.sleep(wait)

    def _wait(self, failures: int) -> float:
        wait = self.waits_seconds[min(failures, len(self.waits_seconds) - 1)]
        return wait * (1 - JITTER + 2 * JITTER * self.random())


async def _apart(attempt: Callable[[], Awaitable[T]]) -> T:
    """Run it in a task of its own, and stop where we are told to, whatever it makes of its cancellation.

    A driver that is cancelled while its server dies tells of the server instead. Whether it is we who were cancelled
    can only be asked of a task that the attempt does not share: a TaskGroup of Python 3.11 may leave its own
    cancellation counted on the task it ran in.
    """
    before = _cancellations()
    try:
        return await asyncio.ensure_future(attempt())
    except Exception as failure:
        if _cancellations() > before:
            raise asyncio.CancelledError from failure
        raise


def _cancellations() -> int:
    task = asyncio.current_task()
    return task.cancelling() if task is not None else 0


async def side_by_side(*attempts: Coroutine[Any, Any, object]) -> None:
    """Run all; when one fails, cancel the others and raise that failure as itself, not as a group of one."""
    try:
        async with asyncio.TaskGroup() as tasks:
            for attempt in attempts:
                tasks.create_task(attempt)
    except BaseExceptionGroup as group:
        if len(group.exceptions) == 1:
            raise group.exceptions[0] from None
        raise
