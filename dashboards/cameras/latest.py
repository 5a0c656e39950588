"""A camera's latest frame on disk: picture and time of one and the same file."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from devices.frame_files import LATEST, from_microseconds


@dataclass(frozen=True, slots=True)
class Frame:
    """A whole JPEG, and the aware UTC time it was taken."""

    jpeg: bytes
    captured_at: datetime


def read(folder: Path, camera: str) -> Frame | None:
    """The latest frame, or None where there is none to be had: whatever hinders it, there is no picture to show."""
    try:
        with (folder / camera / LATEST).open("rb") as file:
            # Of the open file: a newer one may be renamed over it meanwhile.
            captured_at = _captured_at(os.fstat(file.fileno()))
            return Frame(file.read(), captured_at)
    except OSError:
        return None


def capture_time(folder: Path, camera: str) -> datetime | None:
    """When the latest frame was taken, without reading it."""
    try:
        return _captured_at((folder / camera / LATEST).stat())
    except OSError:
        return None


def capture_times(folder: Path, cameras: Iterable[str]) -> dict[str, datetime | None]:
    return {camera: capture_time(folder, camera) for camera in cameras}


def _captured_at(found: os.stat_result) -> datetime:
    return from_microseconds(found.st_mtime_ns // 1_000)
