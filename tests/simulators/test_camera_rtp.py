import struct
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators.rtsp import h264
from simulators.rtsp.rtp import Sender, interleaved

UNITS = st.builds(
    lambda head, body: bytes((head,)) + body, st.integers(1, 0x7F), st.binary(max_size=64) | st.binary(min_size=2900)
)


def reassembled(payloads: list[bytes]) -> list[bytes]:
    """The NAL units that a receiver gets out of RTP payloads (RFC 6184 5.6, 5.8)."""
    units: list[bytes] = []
    for payload in payloads:
        if payload[0] & 0x1F != h264.FU_A:
            units.append(payload)
        elif payload[1] & 0x80:
            units.append(bytes((payload[0] & 0xE0 | payload[1] & 0x1F,)) + payload[2:])
        else:
            units[-1] += payload[2:]
    return units


@given(st.lists(UNITS.filter(lambda unit: unit[0] & 0x1F != h264.FU_A)), st.integers(3, 1500))
def test_any_units_come_out_of_their_payloads_unchanged(units: list[bytes], limit: int) -> None:
    payloads = [payload for unit in units for payload in h264.payloads(unit, limit)]
    assert reassembled(payloads) == units
    assert all(len(payload) <= limit for payload in payloads)


@given(st.binary(min_size=4, max_size=5000), st.integers(3, 1500))
def test_the_first_fragment_says_start_and_only_the_last_says_end(body: bytes, limit: int) -> None:
    unit = b"\x65" + body
    flags = [payload[1] & 0xC0 for payload in h264.payloads(unit, limit)]
    if len(unit) > limit:
        assert flags == [0x80] + [0] * (len(flags) - 2) + [0x40]


@given(st.lists(st.binary(min_size=1).map(lambda raw: b"\x65" + raw.replace(b"\x00", b"\x03"))))
def test_units_are_cut_out_of_a_byte_stream_with_either_start_code(units: list[bytes]) -> None:
    codes = (b"\x00\x00\x01", b"\x00\x00\x00\x01")
    stream = b"".join(codes[place % 2] + unit for place, unit in enumerate(units))
    assert h264.nal_units(stream) == units


def test_sdp_parameters_name_profile_and_both_parameter_sets() -> None:
    text = h264.sdp_parameters([b"\x06sei", b"\x67\x4d\x40\x16", b"\x68\xee", b"\x65idr"])
    assert text == "packetization-mode=1;profile-level-id=4D4016;sprop-parameter-sets=Z01AFg==,aO4="


def test_sdp_parameters_cannot_be_written_without_parameter_sets() -> None:
    with pytest.raises(ValueError, match="SPS"):
        h264.sdp_parameters([b"\x65idr"])


@given(st.lists(st.lists(st.binary(), min_size=1, max_size=40), min_size=10, max_size=30))
def test_packets_are_numbered_without_a_gap_also_over_the_wrap(pictures: list[list[bytes]]) -> None:
    sender = Sender(1, "cam-01")
    packets = [packet for picture in pictures for packet in sender.packets(picture, 0)]
    numbers = [int.from_bytes(packet[2:4]) for packet in packets]
    assert all((before + 1) % 2**16 == after for before, after in pairwise(numbers))


def test_the_wrap_is_met_soon() -> None:
    packets = Sender(1, "cam-01").packets([b"x"] * 257, 0)
    assert [int.from_bytes(packet[2:4]) for packet in packets[-2:]] == [0xFFFF, 0]


@given(st.lists(st.binary(), min_size=1))
def test_the_last_packet_of_a_picture_is_marked_and_no_other(payloads: list[bytes]) -> None:
    packets = Sender(1, "cam-01").packets(payloads, 0)
    assert [packet[1] >> 7 for packet in packets] == [0] * (len(payloads) - 1) + [1]
    assert [packet[12:] for packet in packets] == payloads


@given(st.integers(0, 2**40))
def test_a_timestamp_wraps_at_32_bits(timestamp: int) -> None:
    (packet,) = Sender(0xABCD, "cam-01").packets([b"x"], timestamp)
    assert struct.unpack("!BBHII", packet[:12])[3:] == (timestamp % 2**32, 0xABCD)


def test_a_report_says_which_moment_a_timestamp_stands_for_and_what_was_sent() -> None:
    sender = Sender(0xABCD, "cam-01")
    sender.packets([b"four", b"sixsix"], 9000)
    report = sender.report(1_800_000_000.25, 18_000)
    first, kind, words, ssrc, seconds, fraction, timestamp, packets, octets = struct.unpack("!BBHIIIIII", report[:28])
    assert (first, kind, words, ssrc) == (0x80, 200, 6, 0xABCD)
    assert (seconds - 2_208_988_800, fraction) == (1_800_000_000, 2**30)
    assert (timestamp, packets, octets) == (18_000, 2, 10)


@given(st.text(st.characters(codec="ascii"), max_size=40))
def test_a_report_is_whole_words_and_carries_the_name_of_its_source(name: str) -> None:
    description = Sender(1, name).report(0.0, 0)[28:]
    assert description[:2] == bytes((0x81, 202))
    assert len(description) == 4 * (int.from_bytes(description[2:4]) + 1)
    assert description[8:10] == bytes((1, len(name)))
    assert description[10 : 10 + len(name)] == name.encode()
    assert description[10 + len(name)] == 0  # the list of items ends with a zero (RFC 3550 6.5)


def test_an_interleaved_packet_begins_with_dollar_channel_and_length() -> None:
    assert interleaved(3, b"abc") == b"$\x03\x00\x03abc"
