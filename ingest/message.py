"""One message as the broker delivered it. Pure."""

import msgspec

# Larger payloads are refused (`too-large`); of those only the head is kept, in memory and in the list of rejections.
MAX_PAYLOAD_BYTES = 64 * 1024
HEAD_BYTES = 4 * 1024

DUP = 0b1000
QOS = 0b0110
RETAIN = 0b0001


class Message(msgspec.Struct, frozen=True, gc=False):
    """`packet_id` is the MQTT packet identifier, 0 at QoS 0; `received_us` the broker's edge, in epoch microseconds.

    `size` is the payload's length on the wire, also where only its head was kept. `repeated` is MQTT's DUP flag.
    """

    topic: str
    payload: bytes
    size: int
    packet_id: int
    received_us: int
    repeated: bool = False
    retained: bool = False


def parse_publish(header: int, packet: bytes, received_us: int) -> Message:
    """The PUBLISH packet behind a fixed header byte (OASIS MQTT 5.0, 3.3): topic, identifier, properties, payload.

    Properties are passed over: none changes what a reading means, and without a Topic Alias Maximum of ours the broker
    sends no aliases (3.3.2.3.4). Bytes of a topic that are not UTF-8 stand escaped; such a topic matches no device.
    Raises IndexError where the packet ends too soon.
    """
    at = 2 + (packet[0] << 8 | packet[1])
    topic = packet[2:at].decode("utf-8", "backslashreplace")
    packet_id = 0
    if header & QOS:
        packet_id = packet[at] << 8 | packet[at + 1]
        at += 2
    length, at = _variable_integer(packet, at)
    at += length
    size = len(packet) - at
    if size < 0:
        raise IndexError("the properties are longer than their packet")
    payload = packet[at:] if size <= MAX_PAYLOAD_BYTES else packet[at : at + HEAD_BYTES]
    return Message(topic, payload, size, packet_id, received_us, bool(header & DUP), bool(header & RETAIN))


def _variable_integer(packet: bytes, at: int) -> tuple[int, int]:
    """A Variable Byte Integer (1.5.5: at most four bytes) and where it ends. Raises IndexError where it does not."""
    value = 0
    for shift in (0, 7, 14, 21):
        byte = packet[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if not byte & 0x80:
            return value, at
    raise IndexError("a Variable Byte Integer of more than four bytes")
