"""One RTSP connection that asks questions: blocking, bounded in time and in bytes. It keeps no picture."""

import socket
import ssl
import time
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from types import TracebackType
from typing import Self

from video.failure import CameraError, Failure
from video.rtsp.message import (
    END_OF_HEAD,
    MAX_HEAD_BYTES,
    PACKET_HEAD_BYTES,
    PACKET_MARK,
    Answer,
    NotRtspError,
    begins_like_rtsp,
    body_length,
    parse_head,
    request,
)
from video.source import Source

CHUNK_BYTES = 4096
LEAVE_SECONDS = 0.5


class RtspLink:
    """Connects when entered. All that is asked must be answered within `timeout_seconds` of its construction.

    A camera that hangs up after an answer, as some do after asking for a password, is called again for the next
    question. A host name is looked up by the system's resolver, which keeps its own time.
    """

    def __init__(self, source: Source, *, timeout_seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._source = source
        self._clock = clock
        self._deadline = clock() + timeout_seconds
        self._received = b""
        self._answered = False
        self._sequence = 0

    def __enter__(self) -> Self:
        """Raises CameraError: BAD_ADDRESS, UNREACHABLE, REFUSED; GARBAGE where TLS is expected and not spoken."""
        self._connect()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        with closing(self._socket), suppress(OSError):
            if fault is None:
                self._take_leave()

    def ask(self, method: str, uri: str, headers: Mapping[str, str]) -> Answer:
        """Raises CameraError: NO_ANSWER, GARBAGE; after a call anew also what entering raises."""
        try:
            self._send(method, uri, headers)
            answer = self._answer()
        except NotRtspError as fault:
            raise self._error(Failure.GARBAGE, str(fault)) from fault
        except TimeoutError as fault:
            raise self._error(Failure.NO_ANSWER, "silent") from fault
        except OSError as fault:
            if not self._answered:
                raise self._error(Failure.NO_ANSWER, "hung up") from fault
        else:
            self._answered = True
            return answer
        self._socket.close()
        self._connect()
        return self.ask(method, uri, headers)

    def receives(self, method: str, uri: str, headers: Mapping[str, str], *, channel: int) -> bool:
        """Ask, and say whether a packet on this interleaved channel comes in what is left of the time.

        The answer is passed over: packets may come before it, and none come where it was a refusal.
        """
        try:
            self._send(method, uri, headers)
            while (packet := self._packet_channel()) != channel:
                if packet is None:
                    self._answer()
        except (OSError, NotRtspError):  # silent, hung up, or babbling: no packet
            return False
        return True

    def say(self, method: str, uri: str, headers: Mapping[str, str]) -> None:
        """Without waiting for an answer. A camera that is gone need not hear it."""
        with suppress(OSError):
            self._send(method, uri, headers)

    def _connect(self) -> None:
        try:
            self._socket = self._connected()
        except ConnectionRefusedError as fault:
            raise self._error(Failure.REFUSED) from fault
        except ssl.SSLError as fault:
            raise self._error(Failure.GARBAGE, "no TLS") from fault
        except OSError as fault:
            raise self._error(Failure.UNREACHABLE, _reason(fault)) from fault
        except ValueError:  # also a host name that is none
            raise self._error(Failure.BAD_ADDRESS) from None  # the cause may show the password
        self._received, self._answered = b"", False

    def _connected(self) -> socket.socket:
        host, port = self._source.host_and_port
        plain = socket.create_connection((host, port), self._left())
        if self._source.scheme != "rtsps":
            return plain
        try:
            return _tls().wrap_socket(plain, server_hostname=host)
        except BaseException:
            plain.close()
            raise

    def _take_leave(self) -> None:
        """Let the camera hang up too, as it does once it has put away what it kept for us: FFmpeg comes next."""
        until = self._clock() + LEAVE_SECONDS
        self._socket.shutdown(socket.SHUT_WR)
        self._socket.settimeout(LEAVE_SECONDS)
        while self._clock() < until and self._socket.recv(CHUNK_BYTES):
            pass

    def _send(self, method: str, uri: str, headers: Mapping[str, str]) -> None:
        self._sequence += 1
        self._socket.settimeout(self._left())
        self._socket.sendall(request(method, uri, self._sequence, headers))

    def _answer(self) -> Answer:
        head, self._received = self._head()
        answer = parse_head(head)
        return Answer(status=answer.status, headers=answer.headers, body=self._take(body_length(answer)))

    def _packet_channel(self) -> int | None:
        """The channel of the packet that comes next, which is passed over; None where an answer comes next."""
        while not self._received:
            self._receive()
        if not self._received.startswith(PACKET_MARK):
            return None
        head = self._take(PACKET_HEAD_BYTES)
        self._take(int.from_bytes(head[2:]))
        return head[1]

    def _take(self, length: int) -> bytes:
        while len(self._received) < length:
            self._receive()
        taken, self._received = self._received[:length], self._received[length:]
        return taken

    def _head(self) -> tuple[bytes, bytes]:
        """All before the empty line, and what came after it."""
        while END_OF_HEAD not in self._received:
            if len(self._received) > MAX_HEAD_BYTES:
                raise NotRtspError("a head without end")
            self._receive()
            if not begins_like_rtsp(self._received):
                raise NotRtspError("something else than RTSP")
        head, _, rest = self._received.partition(END_OF_HEAD)
        return head, rest

    def _receive(self) -> None:
        self._socket.settimeout(self._left())
        chunk = self._socket.recv(CHUNK_BYTES)
        if not chunk:
            raise ConnectionResetError
        self._received += chunk

    def _left(self) -> float:
        """Seconds; to a socket, a timeout of zero would mean something else. Raises TimeoutError."""
        left = self._deadline - self._clock()
        if left <= 0:
            raise TimeoutError
        return left

    def _error(self, failure: Failure, detail: str = "") -> CameraError:
        return CameraError(failure, self._source.url, detail)


def _tls() -> ssl.SSLContext:
    """Encrypted, and not verified, as FFmpeg does it after us: cameras sign their certificates themselves."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _reason(fault: OSError) -> str:
    if isinstance(fault, TimeoutError):
        return "nobody answers"
    return "no such host" if isinstance(fault, socket.gaierror) else fault.strerror or "no route"
