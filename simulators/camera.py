"""Simulated RTSP cameras: one server on one port, a path for each camera.

    async with serve_cameras({"cam-01": Scene(brightness=0.5)}) as server:
        server.url("cam-01")                # rtsp://127.0.0.1:PORT/cam-01
        server.camera("cam-01").stall()     # and resume(), close_clients()

A scene is drawn and encoded once, when the server starts, and then replayed to all clients: twenty cameras cost one
or two hundredths of a core.
"""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from itertools import count
from zlib import crc32

from simulators.rtsp.broadcast import Broadcast
from simulators.rtsp.recording import Recording
from simulators.rtsp.requests import MAX_HEAD_BYTES
from simulators.rtsp.rtp import Sender
from simulators.rtsp.session import Session, converse
from simulators.scenery.scene import Scene

CLIENT_BUFFER_BYTES = 1 << 20  # some 20 s of the default scene


class EncoderMissingError(RuntimeError):
    """The simulated camera encodes with PyAV, which is not here: install the dependency group `simulate`."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class CameraServer:
    """The cameras that are being served, by name. An unknown name raises KeyError."""

    def __init__(self, authority: str, broadcasts: Mapping[str, Broadcast]) -> None:
        self._authority = authority
        self._broadcasts = broadcasts

    def url(self, name: str) -> str:
        self.camera(name)
        return f"rtsp://{self._authority}/{name}"

    def camera(self, name: str) -> Broadcast:
        return self._broadcasts[name]


@asynccontextmanager
async def serve_cameras(
    cameras: Mapping[str, Scene],
    host: str = "127.0.0.1",
    port: int = 0,
    *,
    now: Callable[[], float] = time.time,
    client_buffer_bytes: int = CLIENT_BUFFER_BYTES,
) -> AsyncIterator[CameraServer]:
    """Serve each camera at the path of its name until the block ends; port 0 takes a free one.

    `now`, in seconds since 1970, dates the pictures in the sender reports. A client that leaves more than
    `client_buffer_bytes` unread, beside as much in the kernel, is disconnected. Raises EncoderMissingError without
    PyAV, and OSError when the port is taken.
    """
    # Clients that come while the pictures are being encoded wait in the kernel's queue instead of being refused.
    with socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET) as listener:
        recordings = await asyncio.to_thread(_record, set(cameras.values()))
        broadcasts = {
            name: Broadcast(recordings[scene], Sender(crc32(name.encode()), name), now, client_buffer_bytes)
            for name, scene in cameras.items()
        }
        async with _listening(broadcasts, listener, client_buffer_bytes) as authority, _playing(broadcasts.values()):
            yield CameraServer(authority, broadcasts)


def _record(scenes: Collection[Scene]) -> dict[Scene, Recording]:
    try:
        from simulators.rtsp.encode import record  # noqa: PLC0415 - PyAV is no dependency of the product, which imports us
    except ModuleNotFoundError as missing:
        raise EncoderMissingError from missing
    return {scene: record(scene) for scene in scenes}


@asynccontextmanager
async def _playing(broadcasts: Collection[Broadcast]) -> AsyncIterator[None]:
    """Not a TaskGroup, which would hand the caller's own exception back wrapped in a group."""
    tasks = {asyncio.create_task(broadcast.play()) for broadcast in broadcasts}
    try:
        yield
    finally:
        await _cancel(tasks)


@asynccontextmanager
async def _listening(
    broadcasts: Mapping[str, Broadcast], listener: socket.socket, buffer_bytes: int
) -> AsyncIterator[str]:
    """Accept clients; yields host:port. All conversations end with the block."""
    conversations: set[asyncio.Task[None]] = set()
    serials = count(1)

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        session = Session(f"{next(serials):08d}", writer.transport, broadcasts)
        task = asyncio.create_task(_serve(reader, writer, session))
        conversations.add(task)
        task.add_done_callback(conversations.discard)

    # Accepted connections inherit it; the kernel would let each grow to 4 MB.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, buffer_bytes)
    server = await asyncio.start_server(accept, sock=listener, limit=MAX_HEAD_BYTES)
    try:
        address, bound = listener.getsockname()[:2]
        yield f"[{address}]:{bound}" if ":" in address else f"{address}:{bound}"
    finally:
        server.close()
        await _cancel(conversations)
        await server.wait_closed()


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, session: Session) -> None:
    try:
        await converse(reader, writer, session)
        await writer.wait_closed()
    except OSError:  # a client whose network breaks has left, like one that hangs up
        return
    finally:
        writer.transport.abort()


async def _cancel(tasks: Collection[asyncio.Task[None]]) -> None:
    """End all tasks, and raise what one of them died of."""
    tasks = tuple(tasks)
    for task in tasks:
        task.cancel()
    for outcome in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(outcome, Exception):
            raise outcome
