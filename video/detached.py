"""Blocking work in daemon threads of its own, of which one that hangs is left behind."""

import asyncio
import threading
import time
from collections.abc import Callable
from functools import partial

from video.failure import CameraError, Failure

# So many calls that never return are suffered per camera: each keeps a thread, a socket and some 10 MB.
MAX_HUNG = 3

Work = Callable[[threading.Event, Callable[[], None]], None]
"""Gets the event that tells it to stop, and a function to call at least every `hang_seconds`."""


class Pulse:
    """The last sign of life: given in one thread, looked at from another."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._at = clock()

    def beat(self) -> None:
        self._at = self._clock()

    def seconds_ago(self) -> float:
        return self._clock() - self._at


class Detached:
    """Runs the work of one camera, one attempt at a time.

    A call into native code that never returns costs one thread, but holds up neither this process's stop, nor another
    camera, nor the next attempt at this one. (asyncio.to_thread has a few threads for all, and the interpreter waits
    for each of them at its end.)
    """

    def __init__(
        self, name: str, *, leave_seconds: float, hang_seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._name = name
        self._leave_seconds = leave_seconds
        self._hang_seconds = hang_seconds
        self._clock = clock
        self._left_behind: set[threading.Thread] = set()

    @property
    def hung(self) -> int:
        """How many threads were left behind and have not come back."""
        self._left_behind = {thread for thread in self._left_behind if thread.is_alive()}
        return len(self._left_behind)

    async def run(self, work: Work) -> None:
        """Run `work` in a new thread and raise what it raises, or CameraError: HUNG where it stops beating.

        With MAX_HUNG threads left behind it raises at once, until one of them has come back. Cancelled, it sets the
        event that `work` was given, waits at most `leave_seconds` for it to notice, and goes.
        """
        if self.hung >= MAX_HUNG:
            raise CameraError(Failure.HUNG, self._name, f"{MAX_HUNG} calls have not returned; waiting for one")
        outcome: asyncio.Future[BaseException | None] = asyncio.get_running_loop().create_future()
        stopped, pulse = threading.Event(), Pulse(self._clock)
        carry = partial(_carry, partial(work, stopped, pulse.beat), outcome)
        thread = threading.Thread(target=carry, name=self._name, daemon=True)
        thread.start()
        try:
            await self._over(outcome, pulse)
        except asyncio.CancelledError:
            stopped.set()
            await asyncio.wait([outcome], timeout=self._leave_seconds)
            raise
        except CameraError:
            stopped.set()  # should it come back, it ends
            self._left_behind.add(thread)
            raise
        if (fault := outcome.result()) is not None:
            raise fault

    async def _over(self, outcome: asyncio.Future[BaseException | None], pulse: Pulse) -> None:
        while not outcome.done():
            left = self._hang_seconds - pulse.seconds_ago()
            if left <= 0:
                raise CameraError(Failure.HUNG, self._name, f"a call has not returned for {self._hang_seconds:g} s")
            await asyncio.wait([outcome], timeout=left)


def _carry(work: Callable[[], None], outcome: asyncio.Future[BaseException | None]) -> None:
    fault = None
    try:
        work()
    except BaseException as raised:  # noqa: BLE001  carried over to whoever awaits
        fault = raised
    call_in_loop(outcome.get_loop(), outcome.set_result, fault)


def call_in_loop(loop: asyncio.AbstractEventLoop, call: Callable[..., object], *values: object) -> None:
    """Call in the loop's thread, soon; nothing where the loop has ended, for then nobody waits for it."""
    try:
        loop.call_soon_threadsafe(call, *values)
    except RuntimeError:
        if not loop.is_closed():
            raise
