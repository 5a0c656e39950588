"""One camera's pictures, from the sample to the disk."""

from collections.abc import Sequence
from datetime import datetime

from prometheus_client import Counter

from video.disk_guard import DiskGuard
from video.frame import Frame
from video.frames import FrameFiles
from video.keep_settings import KeepSettings
from video.keeping import Keeping, Sight
from video.masks import masked
from video.polygon import Polygon
from video.still import Still, encode


class Album:
    """Masks and encodes each picture once; writes it as the latest, and keeps it where there is an occasion.

    `kept` counts the pictures kept beside the latest, `withheld` those that were not because the disk is short. For
    the camera's own thread, but for `on_alert`.
    """

    def __init__(
        self,
        files: FrameFiles,
        settings: KeepSettings,
        guard: DiskGuard,
        *,
        jpeg_quality: int,
        privacy_masks: Sequence[Polygon],
        kept: Counter,
        withheld: Counter,
    ) -> None:
        self._files = files
        self._guard = guard
        self._kept = kept
        self._withheld = withheld
        self._jpeg_quality = jpeg_quality
        self._privacy_masks = privacy_masks
        self._keeping = Keeping(settings)

    def keep(self, frame: Frame, sight: Sight) -> None:
        """Raises OSError when the disk refuses: what was to be written is then not, now or later."""
        picture = masked(frame.picture, self._privacy_masks)
        still = Still(captured_at=frame.captured_at, jpeg=encode(picture, self._jpeg_quality))
        occasions = self._keeping.see(still, sight)
        self._files.replace_latest(still)
        if not occasions:
            return
        if not self._guard.has_room():
            self._withheld.inc(len(occasions))
            return
        for occasion in occasions:
            self._files.keep(occasion.still, occasion.reason)
            self._kept.inc()

    def on_alert(self, at: datetime) -> None:
        """Keep a picture from before and after an alert that was raised at `at`. From any thread; writes nothing."""
        self._keeping.alert(at)
