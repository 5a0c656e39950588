"""One client's conversation with the simulated cameras: which answer follows which request (RFC 2326 10)."""

import asyncio
from collections.abc import Mapping
from urllib.parse import urlsplit

from simulators.rtsp.broadcast import Broadcast, Viewer
from simulators.rtsp.requests import BadRequestError, Request, Response, read_request, tcp_channels
from simulators.rtsp.sdp import TRACK, describe

KEEP_ALIVE_SECONDS = 60  # announced only: the media share the connection, so a client that is gone is noticed without


class Session:
    """Begins with the connection and ends with it; plays one camera at a time, interleaved on TCP only.

    `ident` need not be a secret (3.4): it is good on its own connection alone.
    """

    def __init__(self, ident: str, transport: asyncio.WriteTransport, broadcasts: Mapping[str, Broadcast]) -> None:
        self._ident = ident
        self._transport = transport
        self._broadcasts = broadcasts
        self._seat: tuple[Broadcast, Viewer] | None = None
        self._playing = False
        self._answers = {
            "OPTIONS": self._options,
            "DESCRIBE": self._describe,
            "SETUP": self._setup,
            "PLAY": self._play,
            "GET_PARAMETER": self._get_parameter,
            "TEARDOWN": self._teardown,
        }

    def answer(self, request: Request) -> Response:
        if request.method not in self._answers:
            return Response(status=501)
        if request.headers.get("session", self._ident) != self._ident:
            return Response(status=454)
        return self._answers[request.method](request)

    def end(self) -> None:
        if self._seat is not None:
            broadcast, viewer = self._seat
            broadcast.leave(viewer)
        self._seat, self._playing = None, False

    def _options(self, _: Request) -> Response:
        return Response(headers={"Public": ", ".join(self._answers)})

    def _describe(self, request: Request) -> Response:
        name = _camera_name(request.uri)
        if name not in self._broadcasts:
            return Response(status=404)
        headers = {"Content-Type": "application/sdp", "Content-Base": request.uri.rstrip("/") + "/"}
        return Response(headers=headers, body=describe(name, self._broadcasts[name].recording))

    def _setup(self, request: Request) -> Response:
        if self._playing:
            return Response(status=455)
        broadcast = self._broadcasts.get(_camera_name(request.uri))
        if broadcast is None:
            return Response(status=404)
        channels = tcp_channels(request.headers.get("transport", ""))
        if channels is None:
            return Response(status=461)
        self._seat = broadcast, Viewer(self._transport, channels)
        transport = "RTP/AVP/TCP;unicast;interleaved={}-{}".format(*channels)
        return Response(headers=self._named(timeout=True) | {"Transport": transport})

    def _play(self, _: Request) -> Response:
        """No RTP-Info: which picture comes first is not known yet, and the sender report before it says more."""
        if self._seat is None:
            return Response(status=455)
        broadcast, viewer = self._seat
        broadcast.join(viewer)
        self._playing = True
        return Response(headers=self._named() | {"Range": "npt=now-"})

    def _get_parameter(self, _: Request) -> Response:
        return Response(headers=self._named())

    def _teardown(self, _: Request) -> Response:
        self.end()
        return Response(headers=self._named())

    def _named(self, *, timeout: bool = False) -> dict[str, str]:
        return {"Session": f"{self._ident};timeout={KEEP_ALIVE_SECONDS}" if timeout else self._ident}


async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, session: Session) -> None:
    """Answer until the client leaves; after bytes that are no request, answer 400 and close."""
    try:
        while request := await read_request(reader):
            writer.write(session.answer(request).encode(request.cseq))
            await writer.drain()
    except BadRequestError:
        writer.write(Response(status=400).encode(None))
    finally:
        session.end()
        writer.close()


def _camera_name(uri: str) -> str:
    """The camera that a URI means, be it with its track; "" for what is no URI, as in `OPTIONS *`."""
    try:
        path = urlsplit(uri).path
    except ValueError:
        return ""
    return path.rstrip("/").removesuffix("/" + TRACK).lstrip("/")
