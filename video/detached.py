"""Blocking work in a daemon thread of its own."""

import asyncio
import threading
from collections.abc import Callable


async def run_detached(work: Callable[[threading.Event], None], *, name: str, leave_seconds: float) -> None:
    """Run `work` in a daemon thread and raise what it raises.

    Cancelled, it sets the event that `work` was given, waits at most `leave_seconds` for it to notice, and goes. A call
    into native code that never returns thus costs one thread, but holds up neither this process's stop nor another
    camera. (asyncio.to_thread has a few threads for all, and the interpreter waits for each of them at its end.)
    """
    loop = asyncio.get_running_loop()
    outcome: asyncio.Future[BaseException | None] = loop.create_future()
    stopped = threading.Event()

    def carry() -> None:
        fault = None
        try:
            work(stopped)
        except BaseException as raised:  # noqa: BLE001  carried over to whoever awaits
            fault = raised
        call_in_loop(loop, outcome.set_result, fault)

    threading.Thread(target=carry, name=name, daemon=True).start()
    try:
        fault = await asyncio.shield(outcome)
    except asyncio.CancelledError:
        stopped.set()
        await asyncio.wait([outcome], timeout=leave_seconds)
        raise
    if fault is not None:
        raise fault


def call_in_loop(loop: asyncio.AbstractEventLoop, call: Callable[..., object], *values: object) -> None:
    """Call in the loop's thread, soon; nothing where the loop has ended, for then nobody waits for it."""
    try:
        loop.call_soon_threadsafe(call, *values)
    except RuntimeError:
        if not loop.is_closed():
            raise
