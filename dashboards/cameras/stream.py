"""A stream of pictures to one viewer, for as long as he may see them and his connection takes them."""

import asyncio
from collections.abc import AsyncIterator, Callable

from starlette.responses import Response, StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from dashboards import metrics
from dashboards.cameras.multipart import CONTENT_TYPE, Framing, Shown
from dashboards.cameras.viewers import Viewer, Viewers

# Whoever has not taken a picture for so long sits before a frozen one: his stream is cut, and his place given away.
TAKEN_SECONDS = 30.0


class PictureStream(Response):
    """An answer that takes a viewer's place when it begins, and gives it back however it ends."""

    media_type = CONTENT_TYPE

    def __init__(
        self,
        pictures: Callable[[Viewer], AsyncIterator[Shown]],
        framing: Framing,
        viewers: Viewers,
        token: int,
        holder: str,
        *,
        taken_seconds: float = TAKEN_SECONDS,
    ) -> None:
        super().__init__()
        self._pictures = pictures
        self._framing = framing
        self._viewers = viewers
        self._token = token
        self._holder = holder
        self._taken_seconds = taken_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Raises Problem, before anything is sent, where there are as many viewers as may be."""

        async def send_in_time(message: Message) -> None:
            async with asyncio.timeout(self._taken_seconds):
                await send(message)

        with self._viewers.joined(self._token, self._holder) as viewer:
            try:
                await StreamingResponse(self._parts(viewer), media_type=CONTENT_TYPE)(scope, receive, send_in_time)
            except TimeoutError:
                metrics.VIEWERS_CUT.inc()

    async def _parts(self, viewer: Viewer) -> AsyncIterator[bytes]:
        yield self._framing.opening
        async for shown in self._pictures(viewer):
            yield self._framing.part(shown)
            # A server takes a chunk, and waits at the next until it has been sent: so the next picture is chosen then.
            yield b""
