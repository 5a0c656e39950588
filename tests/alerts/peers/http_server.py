"""An HTTP server on loopback that does with each request what a test says, and may lose its own answer."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Request:
    """Names of headers are in lower case."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:  # noqa: ANN401  JSON
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Response:
    """`lost` is done and not told: the connection ends before a byte of it."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    lost: bool = False

    @classmethod
    def of(cls, value: Any, status: int = 200) -> "Response":  # noqa: ANN401  JSON
        return cls(status, json.dumps(value).encode(), {"Content-Type": "application/json"})


Handle = Callable[[Request], Awaitable[Response]]


@dataclass(slots=True)
class HttpServer:
    """Keeps every request."""

    handle: Handle
    port: int = 0
    requests: list[Request] = field(default_factory=list)
    _open: set[asyncio.StreamWriter] = field(default_factory=set)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            request = await _read(reader)
            self.requests.append(request)
            response = await self.handle(request)
            if not response.lost:
                writer.write(_written(response, with_body=request.method != "HEAD"))
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # who asked is gone
        finally:
            self._open.discard(writer)
            writer.close()

    def hang_up(self) -> None:
        for writer in self._open:
            writer.transport.abort()


@asynccontextmanager
async def http_server(handle: Handle) -> AsyncIterator[HttpServer]:
    peer = HttpServer(handle)
    server = await asyncio.start_server(peer.serve, "127.0.0.1", 0)
    async with server:
        peer.port = server.sockets[0].getsockname()[1]
        yield peer
        peer.hang_up()
        await asyncio.sleep(0)


def always(response: Response) -> Handle:
    async def handle(_request: Request) -> Response:
        return response

    return handle


async def _read(reader: asyncio.StreamReader) -> Request:
    first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    method, target, _ = first.split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
    return Request(method, target, headers, await reader.readexactly(int(headers.get("content-length", "0"))))


def _written(response: Response, *, with_body: bool) -> bytes:
    headers = {**response.headers, "Content-Length": str(len(response.body)), "Connection": "close"}
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {response.status} X\r\n{head}\r\n".encode() + (response.body if with_body else b"")
