"""A scene made into H.264 with PyAV: the only file that imports it, because its wheel carries GPL codecs."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import chain

import av
import cv2
import numpy as np
from av.video.codeccontext import VideoCodecContext

from simulators.rtsp import h264
from simulators.rtsp.recording import AccessUnit, Recording
from simulators.scenery.scene import Picture, Scene, pictures

PAYLOAD_BYTES = 1400  # leaves room for IP, UDP and RTP headers in an Ethernet frame

# A key frame at every GOP and nowhere else, no picture that waits for a later one, one slice per picture.
X264 = {"preset": "veryfast", "profile": "main", "crf": "23", "bf": "0", "sc_threshold": "0", "threads": "1"}


def record(scene: Scene) -> Recording:
    """Draw and encode one loop. Takes some 6 ms per picture of 640x360: keep it off the event loop."""
    loop = [h264.nal_units(packet) for packet in _packets(scene)]
    return Recording(
        encoding="H264",
        parameters=h264.sdp_parameters(loop[0]),
        fps=scene.fps,
        units=tuple(_access_unit(units) for units in loop),
    )


def _packets(scene: Scene) -> Iterator[bytes]:
    codec = VideoCodecContext.create("libx264", "w")
    codec.width, codec.height, codec.pix_fmt = scene.width, scene.height, "yuv420p"
    codec.framerate, codec.gop_size, codec.options = Fraction(scene.fps), scene.gop_frames, X264
    for frame in chain(map(_frame, pictures(scene)), [None]):  # None flushes what the encoder still holds
        for packet in codec.encode(frame):
            yield bytes(packet)


def _frame(picture: Picture) -> av.VideoFrame:
    """Converted by OpenCV: swscale's quick conversion would darken the picture by 1 %."""
    planes = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2YUV_I420), np.uint8)
    return av.VideoFrame.from_ndarray(planes, format="yuv420p")


def _access_unit(units: list[bytes]) -> AccessUnit:
    return AccessUnit(
        payloads=tuple(payload for unit in units for payload in h264.payloads(unit, PAYLOAD_BYTES)),
        is_key=any(h264.nal_type(unit) == h264.SLICE_IDR for unit in units),
    )
