"""All cameras at once: each sampled in a thread of its own, each reported over a connection of its own."""

import asyncio
import logging
import math
import threading
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from devices.topics import Grammar
from video import metrics
from video.camera import Camera
from video.credentials import Credentials
from video.detached import call_in_loop, run_detached
from video.frame import Frame
from video.frames import LatestFrames
from video.measure import brightness
from video.newest import Newest
from video.opener import NotOpenedError, RtspStream, StreamLostError, open_stream, prepare
from video.report import Report, Sample
from video.sampler import sample
from video.settings import VideoSettings

log = logging.getLogger(__name__)

# How long a stop waits for a camera's thread to return from OpenCV, all cameras together.
LEAVE_SECONDS = 3.0

Keep = Callable[[str, Callable[[], Awaitable[None]]], Coroutine[Any, Any, None]]
"""Runs a named attempt again and again, with pauses, for ever: deploy's supervision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What every camera of this process shares. `environment` is the process's, to be checked."""

    settings: VideoSettings
    environment: Mapping[str, str]
    frames: LatestFrames
    broker_url: str
    grammar: Grammar
    now: Callable[[], datetime]


class CameraWatch:
    """One camera: what its thread sees goes to disk at once, and to its report through a mailbox of one.

    Sampling goes on without a broker, and reporting without a disk.
    """

    def __init__(self, camera: Camera, credentials: Credentials | None, around: Surroundings) -> None:
        self._camera = camera
        self._credentials = credentials
        self._around = around
        self._samples: Newest[Sample] = Newest(metrics.SAMPLES_SUPERSEDED.labels(camera.id))
        self._sampled_at: datetime | None = None
        self._disk_fault: str | None = None
        self.report = Report(
            camera.id,
            self._samples,
            grammar=around.grammar,
            interval=timedelta(seconds=around.settings.report_seconds),
            offline_after=timedelta(seconds=around.settings.offline_after_seconds),
            now=around.now,
        )
        metrics.FRAME_AGE.labels(camera.id).set_function(self.age_seconds)

    async def sample_once(self) -> None:
        """Sample until the stream fails. Raises NotOpenedError or StreamLostError."""
        work = partial(self._sample, asyncio.get_running_loop())
        await run_detached(work, name=f"camera {self._camera.id}", leave_seconds=LEAVE_SECONDS)

    async def report_once(self) -> None:
        """Report until the connection fails. Raises aiomqtt.MqttError."""
        await self.report.run_once(self._around.broker_url)

    def age_seconds(self) -> float:
        """Age of the newest sample now; NaN before the first one."""
        return (self._around.now() - self._sampled_at).total_seconds() if self._sampled_at else math.nan

    def _sample(self, loop: asyncio.AbstractEventLoop, stopped: threading.Event) -> None:
        sample(
            self._open,
            interval=timedelta(seconds=self._around.settings.interval_seconds),
            now=self._around.now,
            take=partial(self._take, loop),
            decoded=metrics.FRAMES.labels(self._camera.id),
            stopped=stopped,
        )

    def _open(self) -> RtspStream:
        settings = self._around.settings
        try:
            stream = open_stream(
                self._camera.rtsp_url,
                self._credentials,
                open_timeout=timedelta(seconds=settings.open_timeout_seconds),
                read_timeout=timedelta(seconds=settings.read_timeout_seconds),
            )
        except (NotOpenedError, StreamLostError):
            metrics.OPEN_FAILURES.labels(self._camera.id).inc()
            raise
        metrics.OPENS.labels(self._camera.id).inc()
        return stream

    def _take(self, loop: asyncio.AbstractEventLoop, frame: Frame) -> None:
        """In the camera's thread: measuring and encoding cost milliseconds, and a slow disk may cost seconds."""
        self._sampled_at = frame.captured_at
        measured = Sample(
            captured_at=frame.captured_at, brightness_ratio=brightness(frame.picture), read_at=loop.time()
        )
        call_in_loop(loop, self._samples.put, measured)
        self._keep(frame)

    def _keep(self, frame: Frame) -> None:
        """A disk that refuses must not blind the city: counted for each frame, logged when it begins and ends."""
        fault = None
        try:
            self._around.frames.keep(self._camera.id, frame)
        except OSError as refused:
            metrics.FRAMES_NOT_KEPT.labels(self._camera.id).inc()
            fault = refused.strerror or type(refused).__name__
        if fault != self._disk_fault:
            self._disk_fault = fault
            log.warning("%s: frames are %s", self._camera.id, f"not kept: {fault}" if fault else "kept again")


class Watch:
    """The video room at work.

    `credentials` are by camera id. `keep` runs each camera's two attempts independently of all others.
    """

    def __init__(
        self,
        cameras: Sequence[Camera],
        credentials: Mapping[str, Credentials],
        around: Surroundings,
        *,
        keep: Keep,
    ) -> None:
        self._cameras = {camera.id: CameraWatch(camera, credentials.get(camera.id), around) for camera in cameras}
        self._environment = around.environment
        self._keep = keep

    async def run(self) -> None:
        """For ever where there are cameras; without any it returns at once. Cancelled, each camera says `offline`.

        Raises WrongEnvironmentError.
        """
        prepare(self._environment)
        async with asyncio.TaskGroup() as group:
            for camera_id, watch in self._cameras.items():
                group.create_task(self._keep(f"camera {camera_id}", watch.sample_once))
                group.create_task(self._keep(f"report {camera_id}", watch.report_once))

    def not_ready(self) -> dict[str, str | None]:
        """Each part: None where it is ready, else why not. A camera that is offline is news, not our unreadiness."""
        absent = sum(not watch.report.connected for watch in self._cameras.values())
        return {"broker": f"{absent} of {len(self._cameras)} cameras have no connection" if absent else None}
