"""The handshake of a WebSocket with an application in this process, answered as any request is."""

from collections.abc import Iterator

import httpx
from fastapi import FastAPI
from starlette.types import Message, Scope


async def knock(app: FastAPI, request: httpx.Request) -> httpx.Response:
    """What a server would answer: 101 where the socket is opened, which is then hung up; else why it is not."""
    said: Iterator[Message] = iter([{"type": "websocket.connect"}, {"type": "websocket.disconnect", "code": 1001}])
    heard: list[Message] = []

    async def receive() -> Message:
        return next(said)

    async def send(message: Message) -> None:
        heard.append(message)

    await app(_scope(request), receive, send)
    if heard[0]["type"] == "websocket.accept":
        return httpx.Response(101)
    body = b"".join(message.get("body", b"") for message in heard)
    return httpx.Response(heard[0]["status"], headers=heard[0]["headers"], content=body)


def _scope(request: httpx.Request) -> Scope:
    return {
        "type": "websocket",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "scheme": "ws",
        "root_path": "",
        "path": request.url.path,
        "raw_path": request.url.raw_path,
        "query_string": request.url.query,
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "client": ("127.0.0.1", 1),
        "server": (request.url.host, 80),
        "subprotocols": [],
        "extensions": {"websocket.http.response": {}},
    }
