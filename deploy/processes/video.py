"""pantau video: every camera of the registry watched, its pictures kept for as long as they may be."""

import asyncio
import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from alerts import store
from deploy.camera_detector import detector
from deploy.camera_logins import camera_logins
from deploy.clocks import real_supervisor, utc_now
from deploy.database import open_pool, wakes
from deploy.http_server import serve
from deploy.ops import NOT_YET, Ready, ops_app
from deploy.settings import Settings
from deploy.supervise import Supervisor, side_by_side
from devices import registry
from devices.device import Device
from video.camera import ADDRESSES
from video.failure import CameraError
from video.opener import FFMPEG_ENVIRONMENT
from video.surroundings import Surroundings
from video.watch import Watch

LOOK_AT_DEVICES_SECONDS = 30.0
LOOK_AT_ALERTS_SECONDS = 5.0
REMOVE_SECONDS = 3600.0
# 1, 5, 10, 60 s: each a few times, for a camera that starts anew is back within a minute; a dead one is not hammered.
CAMERA_WAITS_SECONDS = (1.0, 1.0, 1.0, 5.0, 5.0, 5.0, 10.0, 10.0, 10.0, 60.0)
# A camera that delivered for so long begins with the shortest wait again. (How long an attempt took says nothing: one
# that waits for pictures in vain takes long, too.)
CAMERA_HELD_SECONDS = 30.0


async def run(settings: Settings, *, rtsp_base: str | None = None) -> None:
    """Returns only when cancelled. With `rtsp_base` each camera is looked for at `rtsp_base/ID`: the simulated ones.

    Raises RefusedError for a credentials file or a detector's network that cannot be used.
    """
    os.environ.update(FFMPEG_ENVIRONMENT)
    supervisor = real_supervisor()
    watch = _watch(settings, supervisor)
    ready: Ready = {"cameras": NOT_YET}
    await side_by_side(
        serve(ops_app(ready), settings.ops_address("video")),
        watch.run(),
        supervisor.keep("registry", partial(_follow_registry, settings, watch, rtsp_base=rtsp_base, ready=ready)),
        supervisor.keep("alerts", partial(_follow_alerts, settings, watch, Fired())),
        supervisor.keep("retention", partial(_remove_old_pictures, watch)),
    )


def _watch(settings: Settings, supervisor: Supervisor) -> Watch:
    around = Surroundings(
        settings=settings.city.video,
        credentials=camera_logins(settings),
        environment=os.environ,
        folder=settings.frames_dir,
        memory=settings.data_dir / "cameras",
        broker_url=settings.mqtt_url,
        grammar=settings.grammar,
        detector=detector(settings),
        now=utc_now,
        clock=time.monotonic,
    )
    patient = replace(supervisor, waits_seconds=CAMERA_WAITS_SECONDS, did_well=delivered)
    return Watch(around, keep_sampling=patient.keep, keep_reporting=supervisor.keep)


def delivered(_seconds: float, failure: Exception) -> bool:
    """Whether an attempt at a camera did well before it failed."""
    return isinstance(failure, CameraError) and failure.delivered_seconds >= CAMERA_HELD_SECONDS


async def _follow_registry(settings: Settings, watch: Watch, *, rtsp_base: str | None, ready: Ready) -> None:
    """Tell the watch of every change in the registry. Raises psycopg.Error; the cameras go on being watched."""
    async with open_pool(settings.database_url, size=1) as pool:
        async for _ in wakes(settings.database_url, "devices", every_seconds=LOOK_AT_DEVICES_SECONDS):
            async with pool.connection() as connection:
                devices = (await registry.load(connection)).values()
            watch.follow(_simulated(devices, rtsp_base) if rtsp_base else devices)
            ready["cameras"] = None


@dataclass(slots=True)
class Fired:
    """The newest moment at which an alert began to fire that the watch was told of; None before the first look."""

    after: datetime | None = None


async def _follow_alerts(settings: Settings, watch: Watch, fired: Fired) -> None:
    """Tell the watch of devices of which an alert begins to fire. Raises psycopg.Error; a later look catches up."""
    async with open_pool(settings.database_url, size=1) as pool:
        async for _ in wakes(settings.database_url, "alerts", every_seconds=LOOK_AT_ALERTS_SECONDS):
            async with pool.connection() as connection:
                fired.after = fired.after or await store.newest_fired(connection)
                devices, fired.after = await store.fired(connection, fired.after)
            watch.on_alert(devices)


async def _remove_old_pictures(watch: Watch) -> None:
    """Raises video.retention.NotRemovedError; the next attempt begins with what is left."""
    while True:
        await watch.remove_old_pictures()
        await asyncio.sleep(REMOVE_SECONDS)


def _simulated(devices: Iterable[Device], base: str) -> Iterator[Device]:
    """The devices, with their cameras where `pantau simulate` plays them."""
    for device in devices:
        played = {"rtsp_url": f"{base}/{device.id}", "rtsp_sub_url": f"{base}/{device.id}/sub"}
        given = {name: played[name] for name in ADDRESSES.values() if name in device.attributes}
        yield replace(device, attributes={**device.attributes, **given}) if device.kind == "camera" else device
