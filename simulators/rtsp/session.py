"""One client's conversation with the simulated cameras: which answer follows which request (RFC 2326 10)."""

import asyncio
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from simulators.faults import Fault
from simulators.rtsp.broadcast import Broadcast
from simulators.rtsp.mount import Mount
from simulators.rtsp.requests import Request, Response
from simulators.rtsp.sdp import describe
from simulators.rtsp.transports import Channels, Ports, first_acceptable
from simulators.rtsp.viewers import DatagramViewer, InterleavedViewer, Viewer

KEEP_ALIVE_SECONDS = 60  # announced only: a session ends with its connection, so a client that is gone is noticed
REFUSALS = {Fault.BUSY: 503, Fault.NOT_FOUND: 404}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """What a SETUP agreed on: which camera's track, and who watches it."""

    broadcast: Broadcast
    control: str
    viewer: Viewer


class Session:
    """Begins with the connection and ends with it; plays one camera at a time, over TCP or UDP.

    `sockets` are where RTP and RTCP are sent from over UDP. `ident` need not be a secret (3.4): it is good on its own
    connection alone.
    """

    def __init__(
        self,
        ident: str,
        connection: asyncio.WriteTransport,
        sockets: tuple[socket.socket, socket.socket],
        mounts: Mapping[str, Mount],
    ) -> None:
        self._ident = ident
        self._connection = connection
        self._sockets = sockets
        self._mounts = mounts
        self._seat: Seat | None = None
        self._playing = False
        self._open: dict[str, Callable[[], Response]] = {
            "OPTIONS": self._options,
            "GET_PARAMETER": self._get_parameter,
            "TEARDOWN": self._teardown,
        }
        self._guarded: dict[str, Callable[[Request, Broadcast], Response]] = {
            "DESCRIBE": self._describe,
            "SETUP": self._setup,
            "PLAY": self._play,
        }

    def mount(self, request: Request) -> Mount | None:
        """The camera that a request names, be it with its track."""
        return self._mounts.get(_target(request.uri)[0])

    def answer(self, request: Request) -> Response:
        if request.method not in (*self._open, *self._guarded):
            return Response(status=501)
        if request.headers.get("session", self._ident) != self._ident:
            return Response(status=454)
        if request.method in self._open:
            return self._open[request.method]()
        mount = self.mount(request)
        if mount is None or _target(request.uri)[1] not in ("", mount.broadcast.recording.track.control):
            return Response(status=404)
        return _refusal(request, mount) or self._guarded[request.method](request, mount.broadcast)

    def end(self) -> None:
        if self._seat is not None:
            self._seat.broadcast.leave(self._seat.viewer)
        self._seat, self._playing = None, False

    def _options(self) -> Response:
        return Response(headers={"Public": ", ".join((*self._open, *self._guarded))})

    def _get_parameter(self) -> Response:
        return Response(headers=self._named())

    def _teardown(self) -> Response:
        self.end()
        return Response(headers=self._named())

    def _describe(self, request: Request, broadcast: Broadcast) -> Response:
        headers = {"Content-Type": "application/sdp", "Content-Base": request.uri.rstrip("/") + "/"}
        return Response(headers=headers, body=describe(_target(request.uri)[0], broadcast.recording))

    def _setup(self, request: Request, broadcast: Broadcast) -> Response:
        if self._playing:
            return Response(status=455)
        terms = first_acceptable(request.headers.get("transport", ""))
        if terms is None:
            return Response(status=461)
        viewer, transport = self._seated(terms)
        self._seat = Seat(broadcast=broadcast, control=broadcast.recording.track.control, viewer=viewer)
        return Response(headers=self._named(timeout=True) | {"Transport": transport})

    def _play(self, _: Request, broadcast: Broadcast) -> Response:
        """No RTP-Info: which picture comes first is not known yet, and the sender report before it says more."""
        seat = self._seat
        if seat is None or (seat.broadcast, seat.control) != (broadcast, broadcast.recording.track.control):
            return Response(status=455)
        broadcast.join(seat.viewer)
        self._playing = True
        return Response(headers=self._named() | {"Range": "npt=now-"})

    def _seated(self, terms: Channels | Ports) -> tuple[Viewer, str]:
        """Who will watch, and the Transport to answer with."""
        if isinstance(terms, Channels):
            return InterleavedViewer(self._connection, terms), str(terms)
        host = self._connection.get_extra_info("peername")[0]
        media, control = (own.getsockname()[1] for own in self._sockets)
        viewer = DatagramViewer(self._connection, self._sockets, host, terms)
        return viewer, f"{terms};server_port={media}-{control}"

    def _named(self, *, timeout: bool = False) -> dict[str, str]:
        return {"Session": f"{self._ident};timeout={KEEP_ALIVE_SECONDS}" if timeout else self._ident}


def _refusal(request: Request, mount: Mount) -> Response | None:
    if mount.fault in REFUSALS:
        return Response(status=REFUSALS[mount.fault])
    challenge = mount.guard.challenge(request) if mount.guard else None
    return Response(status=401, headers={"WWW-Authenticate": challenge}) if challenge else None


def _target(uri: str) -> tuple[str, str]:
    """The camera that a URI means and its track, either "" when there is none, as in `OPTIONS *`."""
    try:
        path = urlsplit(uri).path.strip("/")
    except ValueError:
        return "", ""
    name, _, control = path.rpartition("/")
    return (name, control) if control.startswith("trackID=") else (path, "")
