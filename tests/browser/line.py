"""The bad line between a phone and the centre: it counts what passes, loses answers, and can be cut."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

CHUNK = 64 * 1024
POST = re.compile(rb"^POST (\S+?)(?:\?\S*)? HTTP/1.1\r\n")


@dataclass
class Line:
    """`url` is the centre as the phone knows it. `posts`: the paths of all that was sent to change something."""

    url: str = ""
    bytes_passed: int = 0
    loses_answers: bool = False
    posts: list[str] = field(default_factory=list)
    _writers: set[asyncio.StreamWriter] = field(default_factory=set)

    async def carry(self, address: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, until either end has had enough."""
        host, _, port = address.rpartition(":")
        self._writers.add(writer)
        try:
            centre_reader, centre_writer = await asyncio.open_connection(host, int(port))
            self._writers.add(centre_writer)
            lost = asyncio.Event()
            ways = (self._there(reader, centre_writer, lost), self._back(centre_reader, writer, lost))
            _, pending = await asyncio.wait(
                [asyncio.create_task(way) for way in ways], return_when=asyncio.FIRST_COMPLETED
            )
            for way in pending:
                way.cancel()
            centre_writer.close()
        except OSError:
            pass  # nobody is there: the phone sees its connection end
        finally:
            writer.close()

    async def _there(self, phone: asyncio.StreamReader, centre: asyncio.StreamWriter, lost: asyncio.Event) -> None:
        with suppress(OSError):
            while data := await phone.read(CHUNK):
                self.bytes_passed += len(data)
                if found := POST.match(data):
                    self.posts.append(found[1].decode())
                    if self.loses_answers:
                        lost.set()
                centre.write(data)
                await centre.drain()

    async def _back(self, centre: asyncio.StreamReader, phone: asyncio.StreamWriter, lost: asyncio.Event) -> None:
        with suppress(OSError):
            while data := await centre.read(CHUNK):
                if not lost.is_set():
                    self.bytes_passed += len(data)
                    phone.write(data)
                    await phone.drain()

    def cut(self) -> None:
        """Whatever is under way ends here; the next connection is a new one."""
        for writer in self._writers:
            writer.close()
        self._writers.clear()


@asynccontextmanager
async def line_to(url: str) -> AsyncIterator[Line]:
    line, address = Line(), urlsplit(url).netloc
    server = await asyncio.start_server(lambda reader, writer: line.carry(address, reader, writer), "127.0.0.1", 0)
    line.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield line
    finally:
        server.close()
        line.cut()
