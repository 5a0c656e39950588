"""GET /api/v1/incidents and /incidents/{id}: which alerts are one story."""

from typing import Annotated, Literal

from fastapi import Path

from dashboards import queries
from dashboards.alerts_api import BIGINT_MAX
from dashboards.centre import Here
from dashboards.incident_rows import incident_of
from dashboards.parameters import PAGE, Limit, Numbered, encode_cursor
from dashboards.problem import Problem
from dashboards.shapes import Incidents, IncidentShape


async def incidents(
    centre: Here, *, state: Literal["open", "resolved"] | None = None, before: Numbered, limit: Limit = PAGE
) -> Incidents:
    """Incidents, those that began last first."""
    opened_at, number = before or (None, None)
    filters = {"state": state, "before": opened_at, "id": number, "limit": limit + 1}
    rows = await centre.rows(queries.INCIDENTS, filters)
    items, more = [incident_of(row) for row in rows[:limit]], len(rows) > limit
    last = items[-1] if more else None
    return Incidents(items=items, next=encode_cursor(last.opened_at.isoformat(), str(last.id)) if last else None)


async def incident(centre: Here, id: Annotated[int, Path(ge=1, le=BIGINT_MAX)]) -> IncidentShape:  # noqa: A002  the contract's path parameter
    """One incident."""
    row = await centre.row(queries.INCIDENT, {"id": id})
    if row is None:
        raise Problem(404, "No incident has this id.")
    return incident_of(row)
