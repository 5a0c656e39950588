"""The peer: what most would write, `websockets.broadcast` of each message to plain connections, without compression.

`python -m tests.bench.broadcast COUNT MESSAGES`: microseconds of CPU per message and connection, and bytes on the wire.
The readers are in a process of their own.
"""

import asyncio
import subprocess
import sys
import time

from websockets.asyncio.server import ServerConnection, broadcast, serve

# As long as the reading of a device is.
BODY = '{"id":"4f1c2a9b-1234567","type":"reading","at":"2026-11-27T21:00:00.123456Z","data":{"device":"load-00001",'
BODY += '"state":"unknown","since":"2026-11-27T20:00:00.123456Z","last_seen":"2026-11-27T21:00:00.123456Z",'
BODY += '"latest":{"rx_power_dbm":{"value":-21.4,"time":"2026-11-27T21:00:00.123456Z"}}}}'
READERS = "import sys; from tests.bench.broadcast import read; read(int(sys.argv[1]), int(sys.argv[2]))"
TURN = 10


async def send(count: int, messages: int) -> tuple[float, float]:
    async with serve(_stay, "127.0.0.1", 0, compression=None) as server:
        port = server.sockets[0].getsockname()[1]
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", READERS, str(port), str(count))
        while len(server.connections) < count:
            await asyncio.sleep(0.05)
        began = time.process_time()
        for number in range(messages):
            broadcast(server.connections, BODY)
            if number % TURN == 0:
                await asyncio.sleep(0)
        spent = time.process_time() - began
        process.kill()
        await process.wait()
    return spent / messages / count * 1e6, float(len(BODY) + 4)


async def _stay(connection: ServerConnection) -> None:
    await connection.wait_closed()


class Reader(asyncio.Protocol):
    def __init__(self, port: int) -> None:
        self._port = port

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        transport.write(
            f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )


def read(port: int, count: int) -> None:
    """Until it is killed."""

    async def reading() -> None:
        loop = asyncio.get_running_loop()
        for _ in range(count):
            await loop.create_connection(lambda: Reader(port), "127.0.0.1", port)
        await asyncio.Event().wait()

    asyncio.run(reading())


def peer(count: int, messages: int) -> tuple[float, float]:
    """In a process of its own: microseconds of CPU, and bytes, for one message to one connection."""
    command = [sys.executable, "-m", "tests.bench.broadcast", str(count), str(messages)]
    microseconds, size = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return float(microseconds), float(size)


if __name__ == "__main__":
    print(*asyncio.run(send(int(sys.argv[1]), int(sys.argv[2]))))
