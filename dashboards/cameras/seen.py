"""Pure: what is known of a camera becomes what is shown of it, judged against now."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from dashboards.cameras.freshness import is_fresh
from dashboards.cameras.shapes import CameraShape, Grade
from dashboards.seen import Judged, Seen, Standing
from devices.state import Limits, State
from devices.tamper import Tamper

# A reading as old as a device may be silent says nothing of now any more.
READING_SECONDS = Limits.of_kind("camera").silence.total_seconds()
GRADES = (Grade.UNUSABLE, Grade.POOR, Grade.FAIR, Grade.EXCELLENT)
BACK = "camera_back"
# Whoever may publish could write anything there.
REASON = re.compile(r"[a-z][a-z0-9_]{0,63}", re.ASCII)
UNKNOWN = "unknown"
# Down, and nobody says why: what watches the camera is gone or hangs, so that is where to go first.
UNWATCHED = "unwatched"


@dataclass(frozen=True, slots=True)
class Lost:
    """A camera's own last word on being seen was that it is not."""

    at: datetime
    reason: str

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self | None:
        """From a row of queries.LAST_WORDS; None where the camera is back."""
        if row["type"] == BACK:
            return None
        reason = row["data"].get("reason") if isinstance(row["data"], dict) else None
        if not isinstance(reason, str) or not REASON.fullmatch(reason):
            return cls(row["time"], UNKNOWN)
        return cls(row["time"], reason)


def camera_shape(
    seen: Seen, captured_at: datetime | None, lost: Lost | None, judged: Judged, *, now: datetime, fresh_seconds: float
) -> CameraShape:
    """A camera of the registry, with the time of its latest frame and its last word on being lost."""
    entry, readings = seen.entry, _fresh_readings(seen, now)
    missing = lost if lost is not None and not _seen_since(lost, captured_at, now) else None
    standing = Standing.of(seen.stored, judged)
    return CameraShape.model_construct(
        id=entry["id"],
        name=entry["name"],
        area=entry["area"],
        state=standing.state,
        cause=standing.cause,
        since=standing.since,
        marks=list(standing.marks),
        captured_at=captured_at,
        age_seconds=None if captured_at is None else (now - captured_at).total_seconds(),
        fresh=None if captured_at is None else is_fresh(captured_at, now, fresh_seconds),
        tampers=tampers(readings),
        connection_grade=grade(readings.get("connection_grade")),
        frames_per_second=readings.get("frames_per_second"),
        reason=missing.reason if missing else UNWATCHED if standing.state is State.DOWN else None,
        lost_at=missing.at if missing else None,
    )


def tampers(readings: Mapping[str, float]) -> list[Tamper] | None:
    """Those that hold, of fresh readings; None where none is known either way."""
    known = [tamper for tamper in Tamper if tamper in readings]
    return [tamper for tamper in known if readings[tamper]] if known else None


def grade(value: float | None) -> Grade | None:
    return None if value is None else GRADES[max(0, min(round(value), len(GRADES) - 1))]


def _fresh_readings(seen: Seen, now: datetime) -> dict[str, float]:
    return {
        metric: reading.value for metric, reading in seen.latest.items() if is_fresh(reading.time, now, READING_SECONDS)
    }


def _seen_since(lost: Lost, captured_at: datetime | None, now: datetime) -> bool:
    """A picture taken after the loss tells more than a word that may have gone astray."""
    return captured_at is not None and lost.at < captured_at <= now
