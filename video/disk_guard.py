"""Stops the keeping of pictures before the disk is full; the latest ones go on, for each takes the place of another."""

import logging
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from video.keep_settings import KeepSettings

log = logging.getLogger(__name__)

# How old an answer of the disk may be: on a network disk each costs a round trip.
LOOK_SECONDS = 5.0
# Keeping begins again with so many times the room below which it stops, so that it does not flutter.
RESUME = 1.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Space:
    """A disk as statvfs tells it, for who is not root. A file system that makes inodes as it needs them has 0 of 0."""

    free_bytes: int
    total_bytes: int
    free_inodes: int
    total_inodes: int


def space_of(folder: Path) -> Space:
    """The disk on which the folder lies. Raises OSError where there is none."""
    disk = os.statvfs(folder)
    return Space(
        free_bytes=disk.f_bavail * disk.f_frsize,
        total_bytes=disk.f_blocks * disk.f_frsize,
        free_inodes=disk.f_favail,
        total_inodes=disk.f_files,
    )


def shortage(space: Space, settings: KeepSettings, *, times: float = 1.0) -> str | None:
    """What there is too little of, in words, where `times` as much as the settings ask for must be free; else None."""
    wanted = max(settings.min_free_ratio * space.total_bytes, settings.min_free_bytes) * times
    if space.free_bytes < wanted:
        return f"{_gigabytes(space.free_bytes)} of {_gigabytes(space.total_bytes)} free, not {_gigabytes(wanted)}"
    if space.free_inodes < settings.min_free_ratio * times * space.total_inodes:
        return f"{space.free_inodes} of {space.total_inodes} inodes free"
    return None


class DiskGuard:
    """One for all cameras of a disk, and all their threads. `clock` is monotonic seconds."""

    def __init__(self, settings: KeepSettings, *, space: Callable[[], Space], clock: Callable[[], float]) -> None:
        self._settings = settings
        self._space = space
        self._clock = clock
        self._lock = threading.Lock()
        self._short: str | None = None
        self._look_at = float("-inf")

    def has_room(self) -> bool:
        """Whether pictures may be kept, as of LOOK_SECONDS ago at most; a change is logged. Raises OSError."""
        with self._lock:
            if self._clock() >= self._look_at:
                self._look()
                self._look_at = self._clock() + LOOK_SECONDS
            return self._short is None

    def _look(self) -> None:
        short = shortage(self._space(), self._settings, times=RESUME if self._short else 1.0)
        if short and not self._short:
            log.warning("no picture is kept but the latest of each camera: %s", short)
        if self._short and not short:
            log.warning("pictures are kept again")
        self._short = short


def _gigabytes(count: float) -> str:
    return f"{count / 1e9:.1f} GB"
