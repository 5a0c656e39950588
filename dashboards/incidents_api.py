"""GET /api/v1/incidents and /incidents/{id}: which alerts are one story."""

from typing import Annotated, Literal

from fastapi import Path
from psycopg.rows import DictRow

from dashboards import desk_queries, queries
from dashboards.alerts_api import BIGINT_MAX
from dashboards.centre import Centre, Here
from dashboards.desk_shapes import IncidentDetail
from dashboards.incident_rows import incident_of
from dashboards.missing import NO_INCIDENT
from dashboards.parameters import PAGE, Limit, Numbered, encode_cursor
from dashboards.problem import Problem
from dashboards.shapes import Incidents


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


async def incident(centre: Here, id: Annotated[int, Path(ge=1, le=BIGINT_MAX)]) -> IncidentDetail:  # noqa: A002  the contract's path parameter
    """One incident, with what people wrote about it."""
    return IncidentDetail(**await told_of_incident(centre, id))


async def told_of_incident(centre: Centre, number: int) -> DictRow:
    """All that is known of an incident. Raises Problem where there is none."""
    row = await centre.row(desk_queries.INCIDENT, {"id": number})
    if row is None:
        raise Problem(404, NO_INCIDENT)
    return row
