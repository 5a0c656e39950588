"""GET /api/v1/frame-access: who looked at which camera's pictures."""

from dashboards.cameras import queries
from dashboards.cameras.shapes import FrameAccess, FrameAccesses
from dashboards.centre import Here
from dashboards.parameters import PAGE, Limit, Numbered, Text, encode_cursor
from dashboards.spans import From, To, span_of


async def frame_access(
    centre: Here,
    *,
    start: From = None,
    end: To = None,
    camera: Text | None = None,
    who: Text | None = None,
    before: Numbered,
    limit: Limit = PAGE,
) -> FrameAccesses:
    """Looks in [from, to), by default in the last 24 hours, those that began last first.

    One item is all of one sort within an hour: it may have begun before `from`, and gone on after `to`. What was looked
    at in the last seconds may be missing still.
    """
    start, end = span_of(start, end, centre.now())
    first_at, number = before or (None, None)
    span = {"from": start, "to": end, "before": first_at, "id": number, "limit": limit + 1}
    rows = await centre.rows(queries.ACCESS, {**span, "camera": camera, "who": who})
    last = rows[limit - 1] if len(rows) > limit else None
    return FrameAccesses(
        items=[FrameAccess.model_validate(row) for row in rows[:limit]],
        next=encode_cursor(last["first_at"].isoformat(), str(last["id"])) if last else None,
    )
