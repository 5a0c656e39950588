"""Everything that runs while cameras are served: each one's stream, and each client's conversation."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from itertools import count

from simulators.faults import Fault
from simulators.rtsp.mount import Mount
from simulators.rtsp.requests import MAX_HEAD_BYTES, BadRequestError, Request, Response, read_request
from simulators.rtsp.session import Session

NOISE_BYTES = 256
RESET_ON_CLOSE = struct.pack("ii", 1, 0)  # struct linger of 0 s


@asynccontextmanager
async def serving(
    mounts: Mapping[str, Mount], listener: socket.socket, sockets: tuple[socket.socket, socket.socket]
) -> AsyncIterator[None]:
    """Play all, and accept clients. Ends with the block, together with every conversation.

    Not a TaskGroup, which would hand the caller's own exception back wrapped in a group.
    """
    streams = {asyncio.create_task(mount.broadcast.play()) for mount in mounts.values()}
    conversations: set[asyncio.Task[None]] = set()
    serials = count(1)

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        session = Session(f"{next(serials):08d}", writer.transport, sockets, mounts)
        task = asyncio.create_task(_serve(reader, writer, session))
        conversations.add(task)
        task.add_done_callback(conversations.discard)

    server = await asyncio.start_server(accept, sock=listener, limit=MAX_HEAD_BYTES)
    try:
        yield
    finally:
        server.close()
        await _cancel(streams | conversations)
        await server.wait_closed()


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, session: Session) -> None:
    try:
        await _converse(reader, writer, session)
        await writer.wait_closed()
    except OSError:  # a client whose network breaks has left, like one that hangs up
        return
    finally:
        writer.transport.abort()


async def _converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, session: Session) -> None:
    """Answer until the client leaves; after bytes that are no request, answer 400 and close."""
    try:
        while request := await read_request(reader):
            mount = session.mount(request)
            if mount and mount.fault is Fault.GONE:
                _reset(writer)
                return
            writer.write(_reply(session, request, mount))
            await writer.drain()
    except BadRequestError:
        writer.write(Response(status=400).encode(None))
    finally:
        session.end()
        writer.close()


def _reply(session: Session, request: Request, mount: Mount | None) -> bytes:
    match mount:
        case Mount(fault=Fault.MUTE):
            return b""
        case Mount(fault=Fault.BABBLING, noise=noise):
            return noise.randbytes(NOISE_BYTES)
    return session.answer(request).encode(request.cseq)


def _reset(writer: asyncio.StreamWriter) -> None:
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
    writer.transport.abort()


async def _cancel(tasks: Collection[asyncio.Task[None]]) -> None:
    """End all tasks, and raise what one of them died of."""
    tasks = tuple(tasks)
    for task in tasks:
        task.cancel()
    for outcome in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(outcome, Exception):
            raise outcome
