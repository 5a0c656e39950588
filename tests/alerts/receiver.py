"""A webhook receiver on loopback that misbehaves on demand: a real HTTP server on real sockets."""

import asyncio
import json
import socket
import struct
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.patience import PATIENCE_SECONDS

Answer = int | tuple[int, str] | Literal["hang", "reset", "drip"]


@dataclass(slots=True)
class Receiver:
    """Keeps every body and when it came, in epoch seconds; answers by `script`, one entry a request, then `otherwise`.

    A number is a status, a pair a status with its Retry-After; "hang" never answers, "reset" breaks the connection,
    "drip" sends a byte of its headers now and then. Every answer is thought about for `thinks_seconds`.
    """

    script: list[Answer] = field(default_factory=list)
    otherwise: Answer = 200
    bodies: list[dict[str, Any]] = field(default_factory=list)
    arrived_at: list[float] = field(default_factory=list)
    thinks_seconds: float = 0.0
    port: int = 0
    _arrived: asyncio.Condition = field(default_factory=asyncio.Condition)
    _open: set[asyncio.StreamWriter] = field(default_factory=set)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?token=very-secret"

    @property
    def statuses(self) -> list[str]:
        return [body["status"] for body in self.bodies]

    async def got(self, count: int) -> None:
        """Return once `count` requests have arrived."""
        async with asyncio.timeout(PATIENCE_SECONDS), self._arrived:
            await self._arrived.wait_for(lambda: len(self.bodies) >= count)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            with suppress(asyncio.IncompleteReadError, ConnectionError):  # whoever spoke to us was killed
                await self._take(reader)
                await asyncio.sleep(self.thinks_seconds)
                await self._answer(self.script.pop(0) if self.script else self.otherwise, reader, writer)
        finally:
            self._open.discard(writer)
            writer.close()

    async def _take(self, reader: asyncio.StreamReader) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.partition("content-length:")[2].partition("\r\n")[0])
        body = await reader.readexactly(length)
        async with self._arrived:
            self.arrived_at.append(time.time())
            self.bodies.append(json.loads(body))
            self._arrived.notify_all()

    async def _answer(self, answer: Answer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if answer == "hang":
            await reader.read()
        elif answer == "drip":
            await _drip(writer)
        elif answer == "reset":
            linger_zero = struct.pack("ii", 1, 0)
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger_zero)
            writer.transport.abort()
        else:
            status, wait = answer if isinstance(answer, tuple) else (answer, None)
            header = f"Retry-After: {wait}\r\n" if wait else ""
            writer.write(f"HTTP/1.1 {status} X\r\n{header}Content-Length: 0\r\nConnection: close\r\n\r\n".encode())
            await writer.drain()

    def hang_up(self) -> None:
        for writer in self._open:
            writer.transport.abort()


async def _drip(writer: asyncio.StreamWriter) -> None:
    while not writer.is_closing():
        writer.write(b"H")
        await asyncio.sleep(0.05)


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0)
    async with server:
        receiver.port = server.sockets[0].getsockname()[1]
        yield receiver
        receiver.hang_up()
        await asyncio.sleep(0)
