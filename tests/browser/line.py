"""A bad line between a page and the centre: it counts what passes, loses answers, holds streams back, can be cut."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

CHUNK = 64 * 1024
STREAM = b"GET /api/v1/events"
POST = re.compile(rb"^POST (\S+?)(?:\?\S*)? HTTP/1.1\r\n")


@dataclass
class Passing:
    """What is known of one connection. `asked`: POSTs that the centre has not answered yet."""

    live: bool = False
    lost: bool = False
    asked: list[str] = field(default_factory=list)


@dataclass
class Line:
    """`url` is the centre as the page knows it. `posts`: the paths of all that was sent to change something and was
    answered; what finds its connection closed meanwhile a browser sends once more.

    `holds_back_seconds`: every byte of a live stream comes so much later than all else, as by a proxy that gathers.
    """

    url: str = ""
    bytes_passed: int = 0
    loses_answers: bool = False
    holds_back_seconds: float = 0.0
    posts: list[str] = field(default_factory=list)
    _writers: set[asyncio.StreamWriter] = field(default_factory=set)

    async def carry(self, address: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, until either end has had enough."""
        host, _, port = address.rpartition(":")
        self._writers.add(writer)
        try:
            centre_reader, centre_writer = await asyncio.open_connection(host, int(port))
            self._writers.add(centre_writer)
            passing = Passing()
            ways = (self._there(reader, centre_writer, passing), self._back(centre_reader, writer, passing))
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

    async def _there(self, page: asyncio.StreamReader, centre: asyncio.StreamWriter, passing: Passing) -> None:
        with suppress(OSError):
            while data := await page.read(CHUNK):
                self.bytes_passed += len(data)
                if data.startswith(STREAM):
                    passing.live = True
                if found := POST.match(data):
                    passing.asked.append(found[1].decode())
                    passing.lost = passing.lost or self.loses_answers
                centre.write(data)
                await centre.drain()

    async def _back(self, centre: asyncio.StreamReader, page: asyncio.StreamWriter, passing: Passing) -> None:
        with suppress(OSError):
            while data := await centre.read(CHUNK):
                self.posts += passing.asked
                passing.asked.clear()
                if passing.lost:
                    continue
                self.bytes_passed += len(data)
                if passing.live and self.holds_back_seconds:
                    asyncio.get_running_loop().call_later(self.holds_back_seconds, page.write, data)
                else:
                    page.write(data)
                await page.drain()

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
