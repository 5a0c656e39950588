"""Pure: the few MQTT 5.0 packets of a publisher, bytes <-> values; numbers in brackets are sections of OASIS MQTT 5.0.

Written by hand because a client library costs fifty microseconds per publish, and the load shares its cores with what
is measured.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from struct import Struct, pack

CONNACK, PUBACK, DISCONNECT = 2, 4, 14
NO_MATCHING_SUBSCRIBERS = 0x10
FAILURES = 0x80
"""Reason codes from here on are failures (2.4)."""

PUBLISH_QOS_1 = 0x32
DUPLICATE = 0x08
MAX_RECEIVE_MAXIMUM = 65_535
RECEIVE_MAXIMUM = 0x21
KEEPALIVE_SECONDS = 600
# Bytes of the CONNACK properties that are numbers (3.2.2.3); those that are texts carry their length.
NUMBERS = {0x11: 4, 0x13: 2, 0x21: 2, 0x22: 2, 0x24: 1, 0x25: 1, 0x27: 4, 0x28: 1, 0x29: 1, 0x2A: 1}
TEXTS = frozenset({0x12, 0x15, 0x16, 0x1A, 0x1C, 0x1F})
USER_PROPERTY = 0x26  # two texts

# Ends the session with the connection: session expiry 0 (3.14.2.2.2).
FAREWELL = bytes((DISCONNECT << 4, 7, 0, 5, 0x11, 0, 0, 0, 0))

_short = Struct(">H")


class MalformedPacketError(Exception):
    """The broker sent what no MQTT 5.0 server sends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Connack:
    """The broker's answer: may we, does it still know our session, and how much may be unacknowledged (3.2)."""

    reason: int
    session_present: bool
    receive_maximum: int


def variable_byte_integer(value: int) -> bytes:
    """Seven bits per byte, the lowest first (1.5.5)."""
    if value < 0x80:
        return bytes((value,))
    if value < 0x4000:
        return bytes((value & 0x7F | 0x80, value >> 7))
    return bytes((value & 0x7F | 0x80,)) + variable_byte_integer(value >> 7)


def connect(
    client_id: str, *, clean_start: bool, session_expiry_seconds: int, user: str | None, password: str | None
) -> bytes:
    """CONNECT (3.1), with a keep-alive so long that no load needs a ping.

    None at all would be the honest word, but Mosquitto 2.0.21 with a `max_keepalive` cuts such clients within seconds.
    """
    flags = clean_start << 1 | (user is not None) << 7 | (password is not None) << 6
    header = _text("MQTT") + pack(">BBHBBI", 5, flags, KEEPALIVE_SECONDS, 5, 0x11, session_expiry_seconds)
    body = header + b"".join(_text(text) for text in (client_id, user, password) if text is not None)
    return b"\x10" + variable_byte_integer(len(body)) + body


def publish(topic: str, payload: bytes, packet_id: int) -> bytes:
    """PUBLISH, QoS 1, not retained, without properties (3.3)."""
    name = topic.encode()
    size = len(name)
    return b"%c%b%b%b%b\0%b" % (
        PUBLISH_QOS_1,
        variable_byte_integer(size + len(payload) + 5),
        _short.pack(size),
        name,
        _short.pack(packet_id),
        payload,
    )


def as_duplicate(packet: bytes) -> bytes:
    """The same PUBLISH with DUP set: sent before, not acknowledged, same session (3.3.1.1, 4.4)."""
    return bytes((packet[0] | DUPLICATE,)) + packet[1:]


def whole_packets(buffer: bytes) -> Iterator[tuple[int, bytes, int]]:
    """Type, body and end of each whole packet at the front of `buffer`. Raises MalformedPacketError."""
    start, size = 0, len(buffer)
    while size - start >= 2:
        length, body = buffer[start + 1], start + 2
        if length >= 0x80:
            found = _long_length(buffer, start + 1)
            if found is None:
                return
            length, body = found
        end = body + length
        if end > size:
            return
        yield buffer[start] >> 4, buffer[body:end], end
        start = end


def parse_connack(body: bytes) -> Connack:
    """Raises MalformedPacketError."""
    try:
        present, reason = body[0] & 1 == 1, body[1]
        properties = dict(_properties(body, 2)) if len(body) > 2 else {}
    except IndexError as error:
        raise MalformedPacketError(f"a CONNACK of {body.hex()}") from error
    maximum = properties.get(RECEIVE_MAXIMUM, MAX_RECEIVE_MAXIMUM)
    return Connack(reason=reason, session_present=present, receive_maximum=maximum)


def parse_puback(body: bytes) -> tuple[int, int]:
    """Packet identifier and reason code, which is left out for plain success (3.4.2.1)."""
    if len(body) == 2:
        return body[0] << 8 | body[1], 0
    if len(body) < 2:
        raise MalformedPacketError(f"a PUBACK of {body.hex()}")
    return body[0] << 8 | body[1], body[2]


def _text(text: str) -> bytes:
    encoded = text.encode()
    return _short.pack(len(encoded)) + encoded


def _long_length(buffer: bytes, start: int) -> tuple[int, int] | None:
    """A variable byte integer and where it ends; None while bytes of it are missing."""
    value = 0
    for place, byte in enumerate(buffer[start : start + 4]):
        value |= (byte & 0x7F) << 7 * place
        if byte < 0x80:
            return value, start + place + 1
    if len(buffer) - start >= 4:
        raise MalformedPacketError("a length of more than four bytes")
    return None


def _properties(body: bytes, start: int) -> Iterator[tuple[int, int]]:
    """The numbers among the properties of a CONNACK; texts are passed over."""
    found = _long_length(body, start)
    if found is None:
        raise MalformedPacketError(f"a CONNACK of {body.hex()}")
    length, at = found
    end = at + length
    while at < end:
        name, at = body[at], at + 1
        if name in NUMBERS:
            size = NUMBERS[name]
            yield name, int.from_bytes(body[at : at + size])
        elif name in TEXTS or name == USER_PROPERTY:
            size = _texts_size(body, at, count=2 if name == USER_PROPERTY else 1)
        else:
            raise MalformedPacketError(f"a CONNACK with property {name:#x}")
        at += size


def _texts_size(body: bytes, start: int, *, count: int) -> int:
    at = start
    for _ in range(count):
        at += 2 + (body[at] << 8 | body[at + 1])
    return at - start
