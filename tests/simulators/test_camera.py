"""Simulated cameras on a real port, watched by OpenCV, by ffprobe and by a bare socket."""

import asyncio
import json
import shutil
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import cv2
import numpy as np
import pytest

from simulators.camera import CameraServer, EncoderMissingError, serve_cameras
from simulators.rtsp.requests import MAX_HEAD_BYTES
from simulators.scenery.scene import Picture, Scene

ROOT = Path(__file__).parents[2]
SMALL = Scene(width=320, height=180, seconds=2)
BUSY = Scene(width=1280, height=720, seconds=1)
BUSY_BUFFER_BYTES = 200_000  # more than one of its key frames
FRAMES = 2


@pytest.fixture(autouse=True)
def _as_the_product_opens_cameras(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENCV_FFMPEG_CAPTURE_OPTIONS", "rtsp_transport;tcp|fpsprobesize;0|avdiscard;nonkey")


@pytest.fixture
async def server() -> AsyncIterator[CameraServer]:
    cameras = {"cam-01": Scene(brightness=0.5), "cam-02": Scene(brightness=0.2, width=320, height=180, seed=2)}
    async with serve_cameras(cameras) as server:
        yield server


def opened(url: str, patience_ms: int = 10_000) -> cv2.VideoCapture:
    limits = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, patience_ms, cv2.CAP_PROP_READ_TIMEOUT_MSEC, patience_ms]
    return cv2.VideoCapture(url, cv2.CAP_FFMPEG, [*limits, cv2.CAP_PROP_N_THREADS, 1])


def read(capture: cv2.VideoCapture, frames: int) -> list[Picture]:
    """What comes of `frames` attempts."""
    attempts = [capture.read() for _ in range(frames)]
    return [np.asarray(picture, np.uint8) for success, picture in attempts if success]


def pictures_from(url: str, frames: int = FRAMES, patience_ms: int = 10_000) -> list[Picture]:
    capture = opened(url, patience_ms)
    try:
        return read(capture, frames)
    finally:
        capture.release()


def luma(picture: Picture) -> float:
    return float(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY).mean()) / 255


async def test_opencv_sees_each_camera_in_its_size_and_brightness_also_two_clients_at_once(
    server: CameraServer,
) -> None:
    urls = [server.url(name) for name in ("cam-01", "cam-01", "cam-02")]
    first, second, third = await asyncio.gather(*(asyncio.to_thread(pictures_from, url) for url in urls))
    assert [picture.shape for picture in first + second] == [(360, 640, 3)] * 2 * FRAMES
    assert [luma(picture) for picture in first + second] == pytest.approx([0.5] * 2 * FRAMES, abs=0.02)
    assert [picture.shape for picture in third] == [(180, 320, 3)] * FRAMES
    assert [luma(picture) for picture in third] == pytest.approx([0.2] * FRAMES, abs=0.02)


async def test_a_stalled_camera_gives_no_picture_and_a_resumed_one_gives_them_to_a_new_client(
    server: CameraServer,
) -> None:
    server.camera("cam-01").stall()
    assert await asyncio.to_thread(pictures_from, server.url("cam-01"), 1, 3000) == []
    server.camera("cam-01").resume()
    assert len(await asyncio.to_thread(pictures_from, server.url("cam-01"))) == FRAMES


async def test_a_closed_client_reads_to_the_end_and_can_come_back(server: CameraServer) -> None:
    capture = await asyncio.to_thread(opened, server.url("cam-02"))
    assert len(await asyncio.to_thread(read, capture, 1)) == 1
    server.camera("cam-02").close_clients()
    assert len(await asyncio.to_thread(read, capture, 20)) < 10  # what was buffered, then nothing
    await asyncio.to_thread(capture.release)
    assert len(await asyncio.to_thread(pictures_from, server.url("cam-02"))) == FRAMES


async def test_a_camera_that_does_not_exist_does_not_open(server: CameraServer) -> None:
    capture = await asyncio.to_thread(opened, server.url("cam-01") + "-not")
    assert not capture.isOpened()


@pytest.mark.skipif(shutil.which("ffprobe") is None, reason="ffprobe (Debian's ffmpeg) is not on the PATH")
async def test_ffprobe_names_the_stream(server: CameraServer) -> None:
    entries = "stream=codec_name,profile,width,height,has_b_frames,avg_frame_rate"
    options = ["-v", "error", "-rtsp_transport", "tcp", "-show_entries", entries, "-of", "json"]
    probe = await asyncio.create_subprocess_exec("ffprobe", *options, server.url("cam-01"), stdout=-1, stderr=-1)
    found, complaints = await probe.communicate()
    (stream,) = json.loads(found)["streams"]
    assert (stream["codec_name"], stream["profile"], stream["has_b_frames"]) == ("h264", "Main", 0)
    assert (stream["width"], stream["height"], stream["avg_frame_rate"]) == (640, 360, "10/1")
    assert complaints == b""


class Client:
    """RTSP by hand: requests as text, answers and interleaved packets as bytes."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, url: str) -> None:
        self.reader, self.writer, self.url = reader, writer, url

    async def ask(self, method: str, track: str = "", **headers: str) -> str:
        lines = [f"{method} {self.url}{track} RTSP/1.0", "CSeq: 1", *(f"{k}: {v}" for k, v in headers.items())]
        return await self.send("\r\n".join([*lines, "", ""]).encode())

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

    async def picture(self) -> bytes:
        """The last packet of the next picture: the one that is marked."""
        while True:
            channel, content = await self.packet()
            if channel == 0 and content[1] & 0x80:
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


async def test_pictures_come_at_the_pace_of_the_scene_and_the_loop_has_no_end() -> None:
    now = asyncio.get_running_loop().time
    async with serve_cameras({"cam-01": SMALL}) as server, connected(server, "cam-01") as client:
        await client.play()
        begin, pictures = now(), [await client.picture() for _ in range(30)]
        elapsed = now() - begin
    stamps = [int.from_bytes(picture[4:8]) for picture in pictures]
    assert stamps == [stamps[0] + index * 9000 for index in range(30)]
    assert 2 < elapsed < 8  # 30 pictures at 10 a second, from a loop of 20


async def test_the_first_packet_tells_the_time_of_capture() -> None:
    async with serve_cameras({"cam-01": SMALL}, now=lambda: 1_800_000_000.0) as server:
        async with connected(server, "cam-01") as client:
            await client.play()
            channel, report = await client.packet()
            _, picture = await client.packet()
        assert channel == 1
        assert int.from_bytes(report[8:12]) - 2_208_988_800 == pytest.approx(1_800_000_000, abs=5)
        assert report[16:20] == picture[4:8]


@pytest.mark.parametrize("junk", [b"\x16\x03\x01 no RTSP\r\n\r\n", b"a" * 3 * MAX_HEAD_BYTES])
async def test_junk_is_answered_once_and_hung_up_on_and_the_others_go_on(server: CameraServer, junk: bytes) -> None:
    async with connected(server, "cam-01") as good, connected(server, "cam-01") as bad:
        await good.play()
        assert await bad.send(junk) == "RTSP/1.0 400 Bad Request\r\n\r\n"
        assert await bad.reader.read() == b""
        await good.picture()


async def test_keep_alives_are_answered_among_the_pictures(server: CameraServer) -> None:
    async with connected(server, "cam-02") as client:
        await client.play()
        await client.picture()
        client.writer.write(f"GET_PARAMETER {client.url} RTSP/1.0\r\nCSeq: 77\r\n\r\n".encode())
        await client.reader.readuntil(b"RTSP/1.0 200 OK\r\nCSeq: 77\r\n")


async def test_a_client_that_does_not_read_is_cut_off_and_the_others_go_on() -> None:
    async with (
        serve_cameras({"cam-01": BUSY}, client_buffer_bytes=BUSY_BUFFER_BYTES) as server,
        connected(server, "cam-01", receive_bytes=4096) as lazy,
        connected(server, "cam-01") as good,
    ):
        await lazy.play()
        await good.play()
        while server.camera("cam-01").slow_viewers == 0:
            await good.picture()
        assert server.camera("cam-01").slow_viewers == 1
        await good.picture()


async def test_the_end_of_the_server_ends_every_connection() -> None:
    async with serve_cameras({"cam-01": SMALL}) as server:
        reader, writer = await asyncio.open_connection(*address(server, "cam-01"))
    assert await reader.read() == b""
    writer.close()
    await writer.wait_closed()


async def test_a_taken_port_is_refused() -> None:
    async with serve_cameras({"cam-01": SMALL}) as server:
        _, port = address(server, "cam-01")
        with pytest.raises(OSError, match=r"(?i)address already in use"):
            async with serve_cameras({"cam-01": SMALL}, port=port):
                pass


async def test_an_error_of_the_caller_comes_out_as_it_is() -> None:
    with pytest.raises(LookupError, match="cam-99"):
        async with serve_cameras({"cam-01": SMALL}) as server:
            server.url("cam-99")


async def test_without_pyav_starting_a_camera_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    monkeypatch.delitem(sys.modules, "simulators.rtsp.encode", raising=False)
    with pytest.raises(EncoderMissingError, match="dependency group `simulate`"):
        async with serve_cameras({"cam-01": SMALL}):
            pass


async def test_importing_the_camera_imports_no_pyav() -> None:
    check = "import sys, simulators.camera; sys.exit('av' in sys.modules)"
    python = await asyncio.create_subprocess_exec(sys.executable, "-c", check, cwd=ROOT)
    assert await python.wait() == 0
