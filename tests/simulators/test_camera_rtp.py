import struct
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from simulators.rtsp.recording import Track
from simulators.rtsp.rtp import Sender
from simulators.rtsp.tone import TRACK

VIDEO = Track(media="video", control="trackID=0", payload_type=96, encoding="H264", clock_hz=90_000)


@given(st.lists(st.lists(st.binary(), min_size=1, max_size=40), min_size=10, max_size=30))
def test_packets_are_numbered_without_a_gap_also_over_the_wrap(pictures: list[list[bytes]]) -> None:
    sender = Sender(1, "cam-01")
    packets = [packet for picture in pictures for packet in sender.packets(picture, 0, VIDEO)]
    numbers = [int.from_bytes(packet[2:4]) for packet in packets]
    assert all((before + 1) % 2**16 == after for before, after in pairwise(numbers))


def test_the_wrap_is_met_soon() -> None:
    packets = Sender(1, "cam-01").packets([b"x"] * 257, 0, VIDEO)
    assert [int.from_bytes(packet[2:4]) for packet in packets[-2:]] == [0xFFFF, 0]


@given(st.lists(st.binary(), min_size=1))
def test_the_last_packet_of_a_picture_is_marked_and_no_other(payloads: list[bytes]) -> None:
    packets = Sender(1, "cam-01").packets(payloads, 0, VIDEO)
    assert [packet[1] >> 7 for packet in packets] == [0] * (len(payloads) - 1) + [1]
    assert [packet[12:] for packet in packets] == payloads


def test_packets_of_sound_are_never_marked() -> None:
    packets = Sender(1, "cam-01").packets([b"one", b"two"], 0, TRACK)
    assert [packet[1] for packet in packets] == [0, 0]


@given(st.integers(0, 2**40))
def test_a_timestamp_wraps_at_32_bits(timestamp: int) -> None:
    (packet,) = Sender(0xABCD, "cam-01").packets([b"x"], timestamp, VIDEO)
    assert struct.unpack("!BBHII", packet[:12])[3:] == (timestamp % 2**32, 0xABCD)


def test_a_report_says_which_moment_a_timestamp_stands_for_and_what_was_sent() -> None:
    sender = Sender(0xABCD, "cam-01")
    sender.packets([b"four", b"sixsix"], 9000, VIDEO)
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
