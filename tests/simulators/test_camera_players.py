"""Simulated cameras as ffprobe, ffmpeg and OpenCV play them: both codecs, both transports, every login."""

import asyncio
from collections.abc import AsyncIterator

import numpy as np
import pytest

from simulators.camera import CameraModel, CameraServer, serve_cameras
from simulators.rtsp.login import Login, Scheme
from simulators.rtsp.recording import Codec
from simulators.scenery.scene import Scene
from tests.simulators.camera_clients import decoded, luma, pictures_from, probed

SMALL = Scene(width=320, height=180, seconds=1, brightness=0.4)
SUB = Scene(width=160, height=90, fps=5, seconds=1, brightness=0.4)
LOGINS = {scheme: Login(user="operator", password="a b:c", scheme=scheme) for scheme in Scheme}
CAMERAS = {
    "h264": SMALL,
    "h265": CameraModel(scene=SMALL, codec=Codec.H265),
    "h264/sub": SUB,
    "h264-basic": CameraModel(scene=SMALL, login=LOGINS[Scheme.BASIC]),
    "h264-digest": CameraModel(scene=SMALL, login=LOGINS[Scheme.DIGEST]),
    "h265-digest": CameraModel(scene=SMALL, codec=Codec.H265, login=LOGINS[Scheme.DIGEST]),
}


@pytest.fixture
async def server() -> AsyncIterator[CameraServer]:
    async with serve_cameras(CAMERAS) as server:
        yield server


def address(server: CameraServer, name: str) -> str:
    return with_password(server.url(name), "a%20b:c") if "-" in name else server.url(name)


def with_password(url: str, password: str) -> str:
    return url.replace("//", f"//operator:{password}@")


async def test_ffprobe_names_every_stream_over_tcp_and_udp(server: CameraServer) -> None:
    tries = [(name, transport) for name in CAMERAS for transport in ("tcp", "udp")]
    found = await asyncio.gather(*(probed(address(server, name), transport) for name, transport in tries))
    for (name, _), (streams, complaints) in zip(tries, found, strict=True):
        (stream,) = streams
        assert complaints == ""
        expected = {"h264": ("h264", "Main"), "h265": ("hevc", "Main")}[name[:4]]
        assert (stream["codec_name"], stream["profile"]) == expected
        size = (160, 90) if name.endswith("/sub") else (320, 180)
        assert (stream["width"], stream["height"], stream["has_b_frames"]) == (*size, 0)


async def test_ffmpeg_decodes_whole_pictures_over_tcp_and_udp(server: CameraServer) -> None:
    tries = [(name, transport) for name in ("h264", "h265", "h265-digest") for transport in ("tcp", "udp")]
    output = ("-frames:v", "12", "-f", "rawvideo", "-pix_fmt", "gray")
    films = [decoded(address(server, name), *output, transport=transport) for name, transport in tries]
    for film in await asyncio.gather(*films):
        pictures = np.frombuffer(film, np.uint8).reshape(-1, 180, 320)
        assert len(pictures) == 12
        assert pictures.mean(axis=(1, 2)) / 255 == pytest.approx([0.4] * 12, abs=0.05)


async def test_opencv_sees_both_codecs_with_and_without_a_login(server: CameraServer) -> None:
    urls = [address(server, name) for name in CAMERAS if not name.endswith("/sub")]
    for pictures in await asyncio.gather(*(asyncio.to_thread(pictures_from, url, 2) for url in urls)):
        assert [picture.shape for picture in pictures] == [(180, 320, 3)] * 2
        assert [luma(picture) for picture in pictures] == pytest.approx([0.4] * 2, abs=0.02)


async def test_a_wrong_or_missing_password_is_unauthorized(server: CameraServer) -> None:
    names = ["h264-basic", "h264-digest"]
    urls = [with_password(server.url(name), "wrong") for name in names] + [server.url(name) for name in names]
    for streams, complaints in await asyncio.gather(*map(probed, urls)):
        assert streams == []
        assert "401 Unauthorized" in complaints
