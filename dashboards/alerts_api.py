"""GET /api/v1/alerts and /alerts/{id}, to read."""

from typing import Annotated

from fastapi import Path
from psycopg.rows import DictRow

from alerts.alert import State
from dashboards import desk_queries, queries
from dashboards.alert_rows import alert_of
from dashboards.centre import Centre, Here
from dashboards.desk_shapes import AlertDetail
from dashboards.missing import NO_ALERT
from dashboards.parameters import PAGE, Limit, Numbered, Text, encode_cursor
from dashboards.problem import Problem
from dashboards.shapes import Alerts

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


async def alert(centre: Here, id: Annotated[int, Path(ge=1, le=BIGINT_MAX)]) -> AlertDetail:  # noqa: A002  the contract's path parameter
    """One alert, with what became of it and what people wrote about it."""
    return AlertDetail(**await told_of_alert(centre, id))


async def told_of_alert(centre: Centre, number: int) -> DictRow:
    """All that is known of an alert. Raises Problem where there is none."""
    row = await centre.row(desk_queries.ALERT, {"id": number})
    if row is None:
        raise Problem(404, NO_ALERT)
    return row
