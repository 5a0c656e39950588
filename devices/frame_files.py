"""Pure: where a camera's pictures lie on disk, and what their names say. The writer and the readers both ask here.

{folder}/{camera}/latest.jpg                                        modification time = time of capture
{folder}/{camera}/kept/2026-11-21/20261121T070210.123Z-change.jpg   kept for a reason; days in UTC
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import PurePath
from typing import Self

LATEST = "latest.jpg"
KEPT = "kept"
SUFFIX = ".jpg"
NAME = re.compile(r"(\d{8}T\d{6})\.(\d{3})Z-([a-z][a-z_-]{0,40})", re.ASCII)
STAMP = "%Y%m%dT%H%M%S"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class KeptFrame:
    """A kept picture: aware UTC time of capture to the millisecond, and why it was kept.

    `reason` is `regular`, `change`, or an occasion with `-before` or `-after`: `covered-before`, `alert-after`.
    """

    captured_at: datetime
    reason: str

    @classmethod
    def parse(cls, name: str) -> Self | None:
        """From a name without suffix; None for what is no name of ours."""
        found = NAME.fullmatch(name)
        if found is None:
            return None
        try:
            second = datetime.strptime(found[1], STAMP).replace(tzinfo=UTC)
        except ValueError:
            return None
        return cls(captured_at=second.replace(microsecond=int(found[2]) * 1_000), reason=found[3])

    @property
    def name(self) -> str:
        """The file's name without suffix; sorts by time."""
        return f"{self.captured_at:{STAMP}}.{self.captured_at.microsecond // 1_000:03d}Z-{self.reason}"

    @property
    def path(self) -> PurePath:
        """Below the camera's folder."""
        return PurePath(KEPT, day_folder(self.captured_at), f"{self.name}{SUFFIX}")


def day_folder(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d}"


def to_microseconds(moment: datetime) -> int:
    """Since the epoch, exactly: through a float a modern time would lose its last digits."""
    return (moment - EPOCH) // MICROSECOND


def from_microseconds(microseconds: int) -> datetime:
    """Aware UTC, exactly: else there would be two names for one frame."""
    return EPOCH + microseconds * MICROSECOND
