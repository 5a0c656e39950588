"""What a receiver makes of RTP payloads."""

from simulators.rtsp import h264, h265


def h264_reassembled(payloads: list[bytes]) -> list[bytes]:
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


def h265_reassembled(payloads: list[bytes]) -> list[bytes]:
    """The same of RFC 7798 4.4.1 and 4.4.3."""
    units: list[bytes] = []
    for payload in payloads:
        if payload[0] >> 1 & 0x3F != h265.FU:
            units.append(payload)
        elif payload[2] & 0x80:
            units.append(bytes((payload[0] & 0x81 | (payload[2] & 0x3F) << 1, payload[1])) + payload[3:])
        else:
            units[-1] += payload[3:]
    return units
