from random import Random

from hypothesis import given
from hypothesis import strategies as st

from simulators.rtsp.spoil import garbled, lossy, whole

PACKETS = st.lists(st.binary(min_size=12, max_size=40), max_size=30)


@given(PACKETS)
def test_a_line_without_a_fault_changes_nothing(packets: list[bytes]) -> None:
    assert whole(packets) == packets
    assert lossy(0.0, Random(1))(packets) == packets


@given(PACKETS, st.floats(0, 1))
def test_what_a_lossy_line_delivers_is_whole_and_in_order(packets: list[bytes], share: float) -> None:
    arrived = iter(packets)
    assert all(packet in arrived for packet in lossy(share, Random(1))(packets))


def test_a_lossy_line_loses_its_share_and_the_same_each_time() -> None:
    packets = [bytes(12)] * 10_000
    assert 9300 < len(lossy(0.05, Random(1))(packets)) < 9700
    assert lossy(1.0, Random(1))(packets) == []
    numbered = [number.to_bytes(12) for number in range(100)]
    assert lossy(0.5, Random(7))(numbered) == lossy(0.5, Random(7))(numbered)


@given(PACKETS)
def test_of_a_garbled_packet_header_and_length_are_right(packets: list[bytes]) -> None:
    noise = garbled(Random(1))(packets)
    assert [(packet[:12], len(packet)) for packet in noise] == [(packet[:12], len(packet)) for packet in packets]


def test_of_a_garbled_packet_the_rest_is_noise() -> None:
    (noise,) = garbled(Random(1))([bytes(1000)])
    assert len(set(noise[12:])) > 200
