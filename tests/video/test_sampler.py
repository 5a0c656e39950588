"""The sampler against a stream of our own making, on a clock that only the stream moves."""

import threading
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import partial

import numpy as np
import pytest
from prometheus_client import CollectorRegistry, Counter

from video.frame import Frame, Picture
from video.opener import StreamLostError
from video.sampler import MAX_BACKLOG, sample

START = datetime(2026, 1, 1, tzinfo=UTC)


class ScriptedStream:
    """Delivers frames at given moments, as (stream time, when it can be read) in seconds, and is then lost."""

    def __init__(self, frames: Iterable[tuple[float, float]]) -> None:
        self.seconds = 0.0
        self.closed = False
        self._frames = iter(frames)

    def now(self) -> datetime:
        return START + timedelta(seconds=self.seconds)

    def grab(self) -> timedelta:
        for stream_time, readable_at in self._frames:
            self.seconds = max(self.seconds, readable_at)
            return timedelta(seconds=stream_time)
        raise StreamLostError("the script is over")

    def retrieve(self) -> Picture:
        return np.zeros((2, 2, 3), np.uint8)

    def close(self) -> None:
        self.closed = True


def decoded() -> Counter:
    return Counter("decoded", "Frames", registry=CollectorRegistry())


def sampled(stream: ScriptedStream, *, stopped: threading.Event | None = None) -> list[float]:
    """The times of capture of all samples, in seconds, 2 s apart by setting, until the stream is lost."""
    taken: list[Frame] = []
    run = partial(
        sample,
        lambda: stream,
        interval=timedelta(seconds=2),
        now=stream.now,
        take=taken.append,
        decoded=decoded(),
        stopped=stopped or threading.Event(),
    )
    if stopped:
        run()
    else:
        with pytest.raises(StreamLostError):
            run()
    return [(frame.captured_at - START).total_seconds() for frame in taken]


def test_one_frame_per_interval_is_taken() -> None:
    assert sampled(ScriptedStream((second, second) for second in range(1, 8))) == [1, 3, 5, 7]


def test_frames_that_waited_while_the_stream_was_opened_are_thrown_away() -> None:
    backlog = [(0.0, 0.0), (1.0, 0.0), (2.0, 0.0)]
    assert sampled(ScriptedStream([*backlog, (3, 0.5), (5, 2.5)])) == [0.5, 2.5]


def test_a_server_that_sends_faster_than_time_passes_is_sampled_all_the_same() -> None:
    assert len(sampled(ScriptedStream((second, 0.0) for second in range(MAX_BACKLOG + 1)))) == 1


def test_a_burst_after_a_hiccup_is_dated_by_capture() -> None:
    frames = [(1, 1), (3, 3), (5, 11), (7, 11), (9, 11), (11, 11)]
    assert sampled(ScriptedStream(frames)) == [1, 3, 5, 7, 9, 11]


def test_a_lost_stream_is_closed() -> None:
    stream = ScriptedStream([(1, 1)])
    sampled(stream)
    assert stream.closed


def test_a_sampler_told_to_stop_closes_and_returns() -> None:
    stream, stopped = ScriptedStream([(1, 1), (2, 2)]), threading.Event()
    stopped.set()
    assert sampled(stream, stopped=stopped) == []
    assert stream.closed
