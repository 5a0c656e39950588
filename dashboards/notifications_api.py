"""GET /api/v1/notifications: who was told what, and whether it arrived."""

from typing import Annotated

from fastapi import Query

from dashboards import queries
from dashboards.alerts_api import BIGINT_MAX
from dashboards.centre import Here
from dashboards.parameters import PAGE, Limit, Numbered, encode_cursor
from dashboards.shapes import Notifications, NotificationShape

Incident = Annotated[int, Query(ge=1, le=BIGINT_MAX)]


async def notifications(
    centre: Here, *, incident: Incident | None = None, before: Numbered, limit: Limit = PAGE
) -> Notifications:
    """Messages with their receipts, the newest first; of one incident, where it is named. No addresses of people."""
    at, number = before or (None, None)
    filters = {"incident": incident, "before": at, "id": number, "limit": limit + 1}
    rows = await centre.rows(queries.NOTIFICATIONS, filters)
    items, more = [NotificationShape(**row) for row in rows[:limit]], len(rows) > limit
    last = items[-1] if more else None
    return Notifications(items=items, next=encode_cursor(last.created_at.isoformat(), str(last.id)) if last else None)
