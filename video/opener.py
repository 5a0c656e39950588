"""One honest attempt at a camera's stream. The only importer of cv2.VideoCapture.

What OpenCV's FFmpeg backend really does with these settings was measured; README.md has the reasons.
"""

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Final, cast
from urllib.parse import urlsplit

import cv2

from video.credentials import Credentials, redacted, with_credentials
from video.frame import Picture

# For the environment of the process, before the first open. The options are global to the process and read at each
# open, so all cameras share one string. A wrong spelling in it is ignored without a word.
FFMPEG_ENVIRONMENT: Final[Mapping[str, str]] = MappingProxyType(
    {
        # TCP, or lost packets smear the picture; no waiting for 26 frames to guess a frame rate; key frames only.
        "OPENCV_FFMPEG_CAPTURE_OPTIONS": "rtsp_transport;tcp|fpsprobesize;0|avdiscard;nonkey",
        # Without it one lock serialises all opens, and a mute camera holds up every other one.
        "OPENCV_FFMPEG_IS_THREAD_SAFE": "1",
        # Quiet: FFmpeg would fill standard error for as long as a stream is garbage. What matters is raised.
        "OPENCV_FFMPEG_LOGLEVEL": "-8",
    }
)
SCHEMES: Final = ("rtsp", "rtsps")


class WrongEnvironmentError(Exception):
    """The process was started without the environment that OpenCV needs to sample cheaply and in parallel."""


class NotOpenedError(Exception):
    """No stream: refused, unreachable, not found, wrong password or no answer in time. OpenCV does not say which."""


class StreamLostError(Exception):
    """An open stream gave no further frame: closed, or stalled for the read timeout. It stays dead: open anew."""


def prepare(environment: Mapping[str, str]) -> None:
    """Once per process: raises WrongEnvironmentError unless FFMPEG_ENVIRONMENT is part of its environment.

    OpenCV's own warnings, one for each open, are switched off with it.
    """
    wrong = [name for name, value in FFMPEG_ENVIRONMENT.items() if environment.get(name) != value]
    if wrong:
        raise WrongEnvironmentError(f"the process needs FFMPEG_ENVIRONMENT; not or otherwise set: {', '.join(wrong)}")
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_ERROR)


class RtspStream:
    """An open stream; every call blocks, without holding the interpreter's lock. For one thread at a time."""

    def __init__(self, capture: cv2.VideoCapture, name: str) -> None:
        self._capture = capture
        self._name = name

    def grab(self) -> timedelta:
        """Wait for the next key frame and return its presentation time since the stream began.

        Raises StreamLostError.
        """
        if not self._capture.grab():
            raise StreamLostError(f"{self._name}: no further frame")
        return timedelta(milliseconds=self._capture.get(cv2.CAP_PROP_POS_MSEC))

    def retrieve(self) -> Picture:
        """The picture of the frame last grabbed. Raises StreamLostError where it could not be decoded."""
        retrieved, picture = self._capture.retrieve()
        if not retrieved:
            raise StreamLostError(f"{self._name}: a frame that cannot be decoded")
        return cast("Picture", picture)

    def close(self) -> None:
        self._capture.release()


def open_stream(
    url: str, credentials: Credentials | None, *, open_timeout: timedelta, read_timeout: timedelta
) -> RtspStream:
    """A stream that has delivered: its first frame came, and is thrown away because it waited while we opened.

    Blocks for up to both timeouts together; `read_timeout` must be longer than the camera's distance of key frames.
    Raises NotOpenedError, or StreamLostError where the stream opens but no frame follows.
    """
    name = redacted(url)
    if urlsplit(url).scheme not in SCHEMES:
        raise NotOpenedError(f"{name}: not an RTSP address")  # FFmpeg would open a local file as well
    capture = cv2.VideoCapture(
        with_credentials(url, credentials), cv2.CAP_FFMPEG, _parameters(open_timeout, read_timeout)
    )
    if not capture.isOpened():
        raise NotOpenedError(f"{name}: refused, unreachable, not found, wrong password, or no answer in time")
    stream = RtspStream(capture, name)
    try:
        stream.grab()
    except StreamLostError:
        stream.close()
        raise
    return stream


def _parameters(open_timeout: timedelta, read_timeout: timedelta) -> list[int]:
    """Timeouts hold only when given at open. One decoding thread: a key frame a second needs no more."""
    return [
        *(cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, open_timeout // timedelta(milliseconds=1)),
        *(cv2.CAP_PROP_READ_TIMEOUT_MSEC, read_timeout // timedelta(milliseconds=1)),
        *(cv2.CAP_PROP_N_THREADS, 1),
    ]
