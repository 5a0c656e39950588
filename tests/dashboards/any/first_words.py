"""A stream never ends by itself; before who reads every answer to its end, it does so behind its first words."""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

STREAMS = ("/events", ".mjpg")


class FirstWords:
    """Status, headers and refusals are the application's own; it is told that the client hung up when it has spoken."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].endswith(STREAMS):
            await self._app(scope, receive, send)
            return
        spoken = asyncio.Event()

        async def send_first(message: Message) -> None:
            if spoken.is_set():
                return
            if message["type"] == "http.response.body" and message.get("body"):
                message = {**message, "more_body": False}
                spoken.set()
            await send(message)

        async def hear() -> Message:
            waiting = [asyncio.create_task(receive()), asyncio.create_task(_hung_up(spoken))]
            done, others = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            for other in others:
                other.cancel()
            return done.pop().result()

        plain = [header for header in scope["headers"] if header[0] != b"accept-encoding"]
        await self._app({**scope, "headers": plain}, hear, send_first)


async def _hung_up(spoken: asyncio.Event) -> Message:
    await spoken.wait()
    return {"type": "http.disconnect"}
