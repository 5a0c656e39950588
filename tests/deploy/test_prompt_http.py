"""Who connects and asks nothing is let go; who asks, listens to a stream or opens a WebSocket is not."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from websockets.asyncio.client import connect

from deploy.http_server import serve
from deploy.listen import Address
from deploy.local.ports import free_port
from deploy.prompt_http import PromptHttp
from tests.patience import PATIENCE_SECONDS

HEAD = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"


class Hurried(PromptHttp):
    head_seconds = 0.3


class Patient(PromptHttp):
    """With whoever asks at once, on a machine that stands still for some seconds too."""

    head_seconds = 10.0


async def _slow(_: Request) -> Response:
    """Longer than anybody waits for a head here."""
    await asyncio.sleep(1 + Patient.head_seconds)
    return Response(b"late")


async def _socket(socket: WebSocket) -> None:
    await socket.accept()
    await asyncio.sleep(1 + Patient.head_seconds)
    await socket.send_text("late")


@asynccontextmanager
async def served(http: type[PromptHttp]) -> AsyncIterator[int]:
    """The port."""
    app, port = Starlette(routes=[Route("/", _slow), WebSocketRoute("/live", _socket)]), free_port()
    serving = asyncio.create_task(serve(app, Address("127.0.0.1", port, "PANTAU_LISTEN"), http=http))
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            with suppress(OSError):
                (await asyncio.open_connection("127.0.0.1", port))[1].close()
                break
            await asyncio.sleep(0.01)
    try:
        yield port
    finally:
        serving.cancel()
        await asyncio.wait([serving])


@pytest.fixture
async def hurried() -> AsyncIterator[int]:
    async with served(Hurried) as port:
        yield port


@pytest.fixture
async def patient() -> AsyncIterator[int]:
    async with served(Patient) as port:
        yield port


@pytest.mark.parametrize("said", [b"", b"GET / HTTP/1.1\r\nHost: a\r\n"])
async def test_who_asks_nothing_whole_is_let_go(hurried: int, said: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", hurried)
    writer.write(said)
    async with asyncio.timeout(PATIENCE_SECONDS):
        assert await reader.read() == b""
    writer.close()


async def test_who_was_answered_and_sends_a_byte_now_and_then_is_let_go(patient: int) -> None:
    """Any byte ends what uvicorn waits for a next request."""
    reader, writer = await asyncio.open_connection("127.0.0.1", patient)
    writer.write(HEAD)
    async with asyncio.timeout(PATIENCE_SECONDS):
        assert (await reader.readuntil(b"late")).endswith(b"late")
        with suppress(ConnectionError):
            while not reader.at_eof():
                writer.write(b"G")
                await writer.drain()
                await asyncio.sleep(0.05)
    writer.close()


async def test_who_waits_for_an_answer_or_a_message_is_not(patient: int) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS), asyncio.TaskGroup() as clients:
        clients.create_task(_asks_twice(patient))
        clients.create_task(_listens(patient))


async def _asks_twice(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for _ in range(2):
        writer.write(HEAD)
        assert (await reader.readuntil(b"late")).startswith(b"HTTP/1.1 200 OK")
    writer.close()


async def _listens(port: int) -> None:
    async with connect(f"ws://127.0.0.1:{port}/live", open_timeout=PATIENCE_SECONDS) as socket:
        assert await socket.recv() == "late"
