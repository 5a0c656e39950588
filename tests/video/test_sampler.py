"""The sampler against streams of our own making, on a clock that only the streams move."""

import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from video.decoding import SHORT_IN_A_ROW, Decoding, Mode
from video.failure import CameraError, Failure
from video.frame import Frame, Picture
from video.sampler import MAX_BACKLOG, Sampler
from video.stream import Grabbed

START = datetime(2026, 1, 1, tzinfo=UTC)

Frames = Iterable[tuple[float, float]]
"""When a frame was captured by the stream's clock, and when it can be read, in seconds."""


class Clock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        return START + timedelta(seconds=self.seconds)


class ScriptedStream:
    """Delivers key frames at given moments, then fails; `rechecks` are the answers to whether its size is the same."""

    def __init__(
        self,
        clock: Clock,
        frames: Frames,
        failure: Failure = Failure.CLOSED,
        *,
        key_every: int = 1,
        rechecks: Iterable[bool | Failure] = (),
    ) -> None:
        self.closed = False
        self.failure = failure
        self._clock = clock
        self._frames = enumerate(frames)
        self._key_every = key_every
        self._rechecks = iter(rechecks)

    def grab(self) -> Grabbed:
        for index, (stream_time, readable_at) in self._frames:
            self._clock.seconds = max(self._clock.seconds, readable_at)
            return Grabbed(timedelta(seconds=stream_time), index % self._key_every == 0)
        raise self.error(self.failure)

    def retrieve(self) -> Picture:
        return np.zeros((2, 2, 3), np.uint8)

    def recheck(self) -> bool:
        answer = next(self._rechecks)
        if isinstance(answer, Failure):
            raise self.error(answer)
        return answer

    def error(self, failure: Failure, detail: str = "") -> CameraError:
        return CameraError(failure, "camera", detail)

    def close(self) -> None:
        self.closed = True


@dataclass
class Sampled:
    """What came of sampling one stream after another: times in seconds, and in which modes they were opened."""

    taken: list[float] = field(default_factory=list)
    modes: list[Mode] = field(default_factory=list)
    seen: int = 0
    beats: int = 0

    def run(
        self,
        clock: Clock,
        streams: Iterable[ScriptedStream | Failure],
        *,
        stopped: threading.Event | None = None,
        recheck_seconds: float = 60,
    ) -> Failure | None:
        """Until a stream fails for good, and how; None where it ended because it was told to."""
        opening = iter(streams)

        def open_stream(mode: Mode) -> ScriptedStream:
            self.modes.append(mode)
            stream = next(opening)
            if isinstance(stream, Failure):
                raise CameraError(stream, "camera")
            return stream

        sampler = Sampler(
            open_stream=open_stream,
            decoding=Decoding(beyond=timedelta(seconds=6)),
            interval=timedelta(seconds=2),
            recheck=timedelta(seconds=recheck_seconds),
            now=clock.now,
            take=self._take,
            seen=self._see,
        )
        try:
            sampler.sample(stopped or threading.Event(), self._beat)
        except CameraError as failed:
            return failed.failure
        return None

    def _take(self, frame: Frame) -> None:
        self.taken.append((frame.captured_at - START).total_seconds())

    def _see(self) -> None:
        self.seen += 1

    def _beat(self) -> None:
        self.beats += 1


def sampled(frames: Frames) -> list[float]:
    """The times of capture of all samples, 2 s apart by setting, until the stream is closed."""
    clock, result = Clock(), Sampled()
    assert result.run(clock, [ScriptedStream(clock, frames)]) is Failure.CLOSED
    return result.taken


def live(*seconds: float) -> Iterator[tuple[float, float]]:
    """Frames that come when they are captured."""
    return ((second, second) for second in seconds)


def test_one_frame_per_interval_is_taken() -> None:
    assert sampled(live(1, 2, 3, 4, 5, 6, 7)) == [1, 3, 5, 7]


def test_frames_that_waited_while_the_stream_was_opened_are_thrown_away() -> None:
    backlog = [(0.0, 0.0), (1.0, 0.0), (2.0, 0.0)]
    assert sampled([*backlog, (3, 0.5), (5, 2.5)]) == [0.5, 2.5]


def test_a_server_that_sends_faster_than_time_passes_is_sampled_all_the_same() -> None:
    assert len(sampled((second, 0.0) for second in range(MAX_BACKLOG + 1))) == 1


def test_a_burst_after_a_hiccup_is_dated_by_capture() -> None:
    frames = [(1, 1), (3, 3), (5, 11), (7, 11), (9, 11), (11, 11)]
    assert sampled(frames) == [1, 3, 5, 7, 9, 11]


def test_a_link_slower_than_the_stream_is_opened_anew_before_its_old_pictures_pass_for_new() -> None:
    clock, result = Clock(), Sampled()
    slow = ScriptedStream(clock, ((second, 2 * second - 1) for second in range(1, 100, 2)))
    assert result.run(clock, [slow]) is Failure.LATE
    assert result.taken == list(range(1, 32, 2))
    assert slow.closed


def test_a_lost_stream_is_closed() -> None:
    clock = Clock()
    stream = ScriptedStream(clock, live(1))
    Sampled().run(clock, [stream])
    assert stream.closed


def test_a_sampler_told_to_stop_closes_and_takes_nothing_more() -> None:
    clock, stopped, result = Clock(), threading.Event(), Sampled()

    def stopping() -> Iterator[tuple[float, float]]:
        yield 1, 1
        stopped.set()
        yield 3, 3

    stream = ScriptedStream(clock, stopping())
    assert result.run(clock, [stream], stopped=stopped) is None
    assert result.taken == [1]
    assert stream.closed


def test_every_frame_decoded_is_counted_and_a_sign_of_life() -> None:
    clock, result = Clock(), Sampled()
    result.run(clock, [ScriptedStream(clock, live(1, 2, 3, 4))])
    assert result.seen == 4
    assert result.beats >= 4


def test_key_frames_far_apart_are_followed_by_a_stream_of_every_frame() -> None:
    clock, result = Clock(), Sampled()
    few = ScriptedStream(clock, live(1, 11, 21, 31))
    many = ScriptedStream(clock, live(*(22 + tenth / 10 for tenth in range(100))), key_every=100)
    assert result.run(clock, [few, many]) is Failure.CLOSED
    assert result.modes == [Mode.KEY_FRAMES, Mode.EVERY_FRAME]
    assert few.closed
    assert result.taken == pytest.approx([1, 11, 21, 22.8, 24.8, 26.8, 28.8, 30.8])


def test_key_frames_that_come_often_again_are_enough_again() -> None:
    clock, result = Clock(), Sampled()
    few = ScriptedStream(clock, live(1, 11, 21))
    many = ScriptedStream(clock, live(*(22 + second for second in range(SHORT_IN_A_ROW + 5))))
    again = ScriptedStream(clock, live(41, 43))
    assert result.run(clock, [few, many, again]) is Failure.CLOSED
    assert result.modes == [Mode.KEY_FRAMES, Mode.EVERY_FRAME, Mode.KEY_FRAMES]


def test_a_camera_that_sends_without_key_frames_is_opened_for_every_frame_at_once() -> None:
    clock, result = Clock(), Sampled()
    assert result.run(clock, [Failure.GARBAGE, ScriptedStream(clock, live(1, 3))]) is Failure.CLOSED
    assert result.modes == [Mode.KEY_FRAMES, Mode.EVERY_FRAME]


def test_a_camera_of_garbage_ends_the_attempt_when_every_frame_is_garbage_too() -> None:
    result = Sampled()
    assert result.run(Clock(), [Failure.GARBAGE, Failure.GARBAGE]) is Failure.GARBAGE
    assert result.modes == [Mode.KEY_FRAMES, Mode.EVERY_FRAME]


def test_a_stream_that_stalls_ends_the_attempt() -> None:
    clock, result = Clock(), Sampled()
    assert result.run(clock, [ScriptedStream(clock, live(1, 3, 5), Failure.STALLED)]) is Failure.STALLED
    assert result.modes == [Mode.KEY_FRAMES]


def test_a_camera_that_announces_another_size_ends_the_attempt() -> None:
    clock, result = Clock(), Sampled()
    stream = ScriptedStream(clock, live(*range(1, 200, 2)), rechecks=[True, Failure.RESIZED])
    assert result.run(clock, [stream]) is Failure.RESIZED
    assert result.taken[-1] == 121


def test_a_camera_that_does_not_answer_while_it_plays_is_not_asked_again() -> None:
    clock, result = Clock(), Sampled()
    stream = ScriptedStream(clock, live(*range(1, 300, 2)), rechecks=[True, False])
    assert result.run(clock, [stream]) is Failure.CLOSED
