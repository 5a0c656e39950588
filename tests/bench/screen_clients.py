"""`python -m tests.bench.screen_clients`: many screens in a process of their own, each with its own connection.

It says `ready` when every screen has its snapshot, listens until its standard input ends, and prints what it measured.
"""

import argparse
import asyncio
import json
import re
import sys
import time
import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

EVENT_ID = re.compile(rb"^id: \w+-(\d+)$", re.MULTILINE)
RETRY_SECONDS = 1.0
HEARTBEAT, SNAPSHOT = b'"type":"heartbeat"', b'"type":"snapshot"'


@dataclass(kw_only=True)
class Heard:
    """Milliseconds from publishing to the screens' hands: of the newest value in each message, and of the oldest."""

    screens: int
    snapshot_seconds: float
    snapshot_bytes: float
    messages: int = 0
    newest_ms: list[float] = field(default_factory=list)
    oldest_ms: list[float] = field(default_factory=list)
    bytes_per_second: float = 0.0
    resnapshotted: int = 0
    cpu_seconds: float = 0.0
    seconds: float = 0.0


class Screen(asyncio.Protocol):
    """A chunked gzip stream (RFC 9112, section 7.1), inflated as it comes; `text` is kept by one of them only."""

    def __init__(self, request: bytes, *, keeps: bool) -> None:
        self.places: list[int] = []
        self.times: list[float] = []
        self.text: list[bytes] | None = [] if keeps else None
        self.wire = self.snapshots = 0
        self.ready: tuple[float, int] | None = None
        self._request = request
        self._inflate = zlib.decompressobj(16 + zlib.MAX_WBITS)
        self._buffer = b""
        self._headed = False

    async def connect(self, host: str, port: int) -> None:
        """Until it is let in; a page tries again as well where the server cannot ask who it is just now."""
        self.began, loop = time.time(), asyncio.get_running_loop()
        while True:
            self._answered = loop.create_future()
            await loop.create_connection(lambda: self, host, port)
            if await self._answered == 200:
                return
            await asyncio.sleep(RETRY_SECONDS)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport, self._buffer = transport, b""
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        now = time.time()
        self.wire += len(data)
        self._buffer += data
        if not self._headed:
            head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
            status = int(head.split()[1])
            assert status in {200, 503}, head
            self._answered.set_result(status)
            if status != 200:
                self._transport.abort()
                return
            self._headed = True
        if text := self._inflate.decompress(b"".join(self._chunks())):
            self._take(text, now)

    def _chunks(self) -> list[bytes]:
        chunks = []
        while (end := self._buffer.find(b"\r\n")) >= 0:
            size = int(self._buffer[:end], 16)
            if len(self._buffer) < end + size + 4:
                break
            chunks.append(self._buffer[end + 2 : end + 2 + size])
            self._buffer = self._buffer[end + size + 4 :]
        return chunks

    def _take(self, text: bytes, now: float) -> None:
        self.snapshots += SNAPSHOT in text
        if self.ready is None and HEARTBEAT in text:
            self.ready = (now - self.began, self.wire)
        # The last id of what came at once: whatever came before it is in this screen's hands now.
        last = text.rfind(b"id: ", max(0, text.rfind(b"\n\n", 0, -2)))
        if found := EVENT_ID.match(text, last):
            self.places.append(int(found[1]))
            self.times.append(now)
        if self.text is not None:
            self.text.append(text)


def published(text: bytes, after: int) -> NDArray[np.float64]:
    """Of each reading behind that place: its place, the time of its newest value and of its oldest."""
    rows = []
    for event in text.split(b"\n\n"):
        _, _, data = event.partition(b"\ndata: ")
        message = json.loads(data) if data else {"type": None}
        place = int(message["id"].rpartition("-")[2]) if data else 0
        if message["type"] == "reading" and place > after:
            times = [datetime.fromisoformat(value["time"]).timestamp() for value in message["data"]["latest"].values()]
            rows.append((place, max(times), min(times)))
    return np.array(rows)


def latencies(screens: list[Screen], rows: NDArray[np.float64], column: int) -> list[float]:
    """Median, 99th percentile and worst, over all messages and all screens, in milliseconds."""
    found = []
    for screen in screens:
        arrived = np.searchsorted(np.array(screen.places), rows[:, 0])
        there = arrived < len(screen.times)
        found.append((np.array(screen.times)[arrived[there]] - rows[there, column]) * 1e3)
    return [float(value) for value in np.percentile(np.concatenate(found), (50, 99, 100))]


async def listen(host: str, port: int, requests: Sequence[bytes], count: int) -> Heard:
    screens = [Screen(requests[number % len(requests)], keeps=number == 0) for number in range(count)]
    await asyncio.gather(*(screen.connect(host, port) for screen in screens))
    while not all(screen.ready for screen in screens):
        await asyncio.sleep(0.05)
    print("ready", flush=True)
    began, wire, cpu = time.time(), sum(screen.wire for screen in screens), time.process_time()
    after = max(screen.places[-1] for screen in screens)
    await asyncio.to_thread(sys.stdin.read)
    took, taken = time.time() - began, sum(screen.wire for screen in screens) - wire
    spent = time.process_time() - cpu
    ready = [screen.ready for screen in screens if screen.ready]
    heard = Heard(
        screens=count,
        snapshot_seconds=max(seconds for seconds, _ in ready),
        snapshot_bytes=float(np.median([size for _, size in ready])),
    )
    rows = published(b"".join(screens[0].text or ()), after)
    heard.messages = len(rows)
    if len(rows):
        heard.newest_ms, heard.oldest_ms = latencies(screens, rows, 1), latencies(screens, rows, 2)
    heard.bytes_per_second = taken / took / count
    heard.resnapshotted = sum(screen.snapshots - 1 for screen in screens)
    heard.cpu_seconds, heard.seconds = spent, took
    return heard


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("address")
    parser.add_argument("secrets", help="of several tokens, with commas: one alone may not have that many streams")
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--form", default="columns")
    asked = parser.parse_args()
    host, _, port = asked.address.partition(":")
    head = f"GET /api/v1/events?snapshot={asked.form} HTTP/1.1\r\nHost: {asked.address}\r\nAccept-Encoding: gzip\r\n"
    requests = [f"{head}Authorization: Bearer {secret}\r\n\r\n".encode() for secret in asked.secrets.split(",")]
    print(json.dumps(asdict(asyncio.run(listen(host, int(port), requests, asked.count)))))


if __name__ == "__main__":
    main()
