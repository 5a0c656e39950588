"""GET /api/v1/rejected: what was refused, and why."""

from psycopg.rows import DictRow

from dashboards import queries
from dashboards.centre import Here
from dashboards.parameters import PAGE, Limit, Placed, encode_cursor
from dashboards.shapes import Rejection, Rejections
from dashboards.spans import From, To, span_of
from devices.reading import Reason


async def rejected(
    centre: Here,
    *,
    reason: Reason | None = None,
    start: From = None,
    end: To = None,
    before: Placed,
    limit: Limit = PAGE,
) -> Rejections:
    """Refusals received in [from, to), by default in the last 24 hours, the newest first."""
    start, end = span_of(start, end, centre.now())
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
