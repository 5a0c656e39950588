"""All cameras at once; none waits for another."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Coroutine, Iterable
from datetime import timedelta
from functools import partial
from typing import Any

from devices.device import Device
from video import memory, metrics
from video.camera import Camera, cameras, witnesses
from video.camera_watch import CameraWatch
from video.capture_options import CaptureOptions
from video.disk_guard import DiskGuard, space_of
from video.newest import Newest
from video.opener import Opener, Timeouts, prepare
from video.retention import Retention, kept_from
from video.surroundings import Surroundings

Keep = Callable[[str, Callable[[], Awaitable[None]]], Coroutine[Any, Any, None]]
"""Runs a named attempt again and again, with pauses, for ever: deploy's supervision."""


class Watch:
    """The video room at work.

    `keep_sampling` and `keep_reporting` run each camera's two attempts, independently of all others. Methods belong to
    the event loop.
    """

    def __init__(self, around: Surroundings, *, keep_sampling: Keep, keep_reporting: Keep) -> None:
        settings = around.settings
        timeouts = Timeouts(
            open=timedelta(seconds=settings.open_timeout_seconds), read=timedelta(seconds=settings.read_timeout_seconds)
        )
        self._around = around
        self._keep_sampling = keep_sampling
        self._keep_reporting = keep_reporting
        self._opener = Opener(CaptureOptions(around.environment), timeouts)
        self._guard = DiskGuard(settings.keep, space=partial(space_of, around.folder), clock=around.clock)
        self._retention = Retention(around.folder, settings.keep.days, removed=metrics.FRAMES_REMOVED)
        self._devices: Newest[list[Device]] = Newest()
        self._watched: dict[Camera, CameraWatch] = {}
        self._tasks: dict[Camera, asyncio.Task[None]] = {}
        self._witnesses = witnesses(())

    def follow(self, devices: Iterable[Device]) -> None:
        """Watch the cameras among these devices from now on. Those watched already are not disturbed."""
        self._devices.put(list(devices))

    def on_alert(self, devices: Collection[str]) -> None:
        """An alert begins to fire on these: cameras with an eye on them keep a picture from before and after."""
        named = {camera for device in devices for camera in self._witnesses.get(device, ())}
        for camera, watch in self._watched.items():
            if camera.id in named:
                watch.on_alert()

    async def run(self) -> None:
        """For ever. Cancelled, each camera says `offline`. Raises WrongEnvironmentError."""
        prepare(self._around.environment)
        async with asyncio.TaskGroup() as group:
            while True:
                devices = await self._devices.get()
                self._witnesses = witnesses(devices)
                await self._change(group, cameras(devices, self._around.settings.stream_of))

    async def remove_old_pictures(self) -> None:
        """Once; and what was learned of cameras as long silent. Raises NotRemovedError and OSError as the disk does."""
        now = self._around.now()
        try:
            await self._retention.run_once(now)
        finally:
            oldest = kept_from(self._around.settings.keep.days, now)
            await asyncio.to_thread(memory.remove_old, self._around.memory, oldest)

    def not_ready(self) -> dict[str, str | None]:
        """Each part: None where it is ready, else why not. A camera that is offline is news, not our unreadiness."""
        absent = sum(not watch.report.connected for watch in self._watched.values())
        return {"broker": f"{absent} of {len(self._watched)} cameras have no connection" if absent else None}

    async def _change(self, group: asyncio.TaskGroup, wanted: Collection[Camera]) -> None:
        """A camera whose address changed goes as one and comes as another."""
        gone = [camera for camera in self._watched if camera not in wanted]
        leaving = [self._tasks.pop(camera) for camera in gone]
        for task in leaving:
            task.cancel()
        await asyncio.gather(*leaving, return_exceptions=True)
        for camera in gone:
            del self._watched[camera]
            metrics.forget(camera.id)
        for camera in wanted:
            if camera not in self._watched:
                self._begin(group, camera)

    def _begin(self, group: asyncio.TaskGroup, camera: Camera) -> None:
        watch = CameraWatch(camera, self._around, self._opener, self._guard)
        self._watched[camera] = watch
        self._tasks[camera] = group.create_task(self._live(camera, watch))

    async def _live(self, camera: Camera, watch: CameraWatch) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(self._keep_sampling(f"camera {camera.id}", watch.sample_once))
            group.create_task(self._keep_reporting(f"report {camera.id}", watch.report_once))
