"""An open stream: frame after frame, and by which name it ended."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Final, NamedTuple, cast

import cv2

from video.decoding import Mode
from video.describe import describe
from video.failure import CameraError, Failure
from video.frame import Picture
from video.rtsp.sdp import VideoTrack
from video.source import Source

# OpenCV says no more than "no frame". A connection that was closed says so at once, again and again; data that cannot
# be decoded says so once per packet, and the next packet may be good.
ATTEMPTS: Final = 50
AT_ONCE_SECONDS: Final = 0.5
# OpenCV looks at its timeout when it wakes up, which may be a little before we do.
NEARLY: Final = 0.9
# A single picture may be marked oddly; FFmpeg that ignores our options gives nothing but odd ones.
MAX_ODD: Final = 3
# The stream waits meanwhile. A camera that takes longer is asked another time.
RECHECK_SECONDS: Final = 3.0


class OptionsIgnoredError(Exception):
    """Key frames only were asked for, and others came: a misspelt option, which FFmpeg ignores without a word."""


class Grabbed(NamedTuple):
    """A decoded frame: its presentation time since the stream began, and whether a decoder could begin with it."""

    stream_time: timedelta
    is_key: bool


class RtspStream:
    """Every call blocks, without holding the interpreter's lock. For one thread at a time."""

    def __init__(
        self,
        capture: cv2.VideoCapture,
        source: Source,
        track: VideoTrack,
        *,
        mode: Mode,
        patience: timedelta,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.mode = mode
        self.track = track
        self._capture = capture
        self._source = source
        self._patience_seconds = patience.total_seconds() * NEARLY
        self._clock = clock
        self._waited = 0.0
        self._odd = 0

    def grab(self) -> Grabbed:
        """Wait for the next frame: a key frame in Mode.KEY_FRAMES.

        Raises CameraError: STALLED, CLOSED or GARBAGE, after which the stream is dead; and OptionsIgnoredError.
        """
        began = self._clock()
        failed_at = None
        for _ in range(ATTEMPTS):
            grabbed = self._capture.grab()
            waited = self._clock() - began
            if grabbed:
                self._waited = waited
                return self._grabbed()
            failed_at = waited if failed_at is None else failed_at
            if waited >= self._patience_seconds:
                break
        raise self._lost(waited, spread=waited - (failed_at or 0.0))

    def retrieve(self) -> Picture:
        """The picture of the frame last grabbed. Raises CameraError: GARBAGE."""
        retrieved, picture = self._capture.retrieve()
        if not retrieved:
            raise self.error(Failure.GARBAGE, "a frame that cannot be converted")
        return cast("Picture", picture)

    def recheck(self) -> bool:
        """Ask whether the camera still announces the pictures that this stream was opened for.

        OpenCV would go on in the old size, silently rescaled. True: it does; False: it gave no answer, or another one
        each time, and a stream that runs is proof enough of its life. Raises CameraError: RESIZED.
        """
        try:
            announced = self._announced()
            if announced == (self.track.codec, self.track.shape):
                return True
            if self._announced() != announced:
                return False
        except CameraError:
            return False
        raise self.error(Failure.RESIZED)

    def _announced(self) -> tuple[str, tuple[str, ...]]:
        track = describe(self._source, timeout_seconds=RECHECK_SECONDS)
        return track.codec, track.shape

    def close(self) -> None:
        self._capture.release()

    def error(self, failure: Failure, detail: str = "") -> CameraError:
        """To be raised: this stream ended by that name."""
        return CameraError(failure, self._source.url, detail)

    def _grabbed(self) -> Grabbed:
        """In Mode.EVERY_FRAME a key frame is what both decoder and packet call one: else going back to key frames
        alone would wait for pictures that do not come (an I picture without IDR, a gradual refresh).
        """
        intra = chr(int(self._capture.get(cv2.CAP_PROP_FRAME_TYPE))) == "I"
        self._odd = 0 if intra else self._odd + 1
        if self.mode is Mode.KEY_FRAMES and self._odd >= MAX_ODD:
            raise OptionsIgnoredError(f"{self._source.url}: {OptionsIgnoredError.__doc__}")
        is_key = intra and bool(self._capture.get(cv2.CAP_PROP_LRF_HAS_KEY_FRAME))
        milliseconds = self._capture.get(cv2.CAP_PROP_POS_MSEC)
        return Grabbed(timedelta(milliseconds=milliseconds), is_key or self.mode is Mode.KEY_FRAMES)

    def _lost(self, waited: float, *, spread: float) -> CameraError:
        """The frame before may have been the last one in the decoder, which OpenCV hands out after its own timeout."""
        if max(waited, self._waited) >= self._patience_seconds:
            return self.error(Failure.STALLED, f"no picture for {max(waited, self._waited):.0f} s")
        if spread >= AT_ONCE_SECONDS:
            return self.error(Failure.GARBAGE, "data that cannot be decoded")
        return self.error(Failure.CLOSED)
