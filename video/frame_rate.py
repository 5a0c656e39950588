"""Pure: how many frames a second came lately."""

from collections import deque
from typing import Final

WINDOW_SECONDS: Final = 60


class FrameRate:
    """Frames of the last minute, counted by the second: 60 numbers at any rate. Times are seconds, never going back."""

    def __init__(self) -> None:
        self._began: float | None = None
        # A second and how many frames came within it, for the seconds with any.
        self._counts: deque[list[int]] = deque(maxlen=WINDOW_SECONDS)

    def frame(self, at: float) -> None:
        if self._began is None:
            self._began = at  # the frame from which the distance to the next is measured
            return
        second = int(at)
        if not self._counts or second > self._counts[-1][0]:
            self._counts.append([second, 1])
        else:
            self._counts[-1][1] += 1

    def per_second(self, now: float) -> float:
        """Over the last minute, or since the first frame; 0 without any."""
        if self._began is None:
            return 0.0
        since = int(now) - WINDOW_SECONDS
        frames = sum(count for second, count in self._counts if second > since)
        seconds = now - max(self._began, since + 1)
        return frames / seconds if seconds > 0 else 0.0
