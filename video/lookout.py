"""What becomes of one camera's frames: looked at, kept, told. In its own thread, where nothing else is said."""

import logging
import math
from collections.abc import Callable
from datetime import datetime, timedelta

from video import metrics
from video.album import Album
from video.disk_guard import DiskGuard
from video.eye import Eye, Seen
from video.frame import Frame
from video.frames import FrameFiles
from video.grade import grade
from video.keeping import Sight
from video.link_history import LinkHistory
from video.message import Happening, Sample
from video.motion import Motion
from video.surroundings import Surroundings
from video.tally import Tally
from video.tamper.watch import TamperWatch

log = logging.getLogger(__name__)

TAMPERED = "camera_tampered"


class Lookout:
    """Outlives the attempts at its camera: what the picture usually is and how the connection was is kept here.

    `said` gets each sample, `happened` each change of what is wrong with the picture.
    """

    def __init__(
        self,
        camera_id: str,
        around: Surroundings,
        guard: DiskGuard,
        *,
        said: Callable[[Sample], None],
        happened: Callable[[Happening], None],
    ) -> None:
        self._camera_id = camera_id
        self._around = around
        self._said = said
        self._happened = happened
        self._eye = _eye(camera_id, around)
        self._album = _album(camera_id, around, guard)
        self._link = LinkHistory(interval_seconds=around.settings.interval_seconds)
        self._decoded = metrics.FRAMES.labels(camera_id)
        self._sampled_at: datetime | None = None
        self._disk_fault: str | None = None

    def decoded(self) -> None:
        """A frame came, sampled or not."""
        self._decoded.inc()
        self._link.frame(self._around.clock())

    def lost(self) -> None:
        """An attempt failed. Belongs to whoever awaited the thread's end."""
        self._link.lost(self._around.clock())

    def take(self, frame: Frame) -> None:
        """A frame to look at. A disk that refuses must not blind the city: looking and telling come first."""
        self._sampled_at = frame.captured_at
        seen = self._eye.look(frame)
        self._tell(frame, seen)
        self._keep(frame, seen.sight)

    def on_alert(self) -> None:
        """An alert begins to fire on what this camera has an eye on. From any thread."""
        self._album.on_alert(self._around.now())

    def age_seconds(self) -> float:
        """Age of the newest sample now; NaN before the first one. From any thread."""
        return (self._around.now() - self._sampled_at).total_seconds() if self._sampled_at else math.nan

    def _tell(self, frame: Frame, seen: Seen) -> None:
        now = self._around.clock()
        hour = self._link.hour(now)
        link = {"frames_per_second": self._link.frames_per_second(now)}
        if hour is not None:
            link["connection_grade"] = float(grade(hour))
        self._said(Sample(captured_at=frame.captured_at, values={**seen.values, **link}, read_at=now))
        verdict = seen.verdict
        if verdict.begun or verdict.ended:
            lists = {"begun": verdict.begun, "ended": verdict.ended, "holding": verdict.holding}
            data = {name: sorted(tampers) for name, tampers in lists.items()}
            self._happened(Happening(type=TAMPERED, at=frame.captured_at, data=data))

    def _keep(self, frame: Frame, sight: Sight) -> None:
        """Counted for each frame that the disk refuses, logged when it begins and ends."""
        fault = None
        try:
            self._album.keep(frame, sight)
        except OSError as refused:
            metrics.FRAMES_NOT_KEPT.labels(self._camera_id).inc()
            fault = refused.strerror or type(refused).__name__
        if fault != self._disk_fault:
            self._disk_fault = fault
            log.warning("%s: frames are %s", self._camera_id, f"not kept: {fault}" if fault else "kept again")


def _eye(camera_id: str, around: Surroundings) -> Eye:
    settings, own = around.settings, around.settings.camera(camera_id)
    return Eye(
        motion=Motion(own.motion_masks),
        tampers=TamperWatch(settings.tamper, interval=timedelta(seconds=settings.interval_seconds)),
        tally=_tally(camera_id, around),
        privacy_masks=own.privacy_masks,
    )


def _tally(camera_id: str, around: Surroundings) -> Tally | None:
    settings = around.settings.detector
    if settings is None or around.detector is None or camera_id not in (settings.cameras or {camera_id}):
        return None
    return Tally(
        around.detector,
        settings.labels,
        every=timedelta(seconds=settings.every_seconds),
        missed=metrics.DETECTIONS_MISSED.labels(camera_id),
    )


def _album(camera_id: str, around: Surroundings, guard: DiskGuard) -> Album:
    return Album(
        FrameFiles(around.folder / camera_id),
        around.settings.keep,
        guard,
        jpeg_quality=around.settings.jpeg_quality,
        privacy_masks=around.settings.camera(camera_id).privacy_masks,
        kept=metrics.FRAMES_KEPT.labels(camera_id),
        withheld=metrics.FRAMES_WITHHELD.labels(camera_id),
    )
