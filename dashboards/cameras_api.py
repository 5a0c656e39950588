"""GET /api/v1/cameras/{id}/frame.jpg: a camera's latest picture with the time it was taken, or none."""

import asyncio
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

from fastapi.responses import Response

from dashboards import queries
from dashboards.centre import Here
from dashboards.parameters import DeviceId
from dashboards.problem import Problem

# A capture time so far ahead of our clock is a clock that moved, not a frame.
AHEAD = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Frame:
    jpeg: bytes
    captured_at: datetime


async def frame(centre: Here, id: DeviceId) -> Response:  # noqa: A002  the contract's path parameter
    """The latest frame; 503 where there is none, or it is older than frame_fresh_seconds: old is never shown as now."""
    row = await centre.row(queries.KIND, {"id": id})
    if row is None or row["kind"] != "camera":
        raise Problem(404, "No camera has this id.")
    found = await asyncio.to_thread(read, centre.frames_dir / id / "latest.jpg")
    if found is None:
        raise Problem(503, "There is no frame of this camera yet.")
    age = centre.now() - found.captured_at
    if not -AHEAD <= age <= timedelta(seconds=centre.settings.frame_fresh_seconds):
        members = {"captured_at": found.captured_at.isoformat()}
        raise Problem(503, f"The latest frame is {age.total_seconds():.0f} s old.", members=members)
    headers = {
        "Last-Modified": format_datetime(found.captured_at, usegmt=True),
        "X-Captured-At": found.captured_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }
    return Response(found.jpeg, media_type="image/jpeg", headers=headers)


def read(path: Path) -> Frame | None:
    """Picture and time of one and the same file: a newer one may be renamed over it meanwhile."""
    try:
        with path.open("rb") as file:
            captured = os.fstat(file.fileno()).st_mtime
            return Frame(file.read(), datetime.fromtimestamp(captured, UTC))
    except FileNotFoundError:
        return None
