import asyncio
import threading
from collections.abc import Callable, Iterator

import pytest

from tests.patience import PATIENCE_SECONDS
from video.detached import MAX_HUNG, Detached
from video.failure import CameraError, Failure

HANG_SECONDS = 0.05


class Clock:
    """By which a call hangs only when the test says so."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def detached(
    *, leave_seconds: float = PATIENCE_SECONDS, hang_seconds: float = HANG_SECONDS, clock: Clock | None = None
) -> Detached:
    return Detached("camera", leave_seconds=leave_seconds, hang_seconds=hang_seconds, clock=clock or Clock())


class NativeCall:
    """Does not return before it is let go; a stop it does not hear."""

    def __init__(self) -> None:
        self.begun = threading.Semaphore(0)
        self.stops: list[threading.Event] = []
        self._let_go = threading.Event()

    def __call__(self, stopped: threading.Event, _: Callable[[], None]) -> None:
        self.stops.append(stopped)
        self.begun.release()
        self._let_go.wait(2 * PATIENCE_SECONDS)

    async def hang(self, camera: Detached, clock: Clock) -> CameraError:
        """How it ends when the call has begun and the time is over."""
        run = asyncio.create_task(camera.run(self))
        await asyncio.to_thread(self.begun.acquire)
        clock.seconds += HANG_SECONDS
        with pytest.raises(CameraError) as hung:
            await run
        return hung.value

    def let_go(self) -> None:
        self._let_go.set()


@pytest.fixture
def native_call() -> Iterator[NativeCall]:
    call = NativeCall()
    yield call
    call.let_go()


async def test_what_the_work_raises_is_raised_here() -> None:
    def work(_: threading.Event, __: Callable[[], None]) -> None:
        raise LookupError("no camera")

    with pytest.raises(LookupError, match="no camera"):
        await detached().run(work)


async def test_cancelled_work_is_told_to_stop_and_waited_for() -> None:
    begun, left = threading.Event(), threading.Event()

    def work(stopped: threading.Event, _: Callable[[], None]) -> None:
        begun.set()
        stopped.wait(PATIENCE_SECONDS)
        left.set()

    task = asyncio.create_task(detached().run(work))
    await asyncio.to_thread(begun.wait)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert left.is_set()


async def test_a_native_call_that_hangs_does_not_hold_up_the_stop(native_call: NativeCall) -> None:
    task = asyncio.create_task(detached(leave_seconds=0.05).run(native_call))
    await asyncio.to_thread(native_call.begun.acquire)
    task.cancel()
    async with asyncio.timeout(PATIENCE_SECONDS):
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_a_native_call_that_hangs_is_left_behind_and_told_to_end_should_it_return(
    native_call: NativeCall,
) -> None:
    clock = Clock()
    camera = detached(clock=clock)
    hung = await native_call.hang(camera, clock)
    assert str(hung) == "camera: hung (a call has not returned for 0.05 s)"
    assert hung.failure is Failure.HUNG
    assert camera.hung == 1
    assert native_call.stops[0].is_set()


async def test_the_camera_is_tried_again_beside_a_call_that_hangs(native_call: NativeCall) -> None:
    clock = Clock()
    camera = detached(clock=clock)
    await native_call.hang(camera, clock)
    tried = threading.Event()
    await camera.run(lambda _, __: tried.set())
    assert tried.is_set()


async def test_work_that_beats_may_take_as_long_as_it_likes() -> None:
    """The clock is our own: each beat comes when all but a breath of the time is over."""
    clock = Clock()
    camera = detached(hang_seconds=10, clock=clock)

    def work(_: threading.Event, beat: Callable[[], None]) -> None:
        for _step in range(100):
            clock.seconds += 9.9
            beat()

    await camera.run(work)
    assert camera.hung == 0


async def test_threads_left_behind_are_bounded_and_one_that_returns_makes_room(native_call: NativeCall) -> None:
    clock = Clock()
    camera = detached(clock=clock)
    for _ in range(MAX_HUNG):
        await native_call.hang(camera, clock)
    with pytest.raises(CameraError, match=rf"hung \({MAX_HUNG} calls have not returned; waiting for one\)"):
        await camera.run(native_call)
    assert len(native_call.stops) == MAX_HUNG
    native_call.let_go()
    async with asyncio.timeout(PATIENCE_SECONDS):
        while camera.hung:
            await asyncio.sleep(0.001)
    await camera.run(lambda _, __: None)


async def test_more_work_than_a_thread_pool_has_threads_runs_at_once() -> None:
    together = threading.Barrier(100, timeout=PATIENCE_SECONDS)
    async with asyncio.TaskGroup() as group:
        for _ in range(100):
            group.create_task(detached().run(lambda _, __: _pass(together)))


def _pass(together: threading.Barrier) -> None:
    together.wait()
