import asyncio
from threading import get_ident

import pytest

from simulators.rtsp.recording import Recording, Take
from simulators.rtsp.studio import SHELF, Studio
from simulators.rtsp.tone import TRACK
from simulators.scenery.scene import Scene


class Recorder:
    """Makes an empty recording of anything, writes down of what and where, and fails as often as it is told."""

    def __init__(self, failures: int = 0) -> None:
        self.takes: list[Take] = []
        self.threads: set[int] = set()
        self.failures = failures

    def __call__(self, take: Take) -> Recording:
        self.takes.append(take)
        self.threads.add(get_ident())
        if len(self.takes) <= self.failures:
            raise OSError("the encoder failed")
        return Recording(track=TRACK, rate=1, units=())


def a_take(seed: int) -> Take:
    return Take(scene=Scene(seed=seed))


async def test_a_take_is_recorded_once_however_many_ask_and_off_the_event_loop() -> None:
    recorder = Recorder()
    studio = Studio(recorder)
    first, *others = await asyncio.gather(*(studio.recording(a_take(1)) for _ in range(5)))
    assert all(other is first for other in others)
    assert recorder.takes == [a_take(1)]
    assert recorder.threads.isdisjoint({get_ident()})


async def test_a_recording_that_fails_is_tried_again_by_the_next_who_asks() -> None:
    studio = Studio(Recorder(failures=1))
    with pytest.raises(OSError, match="encoder"):
        await studio.recording(a_take(1))
    assert (await studio.recording(a_take(1))).track == TRACK


async def test_the_least_recently_asked_for_goes_when_the_shelf_is_full() -> None:
    recorder = Recorder()
    studio = Studio(recorder)
    for seed in range(SHELF):
        await studio.recording(a_take(seed))
    await studio.recording(a_take(0))
    await studio.recording(a_take(SHELF))
    recorder.takes.clear()
    await studio.recording(a_take(0))
    await studio.recording(a_take(1))
    assert recorder.takes == [a_take(1)]
