"""Those who watch a camera, over TCP or UDP, and the bytes of one picture for all of them."""

import socket
import struct
from asyncio import WriteTransport
from collections.abc import Sequence
from contextlib import suppress
from typing import Protocol

from simulators.rtsp.transports import Channels, Ports


class Burst:
    """One picture's reports and media packets. What is the same for several viewers is built once."""

    def __init__(self, reports: Sequence[bytes], packets: Sequence[bytes]) -> None:
        self.reports = reports
        self.packets = packets
        self._interleaved: dict[Channels, bytes] = {}

    def interleaved(self, channels: Channels) -> bytes:
        """All of it as an RTSP connection carries it (RFC 2326 10.12): the reports first."""
        if channels not in self._interleaved:
            reports = [interleaved(channels.control, report) for report in self.reports]
            media = [interleaved(channels.media, packet) for packet in self.packets]
            self._interleaved[channels] = b"".join(reports + media)
        return self._interleaved[channels]


class Viewer(Protocol):
    """One client that plays."""

    @property
    def unread_bytes(self) -> int:
        """What was sent and still waits here."""

    def send(self, burst: Burst) -> None: ...

    def cut(self) -> None:
        """Close its RTSP connection at once."""


class InterleavedViewer:
    def __init__(self, connection: WriteTransport, channels: Channels) -> None:
        self._connection = connection
        self._channels = channels

    @property
    def unread_bytes(self) -> int:
        return self._connection.get_write_buffer_size()

    def send(self, burst: Burst) -> None:
        self._connection.write(burst.interleaved(self._channels))

    def cut(self) -> None:
        self._connection.abort()


class DatagramViewer:
    """Gets datagrams at its ports. What cannot be sent now is lost, as on any network; nothing waits."""

    unread_bytes = 0

    def __init__(
        self, connection: WriteTransport, sockets: tuple[socket.socket, socket.socket], host: str, ports: Ports
    ) -> None:
        self._connection = connection
        self._media, self._control = sockets
        self._host = host
        self._ports = ports

    def send(self, burst: Burst) -> None:
        with suppress(OSError):
            for report in burst.reports:
                self._control.sendto(report, (self._host, self._ports.control))
            for packet in burst.packets:
                self._media.sendto(packet, (self._host, self._ports.media))

    def cut(self) -> None:
        self._connection.abort()


def interleaved(channel: int, packet: bytes) -> bytes:
    return struct.pack("!cBH", b"$", channel, len(packet)) + packet
