"""RTP packets and the sender's reports beside them (RFC 3550)."""

import struct
from collections.abc import Sequence

from simulators.rtsp.recording import Track

HEADER_BYTES = 12

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

    def packets(self, payloads: Sequence[bytes], timestamp: int, track: Track) -> list[bytes]:
        """One access unit's packets; the last of a picture is marked (RFC 6184 5.1), of sound none (RFC 3551 4.1).

        `timestamp` is taken modulo 2^32.
        """
        last = len(payloads) - 1 if track.media == "video" else None
        return [
            self._packet(payload, timestamp, track.payload_type | (_MARKER if place == last else 0))
            for place, payload in enumerate(payloads)
        ]

    def report(self, wall_seconds: float, timestamp: int) -> bytes:
        """The compound packet (RFC 3550 6.1) that says which moment, in seconds since 1970, `timestamp` stands for."""
        ntp = round((wall_seconds + _NTP_EPOCH_SECONDS) * 2**32)
        info = struct.pack("!QIII", ntp, timestamp % 2**32, self._packets % 2**32, self._octets % 2**32)
        name = self._cname.encode()[:255]
        item = bytes((_CNAME, len(name))) + name
        chunk = item + bytes(4 - len(item) % 4)  # ends with one to four zeros, on a word
        return self._control(_SENDER_REPORT, 0, info) + self._control(_SOURCE_DESCRIPTION, 1, chunk)

    def _packet(self, payload: bytes, timestamp: int, kind: int) -> bytes:
        header = struct.pack("!BBHII", _VERSION, kind, self._sequence, timestamp % 2**32, self.ssrc)
        self._sequence = (self._sequence + 1) % 2**16
        self._packets += 1
        self._octets += len(payload)
        return header + payload

    def _control(self, kind: int, count: int, body: bytes) -> bytes:
        words = 1 + len(body) // 4  # the length field counts words after the first
        return struct.pack("!BBHI", _VERSION | count, kind, words, self.ssrc) + body
