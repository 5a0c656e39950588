"""GET /api/v1/alerts and /alerts/{id}, to read."""

from typing import Annotated

from fastapi import Path

from alerts.alert import State
from dashboards import queries
from dashboards.alert_rows import alert_of
from dashboards.centre import Here
from dashboards.parameters import PAGE, Limit, Numbered, Text, encode_cursor
from dashboards.problem import Problem
from dashboards.shapes import Alerts, AlertShape

BIGINT_MAX = 2**63 - 1


async def alerts(
    centre: Here,
    *,
    state: State | None = None,
    device: Text | None = None,
    before: Numbered,
    limit: Limit = PAGE,
) -> Alerts:
    """Alerts, those that began last first."""
    starts_at, number = before or (None, None)
    filters = {"state": state, "device": device, "before": starts_at, "id": number, "limit": limit + 1}
    rows = await centre.rows(queries.ALERTS, filters)
    items = [alert_of(row) for row in rows[:limit]]
    more = len(rows) > limit
    return Alerts(items=items, next=encode_cursor(items[-1].starts_at.isoformat(), str(items[-1].id)) if more else None)


async def alert(centre: Here, id: Annotated[int, Path(ge=1, le=BIGINT_MAX)]) -> AlertShape:  # noqa: A002  the contract's path parameter
    """One alert."""
    row = await centre.row(queries.ALERT, {"id": id})
    if row is None:
        raise Problem(404, "No alert has this id.")
    return alert_of(row)
