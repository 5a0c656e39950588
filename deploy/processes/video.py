"""pantau video: every camera of the registry watched, and its latest frame kept."""

import os
from collections.abc import Mapping
from functools import partial

from psycopg_pool import AsyncConnectionPool

from deploy.camera_logins import camera_logins
from deploy.clocks import real_supervisor, utc_now
from deploy.database import open_pool, wakes
from deploy.http_server import serve
from deploy.ops import NOT_YET, Ready, ops_app
from deploy.settings import Settings
from deploy.supervise import Supervisor, side_by_side
from devices import registry
from video.camera import Camera, cameras
from video.credentials import Credentials
from video.frames import LatestFrames
from video.opener import FFMPEG_ENVIRONMENT
from video.watch import Surroundings, Watch

LOOK_AT_DEVICES_SECONDS = 30.0


class CamerasChangedError(Exception):
    """The registry has other cameras than those being watched: watch those."""


async def run(settings: Settings, *, rtsp_base: str | None = None) -> None:
    """Returns only when cancelled. With `rtsp_base` each camera is looked for at `rtsp_base/ID`: the simulated ones.

    Raises RefusedError for a credentials file that cannot be used.
    """
    supervisor = real_supervisor()
    ready: Ready = {"cameras": NOT_YET}
    os.environ.update(FFMPEG_ENVIRONMENT)
    logins = camera_logins(settings)
    await side_by_side(
        serve(ops_app(ready), settings.ops_address("video")),
        supervisor.keep("video", partial(_watch, settings, logins, supervisor, rtsp_base=rtsp_base, ready=ready)),
    )


async def _watch(
    settings: Settings,
    logins: Mapping[str, Credentials],
    supervisor: Supervisor,
    *,
    rtsp_base: str | None,
    ready: Ready,
) -> None:
    """Watch the cameras of the registry until it has others. Raises psycopg.Error or CamerasChangedError."""
    around = Surroundings(
        settings=settings.city.video,
        environment=os.environ,
        frames=LatestFrames(settings.frames_dir, jpeg_quality=settings.city.video.jpeg_quality),
        broker_url=settings.mqtt_url,
        grammar=settings.grammar,
        now=utc_now,
    )
    try:
        async with open_pool(settings.database_url, size=1) as pool:
            found = await _cameras(pool, rtsp_base)
            watch = Watch(found, logins, around, keep=supervisor.keep)
            ready["cameras"] = None
            await side_by_side(watch.run(), _until_others(settings, pool, found, rtsp_base))
    finally:
        ready["cameras"] = NOT_YET


async def _until_others(
    settings: Settings, pool: AsyncConnectionPool, watched: list[Camera], rtsp_base: str | None
) -> None:
    async for _ in wakes(settings.database_url, "devices", every_seconds=LOOK_AT_DEVICES_SECONDS):
        if await _cameras(pool, rtsp_base) != watched:
            raise CamerasChangedError("the registry has other cameras now")


async def _cameras(pool: AsyncConnectionPool, rtsp_base: str | None) -> list[Camera]:
    async with pool.connection() as connection:
        found = cameras((await registry.load(connection)).values())
    if rtsp_base is None:
        return found
    return [Camera(id=camera.id, rtsp_url=f"{rtsp_base}/{camera.id}") for camera in found]
