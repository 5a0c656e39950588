"""A take made into H.264 or H.265 with PyAV: the only file that imports it, because its wheel carries GPL codecs."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, islice, repeat
from typing import Final, Literal, Protocol

import av
import cv2
import numpy as np
from av.video.codeccontext import VideoCodecContext

from simulators.rtsp import h264, h265
from simulators.rtsp.annex_b import nal_units
from simulators.rtsp.recording import AccessUnit, Codec, Recording, Take, Track
from simulators.scenery.picture import Picture
from simulators.scenery.scene import pictures

PAYLOAD_BYTES = 1400  # leaves room for IP, UDP and RTP headers in an Ethernet frame
PAYLOAD_TYPE = 96  # the first dynamic one (RFC 3551)
CLOCK_HZ = 90_000  # of RTP for all video

# A key frame at every GOP and nowhere else, no picture that waits for a later one, one thread and so one slice.
_COMMON = {"bf": "0", "threads": "1"}
_X264 = {**_COMMON, "preset": "veryfast", "profile": "main"}
_X265 = {**_COMMON, "preset": "ultrafast"}
_X264_KEYS = "scenecut=0"
_X265_KEYS = "scenecut=0:open-gop=0:pools=none:frame-threads=1:info=0:log-level=none"

# Of a still, key frames have a quantiser of 21 (51 less 6 per halving), and the rest one so coarse that nothing is left
# to be refined: not one decoded pixel changes.
_STILL_QUANTISER, _STILL_KEYS = "51", "ipratio=32"


class PayloadFormat(Protocol):
    """How RTP carries a codec. The modules h264 and h265 are such."""

    def is_key(self, units: Iterable[bytes]) -> bool: ...

    def payloads(self, unit: bytes, limit: int) -> Iterator[bytes]: ...

    def sdp_parameters(self, units: Iterable[bytes]) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoder:
    """`name` is FFmpeg's, `encoding` RTP's."""

    name: Literal["libx264", "libx265"]
    encoding: str
    options: Callable[[Take], dict[str, str]]
    payload_format: PayloadFormat


def _x264(take: Take) -> dict[str, str]:
    if take.still is None:
        return {**_X264, "crf": "23", "x264-params": _X264_KEYS}
    return {**_X264, "qp": _STILL_QUANTISER, "x264-params": f"{_X264_KEYS}:{_STILL_KEYS}"}


def _x265(take: Take) -> dict[str, str]:
    if take.still is None:
        return {**_X265, "crf": "28", "x265-params": _X265_KEYS}
    return {**_X265, "x265-params": f"{_X265_KEYS}:qp={_STILL_QUANTISER}:{_STILL_KEYS}"}


ENCODERS: Final = {
    Codec.H264: Encoder(name="libx264", encoding="H264", options=_x264, payload_format=h264),
    Codec.H265: Encoder(name="libx265", encoding="H265", options=_x265, payload_format=h265),
}


def record(take: Take) -> Recording:
    """Draw and encode one loop: some 15 ms per picture of 640x360, to be kept off the event loop."""
    encoder = ENCODERS[take.codec]
    loop = [nal_units(packet) for packet in _packets(encoder, take)]
    track = Track(
        media="video",
        control="trackID=0",
        payload_type=PAYLOAD_TYPE,
        encoding=encoder.encoding,
        clock_hz=CLOCK_HZ,
        parameters=encoder.payload_format.sdp_parameters(loop[0]),
    )
    units = tuple(_access_unit(units, encoder.payload_format) for units in loop)
    return Recording(track=track, rate=take.scene.fps, units=units)


def _packets(encoder: Encoder, take: Take) -> Iterator[bytes]:
    """One per picture. Parameter sets stand before every key frame, so players follow when they change."""
    codec, scene = VideoCodecContext.create(encoder.name, "w"), take.scene
    codec.width, codec.height, codec.pix_fmt = scene.width, scene.height, "yuv420p"
    codec.framerate, codec.gop_size, codec.options = Fraction(scene.fps), scene.gop_frames, encoder.options(take)
    for frame in chain(map(_frame, _pictures(take)), [None]):  # None flushes what the encoder still holds
        for packet in codec.encode(frame):
            yield bytes(packet)


def _pictures(take: Take) -> Iterator[Picture]:
    if take.still is None:
        return pictures(take.scene)
    (picture,) = islice(pictures(take.scene), take.still, take.still + 1)
    return repeat(picture, take.scene.gop_frames)


def _frame(picture: Picture) -> av.VideoFrame:
    """Converted by OpenCV: swscale's quick conversion would darken the picture by 1 %."""
    planes = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2YUV_I420), np.uint8)
    return av.VideoFrame.from_ndarray(planes, format="yuv420p")


def _access_unit(units: list[bytes], payload_format: PayloadFormat) -> AccessUnit:
    return AccessUnit(
        payloads=tuple(payload for unit in units for payload in payload_format.payloads(unit, PAYLOAD_BYTES)),
        is_key=payload_format.is_key(units),
    )
