"""Pure: when a frame was captured, from the stream's own clock and the moment it reached us."""

from collections import deque
from datetime import datetime, timedelta
from typing import NamedTuple

# How far back the fastest frame is looked for. At a drift of 100 ppm between two clocks, 5 min add 30 ms of error.
WINDOW = timedelta(minutes=5)


class Passage(NamedTuple):
    """When a frame reached us, and how far our clock then stood ahead of the stream's."""

    read_at: datetime
    ahead: timedelta


class CaptureClock:
    """Dates the frames of one connection: the moment a frame was read, less the time it was held up on its way.

    RTP timestamps (RFC 3550, 5.1) tell the distance between frames, not the time of day. The frame that crossed
    fastest within the last minutes is taken as not held up; each other one was late by what it took longer. So a burst
    that waited in a buffer while the link was down carries the times of its capture, not of its arrival.

    The sender reports that would give the camera's time of day are left aside: a camera's clock is often wrong by
    minutes, and its error would show as age. What remains unknown is the delay of the fastest frame itself: encoding,
    network, and one frame's time in FFmpeg's parser, which waits for the next (200 ms at 5 frames a second).

    Frames that waited while the stream was opened must be thrown away before: the first one given here sets the scale.
    """

    def __init__(self) -> None:
        # Passages with `ahead` rising: the first is the fastest, each later one the fastest since. At most one per
        # frame of the window.
        self._fastest: deque[Passage] = deque()
        self._stream_time: timedelta | None = None

    def captured_at(self, stream_time: timedelta, read_at: datetime) -> datetime:
        """`stream_time` is the frame's presentation time since the stream began, `read_at` our clock when it came."""
        passage = Passage(read_at, timedelta(seconds=read_at.timestamp()) - stream_time)
        if self._stream_time is None or stream_time <= self._stream_time:
            self._fastest.clear()  # a stream whose clock stands still or went back says nothing about what was before
        self._stream_time = stream_time
        self._remember(passage)
        return read_at - (passage.ahead - self._fastest[0].ahead)

    def _remember(self, passage: Passage) -> None:
        while self._fastest and self._fastest[-1].ahead >= passage.ahead:
            self._fastest.pop()
        self._fastest.append(passage)
        while self._fastest[0].read_at < passage.read_at - WINDOW:
            self._fastest.popleft()
