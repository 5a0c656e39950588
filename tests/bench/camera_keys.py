"""Ours without ours: key frames decoded in one process with OpenCV's settings as the room has them, and thrown away."""

import os
import sys
from collections.abc import Iterator

import cv2

from tests.bench.camera_counting import watch_captures
from video.opener import FFMPEG_ENVIRONMENT


def frames(url: str) -> Iterator[None]:
    capture = cv2.VideoCapture(url, cv2.CAP_FFMPEG, [cv2.CAP_PROP_N_THREADS, 1])
    while capture.read()[0]:
        yield


if __name__ == "__main__":
    os.environ.update(FFMPEG_ENVIRONMENT)
    watch_captures(sys.argv[1:], frames)
