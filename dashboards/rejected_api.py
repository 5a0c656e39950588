"""GET /api/v1/rejected: what was refused, and why."""

from datetime import timedelta
from typing import Annotated

from fastapi import Query
from psycopg.rows import DictRow

from dashboards import queries
from dashboards.centre import Here
from dashboards.parameters import PAGE, Limit, Moment, Placed, encode_cursor
from dashboards.problem import Problem
from dashboards.shapes import Rejection, Rejections
from devices.reading import Reason

DAY = timedelta(days=1)


async def rejected(
    centre: Here,
    *,
    reason: Reason | None = None,
    start: Annotated[Moment | None, Query(alias="from")] = None,
    end: Annotated[Moment | None, Query(alias="to")] = None,
    before: Placed,
    limit: Limit = PAGE,
) -> Rejections:
    """Refusals received in [from, to), by default in the last 24 hours, the newest first."""
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
    received, place = before or (None, None)
    span = {"from": start, "to": end, "reason": reason, "before": received, "place": place, "limit": limit + 1}
    rows = await centre.rows(queries.REJECTED, span)
    return Rejections(items=[_shape(row) for row in rows[:limit]], next=_next(rows, limit))


def text_of(payload: bytes) -> str:
    """A payload for people to read: bytes that are no UTF-8 stand as backslash, x and two hexadecimal digits."""
    return payload.decode("utf-8", "backslashreplace")


def _shape(row: DictRow) -> Rejection:
    return Rejection(
        received_at=row["received_at"],
        topic=row["topic"],
        device=row["device"],
        reason=row["reason"],
        detail=row["detail"],
        payload=text_of(row["payload"]),
    )


def _next(rows: list[DictRow], limit: int) -> str | None:
    if len(rows) <= limit:
        return None
    last = rows[limit - 1]
    return encode_cursor(last["received_at"].isoformat(), last["place"])
