"""What the encoder makes, looked at with a decoder."""

import av
import numpy as np
import pytest
from av.video.codeccontext import VideoCodecContext
from numpy.typing import NDArray

from simulators.rtsp.encode import record
from simulators.rtsp.recording import AccessUnit, Codec, Recording, Take
from simulators.scenery.scene import Scene, pictures
from tests.simulators.receivers import h264_reassembled, h265_reassembled

TINY = Scene(width=160, height=90, fps=5, seconds=2)
DECODERS = {Codec.H264: "h264", Codec.H265: "hevc"}
REASSEMBLED = {Codec.H264: h264_reassembled, Codec.H265: h265_reassembled}


def decoded(recording: Recording, codec: Codec, begin: int = 0) -> list[NDArray[np.uint8]]:
    """The loop's pictures from unit `begin` on, as 4:2:0 planes."""
    decoder = VideoCodecContext.create(DECODERS[codec], "r")
    packets = [annex_b(unit, codec) for unit in recording.units[begin:]]
    frames = [frame for packet in [*packets, None] for frame in decoder.decode(packet)]
    return [frame.to_ndarray(format="yuv420p") for frame in frames]


def annex_b(unit: AccessUnit, codec: Codec) -> av.Packet:
    units = REASSEMBLED[codec](list(unit.payloads))
    return av.Packet(b"".join(b"\x00\x00\x00\x01" + nal for nal in units))


@pytest.mark.parametrize("codec", Codec)
def test_every_picture_comes_out_of_its_payloads_alike(codec: Codec) -> None:
    shown = decoded(record(Take(scene=TINY, codec=codec)), codec)
    drawn = [picture.astype(float).mean() for picture in pictures(TINY)]
    assert len(shown) == len(drawn) == 10
    assert all(planes.shape == (135, 160) for planes in shown)
    grey = [float(np.mean(planes[:90])) for planes in shown]
    assert max(grey) - min(grey) < 10
    assert np.mean(grey) == pytest.approx(np.mean(drawn), abs=25)


@pytest.mark.parametrize("codec", Codec)
def test_every_gop_begins_with_a_key_frame_and_parameter_sets_of_its_own(codec: Codec) -> None:
    recording = record(Take(scene=TINY, codec=codec))
    assert [place for place, unit in enumerate(recording.units) if unit.is_key] == [0, 5]
    assert len(decoded(recording, codec, begin=5)) == 5


@pytest.mark.parametrize("codec", Codec)
def test_a_gop_may_be_ten_seconds_long(codec: Codec) -> None:
    scene = Scene(width=160, height=90, fps=5, gop_seconds=10, seconds=10)
    recording = record(Take(scene=scene, codec=codec))
    assert [unit.is_key for unit in recording.units] == [True] + [False] * 49


@pytest.mark.parametrize("codec", Codec)
def test_of_a_still_no_decoded_pixel_changes(codec: Codec) -> None:
    recording = record(Take(scene=TINY, codec=codec, still=7))
    first, *others = decoded(recording, codec)
    assert [unit.is_key for unit in recording.units] == [True] + [False] * 4
    assert all(np.array_equal(first, other) for other in others)


def test_a_still_looks_as_its_picture_did() -> None:
    moving = decoded(record(Take(scene=TINY)), Codec.H264)
    still = decoded(record(Take(scene=TINY, still=7)), Codec.H264)[0].astype(int)
    unlike = [float(np.abs(still - planes).mean()) for planes in moving]
    assert unlike.index(min(unlike)) == 7
