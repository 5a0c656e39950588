"""GET /api/v1/frame-access: who looked at which camera's pictures."""

from datetime import timedelta
from typing import Annotated

from fastapi import Query

from dashboards.cameras import queries
from dashboards.cameras.shapes import FrameAccess, FrameAccesses
from dashboards.centre import Here
from dashboards.parameters import PAGE, Limit, Moment, Numbered, Text, encode_cursor
from dashboards.problem import Problem

DAY = timedelta(days=1)


async def frame_access(
    centre: Here,
    *,
    start: Annotated[Moment | None, Query(alias="from")] = None,
    end: Annotated[Moment | None, Query(alias="to")] = None,
    camera: Text | None = None,
    who: Text | None = None,
    before: Numbered,
    limit: Limit = PAGE,
) -> FrameAccesses:
    """Looks in [from, to), by default in the last 24 hours, those that began last first.

    One item is all of one sort within an hour: it may have begun before `from`, and gone on after `to`. What was looked
    at in the last seconds may be missing still.
    """
    end = end or centre.now()
    start = start or end - DAY
    if start >= end:
        raise Problem(
            422,
            (
                "from harus sebelum to; tanpa from, dianggap 24 jam sebelum to.",
                "from must lie before to; without from, it is 24 hours before to.",
            ),
        )
    first_at, number = before or (None, None)
    span = {"from": start, "to": end, "before": first_at, "id": number, "limit": limit + 1}
    rows = await centre.rows(queries.ACCESS, {**span, "camera": camera, "who": who})
    last = rows[limit - 1] if len(rows) > limit else None
    return FrameAccesses(
        items=[FrameAccess.model_validate(row) for row in rows[:limit]],
        next=encode_cursor(last["first_at"].isoformat(), str(last["id"])) if last else None,
    )
