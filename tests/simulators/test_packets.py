"""Our packets against paho's, and against the bytes of the standard."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties, VariableByteIntegers

from simulators.mqtt.packets import (
    CONNACK,
    PUBACK,
    MalformedPacketError,
    as_duplicate,
    connect,
    parse_connack,
    parse_puback,
    publish,
    variable_byte_integer,
    whole_packets,
)


@given(st.integers(min_value=0, max_value=268_435_455))
def test_lengths_are_written_as_paho_writes_them(value: int) -> None:
    assert variable_byte_integer(value) == VariableByteIntegers.encode(value)


def test_a_publish_is_as_the_standard_writes_it() -> None:
    assert publish("a/b", b"hi", 10) == bytes.fromhex("32 0a 0003 612f62 000a 00 6869")


def test_a_publish_sent_again_differs_in_its_dup_bit_only() -> None:
    assert as_duplicate(publish("a/b", b"hi", 10)) == bytes.fromhex("3a 0a 0003 612f62 000a 00 6869")


def test_a_connect_is_as_the_standard_writes_it() -> None:
    packet = connect("me", clean_start=True, session_expiry_seconds=3_600, user="u", password="pw")
    assert packet == bytes.fromhex("10 1b 0004 4d515454 05 c2 0258 05 11 00000e10 0002 6d65 0001 75 0002 7077")


@given(st.binary(max_size=20_000), st.integers(min_value=1, max_value=65_535))
def test_packets_are_found_again_wherever_the_stream_was_cut(payload: bytes, packet_id: int) -> None:
    packet = publish("a/b", payload, packet_id)
    stream = packet + b"\x40\x02\x00\x07" + packet
    for cut in (0, 1, 2, 3, len(packet) - 1, len(packet), len(packet) + 3, len(stream)):
        found = list(whole_packets(stream[:cut]))
        rest = stream[found[-1][2] if found else 0 :]
        found += whole_packets(rest)
        assert [kind for kind, _, _ in found] == [3, PUBACK, 3]
        assert found[0][1].endswith(payload)


def test_a_length_without_end_is_refused() -> None:
    with pytest.raises(MalformedPacketError):
        list(whole_packets(b"\x40\xff\xff\xff\xff\xff"))


def test_an_acknowledgement_carries_a_reason_only_where_there_is_one() -> None:
    assert parse_puback(bytes.fromhex("0102")) == (0x0102, 0)
    assert parse_puback(bytes.fromhex("010210")) == (0x0102, 0x10)
    assert parse_puback(bytes.fromhex("01028700")) == (0x0102, 0x87)
    with pytest.raises(MalformedPacketError):
        parse_puback(b"\x01")


def test_the_receive_maximum_is_found_among_all_other_properties() -> None:
    properties = Properties(PacketTypes.CONNACK)
    properties.SessionExpiryInterval = 60
    properties.AssignedClientIdentifier = "someone"
    properties.ReasonString = "because"
    properties.UserProperty = [("a", "b"), ("c", "d")]
    properties.RetainAvailable = 1
    properties.MaximumPacketSize = 2_097_152
    properties.ServerKeepAlive = 1_200
    properties.ReceiveMaximum = 20
    packet = parse_connack(b"\x01\x00" + properties.pack())
    assert (packet.reason, packet.session_present, packet.receive_maximum) == (0, True, 20)


def test_without_a_receive_maximum_it_is_the_largest() -> None:
    assert parse_connack(b"\x00\x00\x00").receive_maximum == 65_535
    assert not parse_connack(b"\x00\x00\x00").session_present


@pytest.mark.parametrize("body", [b"", b"\x00", b"\x00\x00\x05\x12\x00", b"\x00\x00\x01\x7f"])
def test_a_broken_connack_is_refused(body: bytes) -> None:
    with pytest.raises(MalformedPacketError):
        parse_connack(body)


def test_types_are_those_of_the_standard() -> None:
    assert (CONNACK, PUBACK) == (PacketTypes.CONNACK, PacketTypes.PUBACK)
