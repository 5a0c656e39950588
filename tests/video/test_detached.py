import asyncio
import threading

import pytest

from video.detached import run_detached


async def test_what_the_work_raises_is_raised_here() -> None:
    def work(_: threading.Event) -> None:
        raise LookupError("no camera")

    with pytest.raises(LookupError, match="no camera"):
        await run_detached(work, name="test", leave_seconds=1)


async def test_cancelled_work_is_told_to_stop_and_waited_for() -> None:
    left = threading.Event()
    begun = asyncio.Event()
    loop = asyncio.get_running_loop()

    def work(stopped: threading.Event) -> None:
        loop.call_soon_threadsafe(begun.set)
        stopped.wait(10)
        left.set()

    task = asyncio.create_task(run_detached(work, name="test", leave_seconds=5))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert left.is_set()


async def test_a_native_call_that_hangs_does_not_hold_up_the_stop() -> None:
    hang = threading.Event()
    begun = asyncio.Event()
    loop = asyncio.get_running_loop()

    def work(_: threading.Event) -> None:
        loop.call_soon_threadsafe(begun.set)
        hang.wait(30)

    task = asyncio.create_task(run_detached(work, name="test", leave_seconds=0.05))
    await begun.wait()
    task.cancel()
    async with asyncio.timeout(2):
        with pytest.raises(asyncio.CancelledError):
            await task
    hang.set()


async def test_more_work_than_a_thread_pool_has_threads_runs_at_once() -> None:
    together = threading.Barrier(100)
    async with asyncio.TaskGroup() as group:
        for index in range(100):
            group.create_task(run_detached(lambda _: _pass(together), name=f"test {index}", leave_seconds=1))


def _pass(together: threading.Barrier) -> None:
    together.wait(20)
