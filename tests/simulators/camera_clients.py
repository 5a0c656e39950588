"""Those who watch simulated cameras in tests: RTSP by hand, OpenCV, ffprobe and ffmpeg."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import cv2
import numpy as np
from numpy.typing import NDArray

from simulators.camera import CameraServer
from simulators.rtsp.requests import MAX_HEAD_BYTES
from tests.patience import PATIENCE_MS

QUICKLY = ["-v", "error", "-fpsprobesize", "0"]  # does not wait for 26 pictures to guess their rate


class Client:
    """RTSP by hand: requests as text, answers and interleaved packets as bytes."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, url: str) -> None:
        self.reader, self.writer, self.url = reader, writer, url

    async def ask(self, method: str, track: str = "", **headers: str) -> str:
        return await self.send(self.request(method, track, **headers))

    def request(self, method: str, track: str = "", cseq: int = 1, **headers: str) -> bytes:
        lines = [f"{method} {self.url}{track} RTSP/1.0", f"CSeq: {cseq}", *(f"{k}: {v}" for k, v in headers.items())]
        return "\r\n".join([*lines, "", ""]).encode()

    async def send(self, request: bytes) -> str:
        self.writer.write(request)
        return (await self.reader.readuntil(b"\r\n\r\n")).decode()

    async def play(self) -> None:
        await self.ask("SETUP", "/trackID=0", Transport="RTP/AVP/TCP;unicast;interleaved=0-1")
        assert "200 OK" in await self.ask("PLAY")

    async def packet(self) -> tuple[int, bytes]:
        """Channel and content of the next interleaved packet."""
        header = await self.reader.readexactly(4)
        return header[1], await self.reader.readexactly(int.from_bytes(header[2:]))

    async def media(self) -> bytes:
        while True:
            channel, content = await self.packet()
            if channel == 0:
                return content

    async def picture(self) -> bytes:
        """The last packet of the next picture: the one that is marked."""
        while True:
            content = await self.media()
            if content[1] & 0x80:
                return content


def address(server: CameraServer, name: str) -> tuple[str, int]:
    parts = urlsplit(server.url(name))
    assert parts.hostname is not None
    assert parts.port is not None
    return parts.hostname, parts.port


@asynccontextmanager
async def connected(server: CameraServer, name: str, receive_bytes: int | None = None) -> AsyncIterator[Client]:
    """`receive_bytes` makes the kernel hold little for a client that does not read."""
    connection = socket.socket()
    if receive_bytes is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
    connection.setblocking(False)
    await asyncio.get_running_loop().sock_connect(connection, address(server, name))
    reader, writer = await asyncio.open_connection(sock=connection, limit=4 * MAX_HEAD_BYTES)
    try:
        yield Client(reader, writer, server.url(name))
    finally:
        writer.transport.abort()


def opened(url: str, patience_ms: int = int(PATIENCE_MS)) -> cv2.VideoCapture:
    limits = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, patience_ms, cv2.CAP_PROP_READ_TIMEOUT_MSEC, patience_ms]
    return cv2.VideoCapture(url, cv2.CAP_FFMPEG, [*limits, cv2.CAP_PROP_N_THREADS, 1])


def read(capture: cv2.VideoCapture, frames: int) -> list[NDArray[np.uint8]]:
    """What comes of `frames` attempts."""
    attempts = [capture.read() for _ in range(frames)]
    return [np.asarray(picture, np.uint8) for success, picture in attempts if success]


def pictures_from(url: str, frames: int, patience_ms: int = int(PATIENCE_MS)) -> list[NDArray[np.uint8]]:
    capture = opened(url, patience_ms)
    try:
        return read(capture, frames)
    finally:
        capture.release()


def luma(picture: NDArray[np.uint8]) -> float:
    return float(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY).mean()) / 255


async def probed(url: str, transport: str = "tcp") -> tuple[list[dict[str, object]], str]:
    """What ffprobe finds at an address, and what it complains about."""
    entries = "stream=codec_type,codec_name,profile,width,height,has_b_frames"
    options = [*QUICKLY, "-rtsp_transport", transport, "-show_entries", entries, "-of", "json"]
    found, complaints = await _run("ffprobe", *options, url)
    return json.loads(found or b"{}").get("streams", []), complaints.decode()


async def decoded(url: str, *output: str, transport: str = "tcp") -> bytes:
    """What ffmpeg makes of the stream, given the options of its output."""
    found, complaints = await _run("ffmpeg", *QUICKLY, "-rtsp_transport", transport, "-i", url, *output, "pipe:")
    assert complaints == b""
    return found


async def _run(*command: str) -> tuple[bytes, bytes]:
    process = await asyncio.create_subprocess_exec(*command, stdin=asyncio.subprocess.DEVNULL, stdout=-1, stderr=-1)
    return await process.communicate()
