"""Pictures are personal data: none stays longer than was set, not even that of a camera which is no more."""

import asyncio
import errno
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from prometheus_client import Counter

from devices.device import DEVICE_ID
from devices.frame_files import KEPT, LATEST, SUFFIX, KeptFrame, day_folder
from video.frames import PART_SUFFIX
from video.keep_settings import Days

# What is half written for so long was left by a process that was killed.
PART_AGE = timedelta(hours=1)
# Where pictures are kept for ever: none is older.
EVER = datetime(1970, 1, 1, tzinfo=UTC)
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def kept_from(days: Days, now: datetime) -> datetime:
    """What is older than this is kept no longer."""
    return EVER if days == "forever" else now - timedelta(days=days)


class NotRemovedError(Exception):
    """The disk refused to remove what is too old; everything else was removed."""


class Retention:
    """Removes from the folder of all cameras what is older than `days`, and what has long been half written.

    The folder is asked and not the registry, so pictures of a camera that was removed go like all others, and so does
    the latest of one that is silent. Only what bears a name of ours is touched.
    """

    def __init__(self, folder: Path, days: Days, *, removed: Counter) -> None:
        self._folder = folder
        self._days = days
        self._removed = removed

    async def run_once(self, now: datetime) -> None:
        """Sweep once; cancelled, it ends after the file that it is at. Raises NotRemovedError."""
        sweep = Sweep(pictures_from=kept_from(self._days, now), parts_from=now - PART_AGE, removed=self._removed)
        stopped = threading.Event()
        try:
            await asyncio.to_thread(sweep.run, self._folder, stopped)
        finally:
            stopped.set()


class Sweep:
    """One walk through the folder. `pictures_from` and `parts_from`: when the oldest that may stay were written."""

    def __init__(self, *, pictures_from: datetime, parts_from: datetime, removed: Counter) -> None:
        self._pictures_from = pictures_from
        self._parts_from = parts_from
        self._removed = removed
        self._refused = 0
        self._first_refusal: OSError | None = None

    def run(self, folder: Path, stopped: threading.Event) -> None:
        """Go on until the end, whatever is refused, or until stopped. Raises NotRemovedError."""
        for camera in sorted(folder.iterdir()) if folder.is_dir() else ():
            if DEVICE_ID.fullmatch(camera.name) and camera.is_dir():
                with self._noting_refusals():
                    self._clear_camera(camera, stopped)
        if self._first_refusal is not None:
            raise NotRemovedError(f"{self._refused} removals refused, the first: {self._first_refusal}")

    def _clear_camera(self, camera: Path, stopped: threading.Event) -> None:
        for day in self._old_days(camera / KEPT):
            self._clear(day, stopped)
            remove_if_empty(day)
        self._clear(camera, stopped)
        if not (camera / LATEST).exists():  # else it is at work, and about to write into its folders
            remove_if_empty(camera / KEPT)
            remove_if_empty(camera)

    def _old_days(self, kept: Path) -> list[Path]:
        """The folders in which something may be too old."""
        last = day_folder(self._pictures_from)
        days = sorted(kept.iterdir()) if kept.is_dir() else []
        return [day for day in days if DAY.fullmatch(day.name) and day.name <= last and day.is_dir()]

    def _clear(self, folder: Path, stopped: threading.Event) -> None:
        with self._noting_refusals():
            for file in folder.iterdir():
                if stopped.is_set():
                    return
                with self._noting_refusals():
                    self._remove_if_old(file)

    def _remove_if_old(self, file: Path) -> None:
        with suppress(FileNotFoundError):  # a part that has become a picture since the folder was read
            if self._is_old(file):
                file.unlink()
                self._removed.inc()

    def _is_old(self, file: Path) -> bool:
        if file.suffix == PART_SUFFIX:
            return file.stat().st_mtime < self._parts_from.timestamp()
        if file.name == LATEST:
            return file.stat().st_mtime < self._pictures_from.timestamp()
        kept = KeptFrame.parse(file.stem) if file.suffix == SUFFIX else None
        return kept is not None and kept.captured_at < self._pictures_from

    @contextmanager
    def _noting_refusals(self) -> Iterator[None]:
        """One file that the disk will not let go keeps no other: all that is refused is raised in the end, as one."""
        try:
            yield
        except OSError as refusal:
            self._refused += 1
            self._first_refusal = self._first_refusal or refusal


def remove_if_empty(folder: Path) -> None:
    """Raises OSError."""
    try:
        folder.rmdir()
    except OSError as refusal:
        if refusal.errno not in {errno.ENOTEMPTY, errno.ENOENT}:
            raise
