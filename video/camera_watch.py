"""One camera: sampled in a thread of its own, reported over a connection of its own."""

import asyncio
import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Final

from video import metrics
from video.camera import Camera
from video.decoding import Decoding, Mode
from video.detached import Detached, call_in_loop
from video.disk_guard import DiskGuard
from video.failure import CameraError
from video.lookout import Lookout
from video.message import Happening, Sample
from video.newest import Newest
from video.opener import Opener
from video.report import Report
from video.sampler import Sampler
from video.source import Source
from video.stream import RtspStream
from video.surroundings import Surroundings

# How long a stop waits for a camera's thread to return from OpenCV, all cameras together.
LEAVE_SECONDS: Final = 3.0


class CameraWatch:
    """Two attempts that know of each other only what passes a mailbox of one.

    Sampling goes on without a broker, and reporting without a camera. Belongs to the event loop it is made in.
    """

    def __init__(self, camera: Camera, around: Surroundings, opener: Opener, guard: DiskGuard) -> None:
        self._loop = asyncio.get_running_loop()
        self._around = around
        self._opener = opener
        self._source = Source(address=camera.rtsp_url, credentials=around.credentials.get(camera.id))
        self._failures = partial(metrics.FAILURES.labels, camera.id)
        self._samples: Newest[Sample] = Newest(metrics.SAMPLES_SUPERSEDED.labels(camera.id).inc)
        self._lookout = Lookout(camera.id, around, guard, said=self._say, happened=self._tell)
        self._decoding = Decoding(beyond=timedelta(seconds=around.settings.full_decode_beyond_seconds))
        self._thread = Detached(
            f"camera {camera.id}",
            leave_seconds=LEAVE_SECONDS,
            hang_seconds=opener.timeouts.hang.total_seconds(),
            clock=around.clock,
        )
        self.report = _report(camera.id, self._samples, around)
        metrics.FRAME_AGE.labels(camera.id).set_function(self._lookout.age_seconds)
        metrics.HUNG_THREADS.labels(camera.id).set_function(lambda: self._thread.hung)

    async def sample_once(self) -> None:
        """Sample until the stream fails. Raises CameraError, by name also to the report and the metrics."""
        try:
            await self._thread.run(self._sample)
        except CameraError as lost:
            lost.delivered_seconds = self._lookout.lost()
            self.report.failed(lost.failure)
            self._failures(lost.failure).inc()
            raise

    async def report_once(self) -> None:
        """Report until the connection fails. Raises aiomqtt.MqttError."""
        await self.report.run_once(self._around.broker_url)

    def on_alert(self) -> None:
        """An alert begins to fire on what this camera has an eye on."""
        self._lookout.on_alert()

    def _sample(self, stopped: threading.Event, beat: Callable[[], None]) -> None:
        settings = self._around.settings
        Sampler(
            open_stream=self._open,
            decoding=self._decoding,
            interval=timedelta(seconds=settings.interval_seconds),
            recheck=timedelta(seconds=settings.recheck_seconds),
            now=self._around.now,
            take=self._lookout.take,
            seen=self._lookout.decoded,
        ).sample(stopped, beat)

    def _open(self, mode: Mode) -> RtspStream:
        return self._opener.open_stream(self._source, mode)

    def _say(self, sample: Sample) -> None:
        call_in_loop(self._loop, self._samples.put, sample)

    def _tell(self, happening: Happening) -> None:
        call_in_loop(self._loop, self.report.happened, happening)


def _report(camera_id: str, samples: Newest[Sample], around: Surroundings) -> Report:
    return Report(
        camera_id,
        samples,
        grammar=around.grammar,
        interval=timedelta(seconds=around.settings.report_seconds),
        offline_after=timedelta(seconds=around.settings.offline_after_seconds),
        now=around.now,
        given_up=metrics.HAPPENINGS_GIVEN_UP.labels(camera_id),
    )
