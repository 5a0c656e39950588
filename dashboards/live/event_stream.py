"""An answer that is a live stream of server-sent events (HTML, section 9.2), compressed where the client takes that."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from dashboards import metrics
from dashboards.live.audience import Client
from dashboards.live.bundle import Bundle
from dashboards.live.deflating import HEADER

MEDIA_TYPE = "text/event-stream"
# A proxy must pass on each message as it comes, as it is: nginx buffers unless told otherwise, others compress anew.
HEADERS = {"Cache-Control": "no-store, no-transform", "X-Accel-Buffering": "no", "Vary": "Accept-Encoding"}
# What is written at a time, and must be taken in its time.
PIECE_BYTES = 64 * 1024


class EventStream(Response):
    """`joined` is a place in the audience, `bundles` what whoever has it is sent."""

    media_type = MEDIA_TYPE

    def __init__(
        self,
        joined: AbstractContextManager[Client],
        bundles: Callable[[Client], AsyncIterator[Bundle]],
        *,
        taken_seconds: float,
    ) -> None:
        super().__init__(headers=HEADERS)
        del self.headers["content-length"]
        self._joined = joined
        self._bundles = bundles
        self._taken_seconds = taken_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Raises Problem, before anything is sent, where there are as many clients as may be."""
        gzip = takes_gzip(Headers(scope=scope))
        if gzip:
            self.headers["Content-Encoding"] = "gzip"
        with self._joined as client:
            watching = asyncio.create_task(_watch(receive, client))
            try:
                await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
                await self._write(send, HEADER if gzip else b"")
                async for bundle in self._bundles(client):
                    await self._write(send, bundle.deflated if gzip else bundle.plain)
                await send({"type": "http.response.body", "body": b"", "more_body": False})
            except TimeoutError:
                metrics.CUT.inc()
            finally:
                watching.cancel()

    async def _write(self, send: Send, data: bytes) -> None:
        """Raises TimeoutError."""
        for start in range(0, len(data), PIECE_BYTES):
            async with asyncio.timeout(self._taken_seconds):
                piece = data[start : start + PIECE_BYTES]
                await send({"type": "http.response.body", "body": piece, "more_body": True})


def takes_gzip(headers: Headers) -> bool:
    """Whether `Accept-Encoding` (RFC 9110, section 12.5.3) allows gzip, and not with a weight of 0."""
    for coding in headers.get("accept-encoding", "").lower().split(","):
        name, *parameters = (part.strip() for part in coding.split(";"))
        if name in {"gzip", "x-gzip", "*"}:
            return not any(_is_zero(parameter) for parameter in parameters)
    return False


def _is_zero(parameter: str) -> bool:
    name, _, weight = parameter.partition("=")
    return name.strip() == "q" and not weight.strip().strip("0.")


async def _watch(receive: Receive, client: Client) -> None:
    """Whoever hangs up has left, though there be nothing to tell him that would fail."""
    while (await receive())["type"] != "http.disconnect":
        pass
    client.close()
