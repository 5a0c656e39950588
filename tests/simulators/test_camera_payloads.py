"""NAL units into RTP payloads and back, for both codecs."""

from collections.abc import Callable
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators.rtsp import h264, h265
from simulators.rtsp.annex_b import nal_units
from tests.simulators.receivers import h264_reassembled, h265_reassembled

BODIES = st.binary(min_size=1, max_size=64) | st.binary(min_size=2900, max_size=4000)
H264_UNITS = st.builds(
    lambda reference, kind, body: bytes((reference << 5 | kind,)) + body, st.integers(0, 3), st.integers(1, 23), BODIES
)
H265_UNITS = st.builds(
    lambda kind, layer, body: bytes((kind << 1, layer << 3 | 1)) + body, st.integers(0, 40), st.integers(0, 31), BODIES
)


@given(st.lists(H264_UNITS), st.integers(3, 1500))
def test_any_units_of_h264_come_out_of_their_payloads_unchanged(units: list[bytes], limit: int) -> None:
    payloads = [payload for unit in units for payload in h264.payloads(unit, limit)]
    assert h264_reassembled(payloads) == units
    assert all(len(payload) <= limit for payload in payloads)


@given(st.lists(H265_UNITS), st.integers(4, 1500))
def test_any_units_of_h265_come_out_of_their_payloads_unchanged(units: list[bytes], limit: int) -> None:
    payloads = [payload for unit in units for payload in h265.payloads(unit, limit)]
    assert h265_reassembled(payloads) == units
    assert all(len(payload) <= limit for payload in payloads)


@pytest.mark.parametrize(
    ("payload_format", "flags_of"), [(h264, lambda payload: payload[1]), (h265, lambda payload: payload[2])]
)
@given(body=st.binary(min_size=5, max_size=5000), limit=st.integers(4, 1500))
def test_the_first_fragment_says_start_and_only_the_last_says_end(
    payload_format: ModuleType, flags_of: Callable[[bytes], int], body: bytes, limit: int
) -> None:
    payloads = list(payload_format.payloads(b"\x26\x01" + body, limit))
    if len(payloads) > 1:
        assert [flags_of(payload) & 0xC0 for payload in payloads] == [0x80] + [0] * (len(payloads) - 2) + [0x40]


@given(st.lists(st.binary(min_size=1).map(lambda raw: b"\x65" + raw.replace(b"\x00", b"\x03"))))
def test_units_are_cut_out_of_a_byte_stream_with_either_start_code(units: list[bytes]) -> None:
    codes = (b"\x00\x00\x01", b"\x00\x00\x00\x01")
    stream = b"".join(codes[place % 2] + unit for place, unit in enumerate(units))
    assert nal_units(stream) == units


def test_a_picture_that_a_decoder_can_begin_with_is_a_key() -> None:
    assert h264.is_key([b"\x67sps", b"\x65idr"])
    assert not h264.is_key([b"\x61slice"])
    assert all(h265.is_key([bytes((kind << 1, 1))]) for kind in (16, 19, 20, 21))
    assert not h265.is_key([b"\x40\x01vps", b"\x02\x01trail"])


def test_sdp_parameters_of_h264_name_profile_and_both_parameter_sets() -> None:
    text = h264.sdp_parameters([b"\x06sei", b"\x67\x4d\x40\x16", b"\x68\xee", b"\x65idr"])
    assert text == "packetization-mode=1;profile-level-id=4D4016;sprop-parameter-sets=Z01AFg==,aO4="


def test_sdp_parameters_of_h265_carry_all_three_parameter_sets() -> None:
    text = h265.sdp_parameters([b"\x40\x01v", b"\x42\x01s", b"\x44\x01p", b"\x26\x01idr"])
    assert text == "sprop-vps=QAF2;sprop-sps=QgFz;sprop-pps=RAFw"


@pytest.mark.parametrize(("payload_format", "missing"), [(h264, "no SPS or no PPS"), (h265, "no VPS")])
def test_sdp_parameters_cannot_be_written_without_parameter_sets(payload_format: ModuleType, missing: str) -> None:
    with pytest.raises(ValueError, match=missing):
        payload_format.sdp_parameters([b"\x65\x01idr"])
