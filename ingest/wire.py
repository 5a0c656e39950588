"""A socket that reads and writes in large pieces, for paho, which asks for a packet byte by byte."""

import asyncio
import socket
import ssl
from collections.abc import Callable

PIECE_BYTES = 256 * 1024
NOT_NOW = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


class Wire:
    """Stands where paho expects its non-blocking socket, plain or TLS.

    `recv` serves from one large read. `send` only collects; what was collected leaves in one write at the end of the
    event loop's turn. What waits to be sent is bounded by the session's Receive Maximum: some bytes per message.
    `heard_at`, by the loop's clock, and `heard_us`, by the city's, are when the other side last said anything; before
    it has, when the wire was made.
    A write that fails is not raised where nobody asked for it: the next read finds the connection gone.
    """

    def __init__(self, sock: socket.socket, loop: asyncio.AbstractEventLoop, now_us: Callable[[], int]) -> None:
        self._sock = sock
        self._loop = loop
        self._now_us = now_us
        self._incoming = memoryview(b"")
        self._outgoing = bytearray()
        self._flush_due = False
        self.heard_at, self.heard_us = loop.time(), now_us()

    def fileno(self) -> int:
        return self._sock.fileno()

    def setblocking(self, flag: bool) -> None:  # noqa: FBT001  the signature of a socket
        self._sock.setblocking(flag)

    def pending(self) -> int:
        """Bytes that can be had without the socket becoming readable."""
        return len(self._incoming) or (self._sock.pending() if isinstance(self._sock, ssl.SSLSocket) else 0)

    def recv(self, size: int) -> memoryview:
        if not self._incoming:
            self._incoming = memoryview(self._sock.recv(PIECE_BYTES))
            if self._incoming:  # nothing is the end of the connection, which the other side need not have spoken
                self.heard_at, self.heard_us = self._loop.time(), self._now_us()
        piece, self._incoming = self._incoming[:size], self._incoming[size:]
        return piece

    def send(self, data: bytes) -> int:
        self._outgoing += data
        if not self._flush_due:
            self._flush_due = True
            self._loop.call_soon(self.flush)
        return len(data)

    def flush(self) -> None:
        """Write what was collected, as far as the kernel takes it; go on when it takes more."""
        self._flush_due = False
        if self.fileno() < 0:
            return
        self._loop.remove_writer(self._sock)
        try:
            del self._outgoing[: self._sock.send(self._outgoing)]
        except NOT_NOW:
            pass
        except OSError:
            self._outgoing.clear()
        if self._outgoing:
            self._loop.add_writer(self._sock, self.flush)

    def close(self) -> None:
        """Write what the kernel still takes, and give up the rest and the socket.

        The event loop must forget it first: it would take the next socket of the same number for this one, and be deaf.
        """
        self.flush()
        if self.fileno() >= 0:
            self._loop.remove_writer(self._sock)
            self._loop.remove_reader(self._sock)
        self._sock.close()
