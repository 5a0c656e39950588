"""One camera's stream: a frame every few seconds, dated, handed on. Blocking; belongs into a thread of its own."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from itertools import count
from typing import Protocol

from prometheus_client import Counter

from video.capture_time import CaptureClock
from video.frame import Frame, Picture
from video.pace import Pace

# A frame that had to be waited for as long as this had not been lying in a buffer.
WAITED = timedelta(milliseconds=20)
# So many frames are thrown away at most: a server that sends faster than time passes never makes us wait.
MAX_BACKLOG = 25


class Stream(Protocol):
    """An open stream, as video.opener gives it."""

    def grab(self) -> timedelta: ...

    def retrieve(self) -> Picture: ...

    def close(self) -> None: ...


def sample(
    open_stream: Callable[[], Stream],
    *,
    interval: timedelta,
    now: Callable[[], datetime],
    take: Callable[[Frame], None],
    decoded: Counter,
    stopped: threading.Event,
) -> None:
    """Open the stream and hand a frame to `take` every `interval`, until `stopped` or the stream fails.

    Every key frame is decoded, whether due or not, because reading on is what keeps the buffers empty and so the next
    frame fresh. Raises what `open_stream` and the stream raise.
    """
    pace = Pace(interval)
    with closing(open_stream()) as stream:
        for captured_at in live_moments(stream, now):
            if stopped.is_set():
                return
            decoded.inc()
            if pace.due(captured_at):
                take(Frame(captured_at=captured_at, picture=stream.retrieve()))


def live_moments(stream: Stream, now: Callable[[], datetime]) -> Iterator[datetime]:
    """The time of capture of each frame grabbed, from the first on that had not waited for us in a buffer."""
    clock = CaptureClock()
    live = False
    for index in count():
        asked_at = now()
        stream_time = stream.grab()
        read_at = now()
        live = live or read_at - asked_at >= WAITED or index == MAX_BACKLOG
        if live:
            yield clock.captured_at(stream_time, read_at)
