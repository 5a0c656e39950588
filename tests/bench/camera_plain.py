"""Peer (a): what a user writes first, `cap.read()` in a loop and a thread per camera. Of OpenCV's settings only TCP."""

import os
import sys
from collections.abc import Iterator

import cv2

from tests.bench.camera_counting import watch_captures


def frames(url: str) -> Iterator[None]:
    capture = cv2.VideoCapture(url)
    while capture.read()[0]:
        yield


if __name__ == "__main__":
    os.environ["OPENCV_FFMPEG_CAPTURE_OPTIONS"] = "rtsp_transport;tcp"
    watch_captures(sys.argv[1:], frames)
