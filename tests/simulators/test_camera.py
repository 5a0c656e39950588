"""Simulated cameras on a real port, watched by OpenCV and by a bare socket."""

import asyncio
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from simulators.camera import CameraServer, EncoderMissingError, serve_cameras
from simulators.rtsp.requests import MAX_HEAD_BYTES
from simulators.scenery.scene import Scene
from tests.simulators.camera_clients import address, connected, luma, opened, pictures_from, read

ROOT = Path(__file__).parents[2]
SMALL = Scene(width=320, height=180, seconds=2)
TINY = Scene(width=160, height=90, seconds=1)
BUSY = Scene(fps=20, seconds=1, rain=1.0)  # 200 kB a second
BUSY_BUFFER_BYTES = 50_000  # more than one of its key frames
FRAMES = 2


@pytest.fixture
async def server() -> AsyncIterator[CameraServer]:
    cameras = {"cam-01": replace(SMALL, brightness=0.5), "cam-02": Scene(brightness=0.2, width=160, height=90, seed=2)}
    async with serve_cameras(cameras) as server:
        yield server


async def test_opencv_sees_each_camera_in_its_size_and_brightness_also_two_clients_at_once(
    server: CameraServer,
) -> None:
    urls = [server.url(name) for name in ("cam-01", "cam-01", "cam-02")]
    first, second, third = await asyncio.gather(*(asyncio.to_thread(pictures_from, url, FRAMES) for url in urls))
    assert [picture.shape for picture in first + second] == [(180, 320, 3)] * 2 * FRAMES
    assert [luma(picture) for picture in first + second] == pytest.approx([0.5] * 2 * FRAMES, abs=0.02)
    assert [picture.shape for picture in third] == [(90, 160, 3)] * FRAMES
    assert [luma(picture) for picture in third] == pytest.approx([0.2] * FRAMES, abs=0.02)


async def test_a_stalled_camera_gives_no_picture_and_a_resumed_one_gives_them_to_a_new_client(
    server: CameraServer,
) -> None:
    server.camera("cam-01").stall()
    assert await asyncio.to_thread(pictures_from, server.url("cam-01"), 1, 1000) == []
    server.camera("cam-01").resume()
    assert len(await asyncio.to_thread(pictures_from, server.url("cam-01"), FRAMES)) == FRAMES


async def test_a_closed_client_reads_to_the_end_and_can_come_back(server: CameraServer) -> None:
    capture = await asyncio.to_thread(opened, server.url("cam-02"))
    assert len(await asyncio.to_thread(read, capture, 1)) == 1
    server.camera("cam-02").close_clients()
    assert len(await asyncio.to_thread(read, capture, 300)) < 300  # what was buffered, then nothing
    await asyncio.to_thread(capture.release)
    assert len(await asyncio.to_thread(pictures_from, server.url("cam-02"), FRAMES)) == FRAMES


async def test_a_camera_that_does_not_exist_does_not_open(server: CameraServer) -> None:
    capture = await asyncio.to_thread(opened, server.url("cam-01") + "-not")
    assert not capture.isOpened()


async def test_no_picture_comes_before_its_time_and_the_loop_has_no_end() -> None:
    now = asyncio.get_running_loop().time
    begin = now()
    async with serve_cameras({"cam-01": TINY}) as server, connected(server, "cam-01") as client:
        await client.play()
        arrivals = [(int.from_bytes((await client.picture())[4:8]), now() - begin) for _ in range(12)]
    stamps = [stamp for stamp, _ in arrivals]
    assert stamps == [stamps[0] + index * 9000 for index in range(12)]
    assert all(stamp / 90_000 <= seconds for stamp, seconds in arrivals)


async def test_the_first_packet_tells_the_time_of_capture() -> None:
    now = asyncio.get_running_loop().time
    begin = now()
    async with serve_cameras({"cam-01": TINY}, now=lambda: 1_800_000_000.0) as server:
        async with connected(server, "cam-01") as client:
            await client.play()
            channel, report = await client.packet()
            _, picture = await client.packet()
        assert channel == 1
        late_seconds = 1_800_000_000 - (int.from_bytes(report[8:12]) - 2_208_988_800)
        assert 0 <= late_seconds <= 1 + now() - begin  # than it was sent; of a part of a second, the whole
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
    async with serve_cameras({"cam-01": TINY}) as server:
        reader, writer = await asyncio.open_connection(*address(server, "cam-01"))
    assert await reader.read() == b""
    writer.close()
    await writer.wait_closed()


async def test_a_taken_port_is_refused() -> None:
    async with serve_cameras({"cam-01": TINY}) as server:
        _, port = address(server, "cam-01")
        with pytest.raises(OSError, match=r"(?i)address already in use"):
            async with serve_cameras({"cam-01": TINY}, port=port):
                pass


async def test_an_error_of_the_caller_comes_out_as_it_is() -> None:
    with pytest.raises(LookupError, match="cam-99"):
        async with serve_cameras({"cam-01": TINY}) as server:
            server.url("cam-99")


async def test_without_pyav_starting_a_camera_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    monkeypatch.delitem(sys.modules, "simulators.rtsp.encode", raising=False)
    with pytest.raises(EncoderMissingError, match="dependency group `simulate`"):
        async with serve_cameras({"cam-01": TINY}):
            pass


async def test_importing_the_camera_imports_no_pyav() -> None:
    check = "import sys, simulators.camera; sys.exit('av' in sys.modules)"
    python = await asyncio.create_subprocess_exec(sys.executable, "-c", check, cwd=ROOT)
    assert await python.wait() == 0
