"""What this process needs before it opens a stream, and a camera to look at."""

from collections.abc import AsyncIterator

import pytest_asyncio

from simulators.camera import CameraServer, serve_cameras
from simulators.scenery.scene import Scene


@pytest_asyncio.fixture
async def camera_server() -> AsyncIterator[CameraServer]:
    """Two cameras of 320 x 180, 10 frames a second, a key frame each second: cam-01 dim, cam-02 bright."""
    async with serve_cameras({"cam-01": scene(brightness=0.3), "cam-02": scene(brightness=0.7)}) as server:
        yield server


def scene(brightness: float) -> Scene:
    return Scene(brightness=brightness, width=320, height=180, fps=10, gop_seconds=1, seconds=2)
