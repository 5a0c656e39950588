"""PUBLISH packets, built by hand (OASIS MQTT 5.0, 3.3) and taken apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.message import HEAD_BYTES, MAX_PAYLOAD_BYTES, Message, parse_publish

PUBLISH = 0x30
NOW_US = 1_795_230_000_000_000
TOPICS = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


def variable_integer(value: int) -> bytes:
    """1.5.5"""
    if value < 0x80:
        return bytes([value])
    return bytes([value & 0x7F | 0x80]) + variable_integer(value >> 7)


def packet(topic: bytes, payload: bytes, *, packet_id: int | None = 7, properties: bytes = b"") -> bytes:
    identifier = b"" if packet_id is None else packet_id.to_bytes(2, "big")
    return len(topic).to_bytes(2, "big") + topic + identifier + variable_integer(len(properties)) + properties + payload


@given(TOPICS, st.binary(max_size=2_000), st.integers(1, 65_535), st.binary(max_size=20_000))
def test_a_message_comes_out_as_it_was_put_in(topic: str, payload: bytes, packet_id: int, properties: bytes) -> None:
    raw = packet(topic.encode(), payload, packet_id=packet_id, properties=properties)
    assert parse_publish(PUBLISH | 0b0010, raw, NOW_US) == Message(topic, payload, len(payload), packet_id, NOW_US)


@pytest.mark.parametrize("length", [0, 1, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152])
def test_properties_of_every_length_are_passed_over(length: int) -> None:
    raw = packet(b"a/b", b"payload", properties=bytes(length))
    assert parse_publish(PUBLISH | 0b0010, raw, NOW_US).payload == b"payload"


def test_at_qos_0_there_is_no_identifier() -> None:
    assert parse_publish(PUBLISH, packet(b"a/b", b"{}", packet_id=None), NOW_US).packet_id == 0


@pytest.mark.parametrize("repeated", [False, True])
@pytest.mark.parametrize("retained", [False, True])
def test_the_header_says_repeated_and_retained(*, repeated: bool, retained: bool) -> None:
    message = parse_publish(PUBLISH | repeated << 3 | 0b0010 | retained, packet(b"a/b", b"{}"), NOW_US)
    assert (message.repeated, message.retained) == (repeated, retained)


def test_of_a_payload_that_is_too_large_only_the_head_is_kept() -> None:
    whole = parse_publish(PUBLISH | 2, packet(b"a", b"x" * MAX_PAYLOAD_BYTES), NOW_US)
    assert (len(whole.payload), whole.size) == (MAX_PAYLOAD_BYTES, MAX_PAYLOAD_BYTES)
    head = parse_publish(PUBLISH | 2, packet(b"a", b"x" * (MAX_PAYLOAD_BYTES + 1)), NOW_US)
    assert (len(head.payload), head.size) == (HEAD_BYTES, MAX_PAYLOAD_BYTES + 1)


def test_a_topic_that_is_no_utf_8_stands_escaped() -> None:
    assert parse_publish(PUBLISH | 2, packet(b"a/\xff\xfe", b""), NOW_US).topic == "a/\\xff\\xfe"


@given(st.integers(0, 300), st.sampled_from([0, 2]))
def test_a_packet_that_ends_too_soon_is_an_index_error(length: int, qos: int) -> None:
    raw = packet(b"pantau/v1/fp-001/telemetry", b"", packet_id=7 if qos else None, properties=bytes(300))
    with pytest.raises(IndexError):
        parse_publish(PUBLISH | qos, raw[:length], NOW_US)


def test_properties_longer_than_their_packet_are_an_index_error_not_a_negative_size() -> None:
    with pytest.raises(IndexError):
        parse_publish(PUBLISH, b"\x00\x01a\x7fxy", NOW_US)


def test_a_length_of_more_than_four_bytes_is_an_index_error() -> None:
    with pytest.raises(IndexError):
        parse_publish(PUBLISH, b"\x00\x01a" + b"\xff" * 1_000, NOW_US)


@given(st.integers(0, 15), st.binary(max_size=60))
def test_whatever_comes_is_a_message_or_an_index_error(flags: int, raw: bytes) -> None:
    try:
        message = parse_publish(PUBLISH | flags, raw, NOW_US)
    except IndexError:
        return
    assert message.size == len(message.payload) >= 0
