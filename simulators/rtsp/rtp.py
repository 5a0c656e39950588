"""RTP packets, the sender's reports beside them, and both inside an RTSP connection (RFC 3550, RFC 2326 10.12)."""

import struct
from collections.abc import Sequence

VIDEO_CLOCK_HZ = 90_000
PAYLOAD_TYPE = 96  # the first dynamic one (RFC 3551)

_VERSION = 2 << 6
_MARKER = 1 << 7
_SENDER_REPORT, _SOURCE_DESCRIPTION, _CNAME = 200, 202, 1
_NTP_EPOCH_SECONDS = 2_208_988_800  # from 1900, where NTP counts from, to 1970


class Sender:
    """One RTP source: numbers its packets and reports on itself.

    The numbers begin shortly before they wrap, so that every player meets the wrap within its first minutes.
    """

    def __init__(self, ssrc: int, cname: str) -> None:
        self.ssrc = ssrc
        self._cname = cname
        self._sequence = 0xFF00
        self._packets = 0
        self._octets = 0

    def packets(self, payloads: Sequence[bytes], timestamp: int) -> list[bytes]:
        """One picture's packets, the last of them marked (RFC 6184 5.1). `timestamp` is taken modulo 2^32."""
        last = len(payloads) - 1
        return [self._packet(payload, timestamp, marked=place == last) for place, payload in enumerate(payloads)]

    def report(self, wall_seconds: float, timestamp: int) -> bytes:
        """The compound packet (RFC 3550 6.1) that says which moment, in seconds since 1970, `timestamp` stands for."""
        ntp = round((wall_seconds + _NTP_EPOCH_SECONDS) * 2**32)
        info = struct.pack("!QIII", ntp, timestamp % 2**32, self._packets % 2**32, self._octets % 2**32)
        name = self._cname.encode()[:255]
        item = bytes((_CNAME, len(name))) + name
        chunk = item + bytes(4 - len(item) % 4)  # ends with one to four zeros, on a word
        return self._control(_SENDER_REPORT, 0, info) + self._control(_SOURCE_DESCRIPTION, 1, chunk)

    def _packet(self, payload: bytes, timestamp: int, *, marked: bool) -> bytes:
        kind = PAYLOAD_TYPE | (_MARKER if marked else 0)
        header = struct.pack("!BBHII", _VERSION, kind, self._sequence, timestamp % 2**32, self.ssrc)
        self._sequence = (self._sequence + 1) % 2**16
        self._packets += 1
        self._octets += len(payload)
        return header + payload

    def _control(self, kind: int, count: int, body: bytes) -> bytes:
        words = 1 + len(body) // 4  # the length field counts words after the first
        return struct.pack("!BBHI", _VERSION | count, kind, words, self.ssrc) + body


def interleaved(channel: int, packet: bytes) -> bytes:
    return struct.pack("!cBH", b"$", channel, len(packet)) + packet
