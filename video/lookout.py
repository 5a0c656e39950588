"""What becomes of one camera's frames: looked at, kept, told. In its own thread, where nothing else is said."""

import logging
import math
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from video import memory, metrics
from video.album import Album
from video.disk_guard import DiskGuard
from video.eye import Eye, Seen
from video.frame import Frame
from video.frames import FrameFiles
from video.grade import grade
from video.link_history import LinkHistory
from video.message import Happening, Sample
from video.motion import Motion
from video.surroundings import Surroundings
from video.tally import Tally
from video.tamper.state import TamperState
from video.tamper.watch import TamperWatch

log = logging.getLogger(__name__)

TAMPERED = "camera_tampered"
# A restart loses so much of what was learned at most; what holds is saved when it begins and ends.
REMEMBER_SECONDS = 600.0


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
        self._eye: Eye | None = None
        self._saved_at = -math.inf  # at once: a mask may have been drawn since the file was written
        self._album = _album(camera_id, around, guard)
        self._link = LinkHistory(interval_seconds=around.settings.interval_seconds)
        self._decoded = metrics.FRAMES.labels(camera_id)
        self._sampled_at: datetime | None = None
        self._delivered: tuple[float, float] | None = None
        self._faults: dict[str, str | None] = {}

    def decoded(self) -> None:
        """A frame came, sampled or not."""
        self._decoded.inc()
        now = self._around.clock()
        self._link.frame(now)
        self._delivered = (self._delivered[0] if self._delivered else now, now)

    def lost(self) -> float:
        """An attempt failed: for how many seconds it had delivered. Belongs to whoever awaited the thread's end."""
        self._link.lost(self._around.clock())
        first, last = self._delivered or (0.0, 0.0)
        self._delivered = None
        return last - first

    def take(self, frame: Frame) -> None:
        """A frame to look at. A disk that refuses must not blind the city: looking and telling come first."""
        self._sampled_at = frame.captured_at
        # Not before there is a frame: what was learned is read from a disk, which may take its time.
        eye = self._eye = self._eye or _eye(self._camera_id, self._around)
        seen = eye.look(frame)
        self._tell(frame, seen)
        self._write(frame, seen, eye)

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
        taken_at = now - max(0.0, self.age_seconds())  # a frame that was held up proves no life since
        self._said(Sample(captured_at=frame.captured_at, values={**seen.values, **link}, taken_at=taken_at))
        verdict = seen.verdict
        if verdict.begun or verdict.ended:
            lists = {"begun": verdict.begun, "ended": verdict.ended, "holding": verdict.holding}
            data = {name: sorted(tampers) for name, tampers in lists.items()}
            self._happened(Happening(type=TAMPERED, at=frame.captured_at, data=data))

    def _write(self, frame: Frame, seen: Seen, eye: Eye) -> None:
        if not self._onto_disk("frames are", "kept", partial(self._album.keep, frame, seen.sight)):
            metrics.FRAMES_NOT_KEPT.labels(self._camera_id).inc()
        now = self._around.clock()
        if seen.verdict.begun or seen.verdict.ended or now - self._saved_at >= REMEMBER_SECONDS:
            self._saved_at = now
            self._onto_disk("what was learned is", "saved", partial(self._remember, eye))

    def _onto_disk(self, what: str, done: str, write: Callable[[], None]) -> bool:
        """Whether the disk took it. Logged when it begins to refuse, and when that ends."""
        fault = None
        try:
            write()
        except OSError as refused:
            fault = refused.strerror or type(refused).__name__
        if fault != self._faults.get(what):
            self._faults[what] = fault
            log.warning("%s: %s %s", self._camera_id, what, f"not {done}: {fault}" if fault else f"{done} again")
        return fault is None

    def _remember(self, eye: Eye) -> None:
        masks = self._around.settings.camera(self._camera_id).privacy_masks
        memory.save(self._around.memory, self._camera_id, eye.learned, masks)


def _eye(camera_id: str, around: Surroundings) -> Eye:
    settings, own = around.settings, around.settings.camera(camera_id)
    interval = timedelta(seconds=settings.interval_seconds)
    return Eye(
        motion=Motion(own.motion_masks),
        tampers=TamperWatch(settings.tamper, interval=interval, state=_remembered(camera_id, around)),
        tally=_tally(camera_id, around),
    )


def _remembered(camera_id: str, around: Surroundings) -> TamperState | None:
    try:
        return memory.load(around.memory, camera_id)
    except (memory.BrokenMemoryError, OSError) as fault:
        log.warning("%s: what was learned cannot be read, and is learned anew: %s", camera_id, fault)
        return None


def _tally(camera_id: str, around: Surroundings) -> Tally | None:
    settings = around.settings.detector
    if settings is None or around.detector is None or not settings.watches(camera_id):
        return None
    return Tally(
        around.detector,
        settings.labels,
        every=timedelta(seconds=settings.every_seconds),
        missed=metrics.DETECTIONS_MISSED.labels(camera_id),
        masks=around.settings.camera(camera_id).privacy_masks,
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
