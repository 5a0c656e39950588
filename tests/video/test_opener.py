"""The opener against real sockets: a simulated camera, and servers that are none."""

import asyncio
import re
import socket
import time
from base64 import b64decode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

import pytest
from pydantic import SecretStr

from simulators.camera import CameraServer
from video.credentials import Credentials
from video.measure import brightness
from video.opener import (
    FFMPEG_ENVIRONMENT,
    NotOpenedError,
    RtspStream,
    StreamLostError,
    WrongEnvironmentError,
    open_stream,
    prepare,
)

SECRET = Credentials(user="admin", password=SecretStr("r4h@s:i/a"))


async def opened(url: str, credentials: Credentials | None = None, *, seconds: float = 3) -> RtspStream:
    timeout = timedelta(seconds=seconds)
    return await asyncio.to_thread(open_stream, url, credentials, open_timeout=timeout, read_timeout=timeout)


async def test_an_open_stream_delivers_the_scene_and_its_clock(camera_server: CameraServer) -> None:
    stream = await opened(camera_server.url("cam-01"))
    first = await asyncio.to_thread(stream.grab)
    second = await asyncio.to_thread(stream.grab)
    picture = stream.retrieve()
    stream.close()
    assert picture.shape == (180, 320, 3)
    assert brightness(picture) == pytest.approx(0.3, abs=0.03)
    assert (second - first).total_seconds() == pytest.approx(1, abs=0.01)


async def test_only_key_frames_are_decoded(camera_server: CameraServer) -> None:
    """Ten frames a second are sent, one of them a key frame: an option spelt wrong would deliver all ten."""
    stream = await opened(camera_server.url("cam-01"))

    def frames_within(seconds: float) -> int:
        frames, begun = 0, time.monotonic()
        while time.monotonic() - begun < seconds:
            stream.grab()
            frames += 1
        return frames

    frames = await asyncio.to_thread(frames_within, 4)
    stream.close()
    assert 3 <= frames <= 7  # four, and what waited since the open


async def test_a_stream_that_stalls_is_lost_within_the_read_timeout(camera_server: CameraServer) -> None:
    stream = await opened(camera_server.url("cam-01"), seconds=2)
    camera_server.camera("cam-01").stall()
    begun = time.monotonic()
    with pytest.raises(StreamLostError, match="no further frame"):
        await asyncio.to_thread(lambda: [stream.grab() for _ in range(3)])
    stream.close()
    assert time.monotonic() - begun < 5


async def test_an_open_stream_without_a_first_frame_is_no_camera(camera_server: CameraServer) -> None:
    camera_server.camera("cam-01").stall()
    with pytest.raises((NotOpenedError, StreamLostError)):
        await opened(camera_server.url("cam-01"), seconds=1)


async def test_an_unknown_path_is_not_opened(camera_server: CameraServer) -> None:
    with pytest.raises(NotOpenedError):
        await opened(camera_server.url("cam-01") + "-other")


async def test_a_dead_port_is_named_without_the_password(capfd: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))  # bound and not listening: refuses
        port = reserved.getsockname()[1]
        with pytest.raises(NotOpenedError, match=f"rtsp://127.0.0.1:{port}/1: refused") as refused:
            await opened(f"rtsp://127.0.0.1:{port}/1", SECRET)
    output = "".join(capfd.readouterr()) + repr(refused.value) + repr(refused.value.__cause__)
    assert "r4h" not in output
    assert "admin" not in output


async def test_a_mute_server_does_not_hold_up_a_good_camera(camera_server: CameraServer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        hanging = asyncio.create_task(opened(f"rtsp://127.0.0.1:{mute.getsockname()[1]}/1", seconds=6))
        await asyncio.sleep(0.2)  # the hanging open comes first
        begun = time.monotonic()
        stream = await opened(camera_server.url("cam-01"))
        stream.close()
        assert time.monotonic() - begun < 4
        with pytest.raises(NotOpenedError):
            await hanging


async def test_the_camera_is_told_the_password_as_it_is(capfd: pytest.CaptureFixture[str]) -> None:
    told: list[str] = []
    async with asking_for_a_password(told) as port:
        with pytest.raises(NotOpenedError) as refused:
            await opened(f"rtsp://127.0.0.1:{port}/1", SECRET)
    assert b64decode(told[-1]).decode() == "admin:r4h@s:i/a"
    output = "".join(capfd.readouterr()) + str(refused.value)
    assert "r4h" not in output


@pytest.mark.parametrize("url", ["/etc/hostname", "file:///etc/hostname", "http://127.0.0.1/1", "concat:a|b"])
async def test_only_rtsp_is_opened(url: str) -> None:
    with pytest.raises(NotOpenedError, match="not an RTSP address"):
        await opened(url)


def test_a_process_without_the_right_environment_is_refused() -> None:
    prepare({**FFMPEG_ENVIRONMENT, "HOME": "/"})
    with pytest.raises(WrongEnvironmentError, match="OPENCV_FFMPEG_CAPTURE_OPTIONS"):
        prepare({**FFMPEG_ENVIRONMENT, "OPENCV_FFMPEG_CAPTURE_OPTIONS": "rtsp_transport;tcp"})


@asynccontextmanager
async def asking_for_a_password(told: list[str]) -> AsyncIterator[int]:
    """An RTSP server that answers every request with 401 and writes down the Basic credentials it is told."""

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError):
            while head := (await reader.readuntil(b"\r\n\r\n")).decode():
                told.extend(re.findall(r"Authorization: Basic (\S+)", head))
                (number,) = re.findall(r"CSeq: (\d+)", head)
                challenge = 'WWW-Authenticate: Basic realm="camera"'
                writer.write(f"RTSP/1.0 401 Unauthorized\r\nCSeq: {number}\r\n{challenge}\r\n\r\n".encode())
        writer.close()

    async with await asyncio.start_server(refuse, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]
