"""Pure: what the connection to one camera has been like within the last hour."""

from collections import deque
from dataclasses import dataclass
from enum import Enum, auto
from statistics import median
from typing import Final

from video.frame_rate import FrameRate
from video.grade import LinkHour

HOUR_SECONDS: Final = 3600.0
# A silence of more than three expected distances is a stall; but not below 5 s, for frames jitter.
STALL_DISTANCES: Final = 3
SHORTEST_STALL_SECONDS: Final = 5.0
# Distances of which the expected one is the median: a minute of key frames.
DISTANCES: Final = 31
# A camera is offline after so long without a frame; no stream is entitled to longer distances.
LONGEST_DISTANCE_SECONDS: Final = 20.0
# Beyond, the oldest silence is forgotten. So many stalls or losses are unusable anyway (see video.grade).
MAX_SILENCES: Final = 256


class _Link(Enum):
    AWAITED = auto()  # no frame yet
    RUNNING = auto()
    LOST = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Silence:
    """From the moment the frame before was out of date to the next one; none at all where that came quickly enough."""

    link: _Link
    since: float
    until: float


class LinkHistory:
    """Told of each frame and of each failure of one camera, it knows the hour behind it.

    All times are seconds of a clock that is never set, such as the event loop's: a change of the time of day is no
    stall. A time before the newest one known counts as that one. For one thread at a time.

    - A frame covers the time until the next is expected: the sampling interval, or the median distance of the camera's
      frames where that is longer. What is not covered is silence.
    - A stall is a long silence while the connection stood. One that ends in a loss is that loss.
    - A reconnect is the loss of a connection that had delivered, however many attempts the return takes; it counts from
      the loss on. Waiting for the first frame of all is therefore none, but silence it is.
    - The hour begins with the first frame or failure told: what was before is nobody's fault.
    """

    def __init__(self, *, interval_seconds: float) -> None:
        self._interval = interval_seconds
        # A frame that comes within this ends no stall, whatever the median: the one test that every frame pays for.
        self._patience = max(STALL_DISTANCES * interval_seconds, SHORTEST_STALL_SECONDS)
        self._link = _Link.AWAITED
        self._began: float | None = None
        self._newest = 0.0  # the last frame; before the first one, the beginning
        self._distances: deque[float] = deque(maxlen=DISTANCES)
        self._silences: deque[_Silence] = deque(maxlen=MAX_SILENCES)
        self._rate = FrameRate()

    def frame(self, at: float) -> None:
        """A frame came, whether sampled or not."""
        at = max(at, self._newest)
        if self._link is not _Link.AWAITED:
            self._further_frame(at)
        elif self._began is None:
            self._begin(at)
            self._link = _Link.RUNNING
        else:
            self._end_silence(at)
        self._newest = at
        self._rate.frame(at)

    def lost(self, at: float) -> None:
        """An attempt at this camera failed: it did not open, or an open stream ended."""
        if self._link is _Link.AWAITED:
            self._begin(at)
        else:
            self._link = _Link.LOST

    def frames_per_second(self, now: float) -> float:
        """Over the last minute, or since the first frame."""
        return self._rate.per_second(max(now, self._newest))

    def hour(self, now: float) -> LinkHour | None:
        """The hour until now, or as much of it as there was; None before the first frame or failure."""
        if self._began is None:
            return None
        now = max(now, self._newest)
        start = max(self._began, now - HOUR_SECONDS)
        known = (*self._silences, self._silence(now))
        silences = [silence for silence in known if silence and silence.until >= start]
        links = [silence.link for silence in silences]
        silent = sum(silence.until - max(silence.since, start) for silence in silences)
        return LinkHour(
            reconnects=links.count(_Link.LOST),
            stalls=links.count(_Link.RUNNING),
            covered_ratio=1 - silent / (now - start) if now > start else float(self._link is _Link.RUNNING),
        )

    def _begin(self, at: float) -> None:
        if self._began is None:
            self._began = self._newest = at

    def _further_frame(self, at: float) -> None:
        distance = at - self._newest
        # Also across a loss: losses between the same frames must not make other distances the expected ones.
        self._distances.append(distance)
        if self._link is _Link.LOST or distance > self._patience:
            self._end_silence(at)

    def _end_silence(self, at: float) -> None:
        if silence := self._silence(at):
            self._silences.append(silence)
        self._link = _Link.RUNNING

    def _silence(self, until: float) -> _Silence | None:
        """The silence since the newest frame; none where the connection stands and the next frame is not yet missed."""
        expected = self._expected_distance()
        shortest = max(STALL_DISTANCES * expected, SHORTEST_STALL_SECONDS)
        if self._link is _Link.RUNNING and until - self._newest <= shortest:
            return None
        covered = 0.0 if self._link is _Link.AWAITED else expected
        return _Silence(link=self._link, since=min(self._newest + covered, until), until=until)

    def _expected_distance(self) -> float:
        usual = median(self._distances) if self._distances else 0.0
        return max(self._interval, min(usual, LONGEST_DISTANCE_SECONDS))
