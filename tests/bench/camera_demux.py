"""The floor: every packet taken from the stream in one process, none decoded."""

import os
import sys
from collections.abc import Iterator

import cv2

from tests.bench.camera_counting import watch_captures
from video.opener import FFMPEG_ENVIRONMENT

UNDECODED = -1


def frames(url: str) -> Iterator[None]:
    capture = cv2.VideoCapture(url, cv2.CAP_FFMPEG, [cv2.CAP_PROP_FORMAT, UNDECODED])
    while capture.grab():
        yield


if __name__ == "__main__":
    os.environ.update(FFMPEG_ENVIRONMENT)
    watch_captures(sys.argv[1:], frames)
