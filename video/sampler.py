"""One camera's stream: a frame every few seconds, dated, handed on. Blocking; belongs into a thread of its own."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Protocol

from video.capture_time import CaptureClock
from video.decoding import Decoding, Mode
from video.failure import CameraError, Failure
from video.frame import Frame, Picture
from video.pace import Pace
from video.recheck import Recheck
from video.stream import Grabbed

# A frame that had to be waited for as long as this had not been lying in a buffer.
WAITED = timedelta(milliseconds=20)
# So many frames are thrown away at most: a server that sends faster than time passes never makes us wait. Ten seconds
# of every frame, 25 a second.
MAX_BACKLOG = 250
# Who is so far behind does not catch up by himself: opened anew, the stream begins with what is now. A clock of ours
# that was set by so much looks the same, and costs as little.
MAX_LAG = timedelta(seconds=30)


class Stream(Protocol):
    """An open stream, as video.opener gives it."""

    def grab(self) -> Grabbed: ...

    def retrieve(self) -> Picture: ...

    def recheck(self) -> bool: ...

    def error(self, failure: Failure, detail: str = "") -> CameraError: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampler:
    """How one camera is sampled. All is called in the thread that runs `sample`.

    `open_stream` gives a stream that has delivered. `take` gets a frame every `interval`, `seen` is called for each
    frame decoded, `beat` whenever a call that may hang has come back. `recheck` is how often the camera is asked
    whether it still sends pictures of the size it was opened with; zero for never.
    """

    open_stream: Callable[[Mode], Stream]
    decoding: Decoding
    interval: timedelta
    recheck: timedelta
    now: Callable[[], datetime]
    take: Callable[[Frame], None]
    seen: Callable[[], None]

    def sample(self, stopped: threading.Event, beat: Callable[[], None]) -> None:
        """Sample until `stopped`, or until the stream fails; a change of what is decoded opens it anew.

        Raises CameraError, and what else `open_stream` and the stream raise.
        """
        pace = Pace(self.interval)
        while not stopped.is_set():
            self.decoding.begin()
            try:
                self._one_stream(pace, stopped, beat)
            except CameraError as lost:
                if stopped.is_set() or not self.decoding.failed(lost.failure):
                    raise
            beat()

    def _one_stream(self, pace: Pace, stopped: threading.Event, beat: Callable[[], None]) -> None:
        """Until `stopped` or for as long as its mode is the right one.

        Every frame that comes is grabbed, due or not: reading on keeps the buffers empty and so the next frame fresh.
        """
        mode = self.decoding.mode
        recheck = Recheck(self.recheck)
        with closing(self.open_stream(mode)) as stream:
            if stopped.is_set():
                return  # who was left behind as hung has a successor, whose decoding this is
            self.decoding.opened()
            for grabbed, captured_at in live_frames(stream, self.now):
                if stopped.is_set():
                    return
                beat()
                self.seen()
                self.decoding.saw(grabbed.stream_time, is_key=grabbed.is_key)
                if pace.due(captured_at):
                    self.take(Frame(captured_at=captured_at, picture=stream.retrieve()))
                    beat()
                if self.decoding.mode is not mode:
                    return
                if grabbed.is_key and recheck.due(grabbed.stream_time) and not stream.recheck():
                    recheck = Recheck(timedelta(0))  # a camera with room for one need not be asked again


def live_frames(stream: Stream, now: Callable[[], datetime]) -> Iterator[tuple[Grabbed, datetime]]:
    """Each frame grabbed with its time of capture, from the first on that had not waited for us in a buffer.

    Raises CameraError: LATE where they lag behind by more than MAX_LAG.
    """
    clock = CaptureClock()
    live = False
    for index in count():
        asked_at = now()
        grabbed = stream.grab()
        read_at = now()
        live = live or read_at - asked_at >= WAITED or index == MAX_BACKLOG
        if live:
            captured_at = clock.captured_at(grabbed.stream_time, read_at)
            if read_at - captured_at > MAX_LAG:
                raise stream.error(Failure.LATE)
            yield grabbed, captured_at
