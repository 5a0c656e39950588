"""GET /api/v1/cameras: which cameras are seen, how well, and why those are not that are not."""

import asyncio

from dashboards import queries
from dashboards.cameras import latest
from dashboards.cameras.queries import LAST_WORDS
from dashboards.cameras.seen import Lost, camera_shape
from dashboards.cameras.shapes import Cameras
from dashboards.centre import Here, judged_now
from dashboards.parameters import PAGE, After, Limit, Text, encode_cursor
from dashboards.seen import seen_of


async def cameras(
    centre: Here, *, area: Text | None = None, q: Text | None = None, after: After = None, limit: Limit = PAGE
) -> Cameras:
    """Cameras in the order of their ids. `q` is found anywhere in an id or a name, whatever the case."""
    judged = await judged_now(centre)
    filters = {"kind": "camera", "area": area, "q": q, "state": None, "believed": judged.believed}
    rows = await centre.rows(queries.DEVICES, {**filters, "after": after or "", "limit": limit + 1})
    shown, more = rows[:limit], len(rows) > limit
    ids = [row["id"] for row in shown]
    lost = {row["id"]: Lost.of(row) for row in await centre.rows(LAST_WORDS, {"ids": ids})}
    captured = await asyncio.to_thread(latest.capture_times, centre.frames_dir, ids)
    now, fresh_seconds = centre.now(), centre.settings.frame_fresh_seconds
    items = [
        camera_shape(
            seen_of(row), captured[row["id"]], lost.get(row["id"]), judged, now=now, fresh_seconds=fresh_seconds
        )
        for row in shown
    ]
    return Cameras(items=items, next=encode_cursor(ids[-1]) if more else None)
