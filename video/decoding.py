"""Pure: which frames of a camera are worth decoding, from the distance of its key frames."""

from datetime import timedelta
from enum import StrEnum
from typing import Final

from video.failure import Failure

# One long distance may be a camera that hiccupped.
LONG_IN_A_ROW: Final = 2
# The way back is slow: a camera that stretches its key frames when nothing moves does so again and again.
SHORT_IN_A_ROW: Final = 10
# Shorter than `beyond` by so much, or a camera right at the limit would go to and fro.
CLEARLY_SHORT: Final = 0.75


class Mode(StrEnum):
    KEY_FRAMES = "key_frames"
    """Key frames only: a fifth to a seventh of the work, one picture per group of pictures (GOP)."""
    EVERY_FRAME = "every_frame"
    """All are decoded; only those that are due are made into pictures."""


class Decoding:
    """The mode for one camera; it outlives connections, for a camera keeps its habits.

    Key frames further apart than `beyond` force every frame to be decoded. So does a camera that sends, and whose key
    frames do not come within the read timeout: the next one may be minutes away.
    """

    def __init__(self, *, beyond: timedelta) -> None:
        self.mode = Mode.KEY_FRAMES
        self._beyond = beyond
        self.begin()

    def begin(self) -> None:
        """A new connection is tried: what lies between its first frame and the last one's says nothing."""
        self._last_key: timedelta | None = None
        self._opened = False
        self._frames = 0
        self._long = self._short = 0

    def opened(self) -> None:
        """A first frame came, to be thrown away: it may have waited."""
        self._opened = True

    def saw(self, stream_time: timedelta, *, is_key: bool) -> None:
        """A frame was decoded at that time of the stream. May change the mode: then open anew."""
        self._frames += 1
        if not is_key:
            return
        if self._last_key is not None:
            self._judge(stream_time - self._last_key)
        self._last_key = stream_time

    def failed(self, failure: Failure) -> bool:
        """Whether another mode, now set, may see what this one did not."""
        if self.mode is Mode.EVERY_FRAME:
            if not self._opened:
                self.mode = Mode.KEY_FRAMES  # it was not for a lack of key frames
            return False
        suspect = Failure.STALLED if self._opened else Failure.GARBAGE
        if failure is not suspect or self._frames > 1:
            return False
        self.mode = Mode.EVERY_FRAME
        return True

    def _judge(self, distance: timedelta) -> None:
        self._long = self._long + 1 if distance > self._beyond else 0
        self._short = self._short + 1 if timedelta(0) < distance < self._beyond * CLEARLY_SHORT else 0
        if self._long >= LONG_IN_A_ROW:
            self.mode = Mode.EVERY_FRAME
        if self._short >= SHORT_IN_A_ROW:
            self.mode = Mode.KEY_FRAMES
