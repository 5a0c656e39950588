"""A picture as it comes out of a camera's encoder and our decoder: smoothed, without most of the sensor's noise."""

from fractions import Fraction

import av
import cv2
import numpy as np
from av.video.codeccontext import VideoCodecContext

from video.frame import Picture

# Every picture a key frame, as `video` samples them; quality 28 is that of a camera at some 2 Mb/s.
X264 = {"preset": "veryfast", "profile": "main", "crf": "28", "tune": "zerolatency", "threads": "1"}


class ThroughH264:
    """One camera's encoder and decoder; the pictures have one size, even on both sides."""

    def __init__(self, width: int, height: int) -> None:
        self._encoder = VideoCodecContext.create("libx264", "w")
        self._encoder.width, self._encoder.height, self._encoder.pix_fmt = width, height, "yuv420p"
        self._encoder.framerate, self._encoder.gop_size, self._encoder.options = Fraction(1), 1, X264
        self._decoder = VideoCodecContext.create("h264", "r")
        self._decoder.options = {"flags": "low_delay"}
        self._decoder.thread_count = 1

    def __call__(self, picture: Picture) -> Picture:
        planes = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2YUV_I420), np.uint8)
        sent = av.VideoFrame.from_ndarray(planes, format="yuv420p")
        (packet,) = self._encoder.encode(sent)
        (received,) = self._decoder.decode(packet)
        return np.asarray(cv2.cvtColor(received.to_ndarray(format="yuv420p"), cv2.COLOR_YUV2BGR_I420), np.uint8)
