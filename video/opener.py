"""One honest attempt at a camera's stream. The only importer of cv2.VideoCapture.

What OpenCV's FFmpeg backend really does with these settings was measured; README.md has the reasons.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Final

import cv2

from video.capture_options import VARIABLE, CaptureOptions
from video.decoding import Mode
from video.describe import describe, why_no_picture
from video.failure import CameraError, Failure
from video.source import Source
from video.stream import RtspStream

# TCP, or lost packets smear the picture; no waiting for 26 frames to guess a frame rate; no sound.
COMMON_OPTIONS: Final = "rtsp_transport;tcp|fpsprobesize;0|allowed_media_types;video"
# A wrong spelling in here is ignored without a word: what it does is proved by the frames, in video.stream.
OPTIONS: Final[Mapping[Mode, str]] = MappingProxyType(
    {Mode.KEY_FRAMES: f"{COMMON_OPTIONS}|avdiscard;nonkey", Mode.EVERY_FRAME: COMMON_OPTIONS}
)
# For the environment of the process, before its first thread begins.
FFMPEG_ENVIRONMENT: Final[Mapping[str, str]] = MappingProxyType(
    {
        VARIABLE: OPTIONS[Mode.KEY_FRAMES],
        # Without it one lock serialises all opens, and a mute camera holds up every other one.
        "OPENCV_FFMPEG_IS_THREAD_SAFE": "1",
        # Quiet: FFmpeg would fill standard error for as long as a stream is garbage. What matters is raised.
        "OPENCV_FFMPEG_LOGLEVEL": "-8",
    }
)
# What opening may take beyond its timeouts: a name to look up, the turn for other options, a busy machine.
MARGIN: Final = timedelta(seconds=15)
AT_ONCE_SECONDS: Final = 1.0
AGAIN_SECONDS: Final = 1.0


class WrongEnvironmentError(Exception):
    """The process was started without the environment that OpenCV needs to sample cheaply and in parallel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """`open` for each question and for the open itself, `read` for the next key frame."""

    open: timedelta
    read: timedelta

    def patience(self, mode: Mode) -> timedelta:
        """How long to wait for a frame. Who decodes every frame does so because key frames are far apart."""
        return self.read if mode is Mode.KEY_FRAMES else 2 * self.read

    @property
    def hang(self) -> timedelta:
        """No call of an open stream, nor opening one, takes so long unless it hangs."""
        return 4 * self.open + self.patience(Mode.EVERY_FRAME) + MARGIN


def prepare(environment: Mapping[str, str]) -> None:
    """Once per process: raises WrongEnvironmentError unless FFMPEG_ENVIRONMENT is part of its environment.

    OpenCV's own warnings, one for each open, are switched off with it.
    """
    wrong = [name for name, value in FFMPEG_ENVIRONMENT.items() if environment.get(name) != value]
    if VARIABLE in wrong and environment.get(VARIABLE) in OPTIONS.values():
        wrong.remove(VARIABLE)  # cameras have been watched before, and the last of them needed every frame
    if wrong:
        raise WrongEnvironmentError(f"the process needs FFMPEG_ENVIRONMENT; not or otherwise set: {', '.join(wrong)}")
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_ERROR)


class Opener:
    """Opens the streams of all cameras of a process, each call in its camera's own thread."""

    def __init__(
        self,
        options: CaptureOptions,
        timeouts: Timeouts,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._options = options
        self.timeouts = timeouts
        self._clock = clock
        self._sleep = sleep

    def open_stream(self, source: Source, mode: Mode) -> RtspStream:
        """A stream that has delivered: its first frame came, and is thrown away because it waited while we opened.

        Asks the camera first: only that tells why it cannot be played. Blocks for `Timeouts.hang` at the most.
        Raises CameraError with any failure but RESIZED and HUNG.
        """
        track = describe(source, timeout_seconds=self.timeouts.open.total_seconds())
        capture = self._capture(source, mode)
        stream = RtspStream(capture, source, track, mode=mode, patience=self.timeouts.patience(mode), clock=self._clock)
        try:
            stream.grab()
        except CameraError as lost:
            stream.close()
            if lost.failure is not Failure.STALLED:
                raise
            raise self._why(source, Failure.GARBAGE) from lost
        return stream

    def _capture(self, source: Source, mode: Mode) -> cv2.VideoCapture:
        """Tried twice where FFmpeg is refused at once: a camera may not yet have put away what our question cost it."""
        began = self._clock()
        capture = self._opened(source, mode)
        if not capture.isOpened() and self._clock() - began < AT_ONCE_SECONDS:
            self._sleep(AGAIN_SECONDS)
            capture = self._opened(source, mode)
        if not capture.isOpened():
            raise self._why(source, Failure.UNPLAYABLE)
        return capture

    def _opened(self, source: Source, mode: Mode) -> cv2.VideoCapture:
        parameters = _parameters(self.timeouts.open, self.timeouts.patience(mode))
        with self._options.holding(OPTIONS[mode]):
            return cv2.VideoCapture(source.secret_url, cv2.CAP_FFMPEG, parameters)

    def _why(self, source: Source, sent_and: Failure) -> CameraError:
        return why_no_picture(source, sent_and=sent_and, timeout_seconds=self.timeouts.open.total_seconds())


def _parameters(open_timeout: timedelta, read_timeout: timedelta) -> list[int]:
    """Timeouts hold only when given at open. One decoding thread: a camera's share of a core is small."""
    return [
        *(cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, open_timeout // timedelta(milliseconds=1)),
        *(cv2.CAP_PROP_READ_TIMEOUT_MSEC, read_timeout // timedelta(milliseconds=1)),
        *(cv2.CAP_PROP_N_THREADS, 1),
    ]
