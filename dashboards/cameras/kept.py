"""A camera's kept frames on disk, the newest first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from devices.frame_files import KEPT, SUFFIX, KeptFrame, day_folder

# Sorts behind every reason.
LAST = "~"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Captured in [start, end), kept for this reason where one is given, before the name last shown."""

    start: datetime
    end: datetime
    reason: str | None = None
    before: str | None = None

    def names(self, found: Iterator[str]) -> list[str]:
        """Those that may be wanted, the newest first, by their letters alone: a day may hold ten thousands."""
        low = KeptFrame(captured_at=self.start, reason="").name
        high = KeptFrame(captured_at=self.end, reason=LAST).name
        high = min(high, self.before or high)
        span = (name for name in found if low <= name < high)
        return sorted((name for name in span if self.reason in {None, name.partition("-")[2]}), reverse=True)


def kept_frames(folder: Path, wanted: Wanted) -> Iterator[KeptFrame]:
    """Those wanted of one camera's folder; only the days that the span touches are listed, one after the other."""
    first, last = day_folder(wanted.start), day_folder(wanted.end)
    days = (day for day in _names(folder / KEPT) if first <= day <= last)
    for day in sorted(days, reverse=True):
        found = (name.removesuffix(SUFFIX) for name in _names(folder / KEPT / day) if name.endswith(SUFFIX))
        for name in wanted.names(found):
            frame = KeptFrame.parse(name)
            if frame is not None and wanted.start <= frame.captured_at < wanted.end:
                yield frame


def read_kept(folder: Path, frame: KeptFrame) -> bytes | None:
    """The picture, or None where it is not kept, or no longer."""
    try:
        return (folder / frame.path).read_bytes()
    except FileNotFoundError:
        return None


def _names(folder: Path) -> list[str]:
    """Empty where the folder is not there: nothing was kept, or retention has just removed it."""
    try:
        return [entry.name for entry in folder.iterdir()]
    except (FileNotFoundError, NotADirectoryError):
        return []
