"""GET, POST and DELETE /api/v1/maintenance: work that is announced, so that nobody is paged for it."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Path, Response
from psycopg.types.json import Jsonb
from pydantic import AfterValidator, BaseModel, Field

from dashboards import audit, queries
from dashboards.alerts_api import BIGINT_MAX
from dashboards.auth import By
from dashboards.centre import Here
from dashboards.parameters import PAGE, TEXT_MAX, Limit, Moment, Numbered, encode_cursor, storable
from dashboards.problem import Problem
from dashboards.shapes import Maintenances, MaintenanceShape

LONGEST = timedelta(days=30)
Word = Annotated[str, AfterValidator(storable), Field(min_length=1, max_length=TEXT_MAX)]


class Match(BaseModel, extra="forbid"):
    """What the work is about: all that carry every value named here; `below` is an id and all that hangs on it."""

    id: Word | None = None
    below: Word | None = None
    kind: Word | None = None
    area: Word | None = None


class Announcement(BaseModel, extra="forbid"):
    """`since` is now unless given."""

    since: Moment | None = None
    until: Moment
    match: Match
    reason: Word


async def maintenances(centre: Here, *, active: bool = False, before: Numbered, limit: Limit = PAGE) -> Maintenances:
    """Announced work, what begins last first; with `active` only what is not over."""
    since, number = before or (None, None)
    place = {"active": active, "now": centre.now(), "before": since, "id": number, "limit": limit + 1}
    rows = await centre.rows(queries.MAINTENANCES, place)
    items, more = [MaintenanceShape(**row) for row in rows[:limit]], len(rows) > limit
    last = items[-1] if more else None
    return Maintenances(items=items, next=encode_cursor(last.since.isoformat(), str(last.id)) if last else None)


async def announce(centre: Here, body: Announcement, response: Response, by: By) -> MaintenanceShape:
    """Announce work, for 30 days at most; it is marked, and what fails in it pages nobody."""
    now = centre.now()
    since, match = body.since or now, body.match.model_dump(exclude_none=True)
    _check_span(since, body.until, now)
    await _check_match(centre, body.match)
    values = {"since": since, "until": body.until, "match": Jsonb(match), "owner": by.who, "reason": body.reason}
    async with centre.database() as connection, connection.transaction():
        cursor = await connection.execute(queries.ADD_MAINTENANCE, {**values, "now": now})
        (row,) = await cursor.fetchall()
        names = [column.name for column in cursor.description or ()]
        announced = MaintenanceShape(**dict(zip(names, row, strict=True)))
        detail = {"match": match, "until": body.until.isoformat(), "reason": body.reason}
        await audit.record(connection, by, "maintenance.add", str(announced.id), now=now, detail=detail)
        await connection.execute(queries.TELL_STATES)
    response.headers["Location"] = f"/api/v1/maintenance/{announced.id}"
    return announced


async def remove(centre: Here, id: Annotated[int, Path(ge=1, le=BIGINT_MAX)], by: By) -> Response:  # noqa: A002  the contract's path parameter
    """End announced work now, or take back what has not begun."""
    now = centre.now()
    async with centre.database() as connection, connection.transaction():
        cursor = await connection.execute(queries.REMOVE_MAINTENANCE, {"id": id, "now": now})
        if await cursor.fetchone() is None:
            raise Problem(404, "No announced work has this id.")
        await audit.record(connection, by, "maintenance.remove", str(id), now=now)
        await connection.execute(queries.TELL_STATES)
    return Response(status_code=204)


def _check_span(since: datetime, until: datetime, now: datetime) -> None:
    if until <= since or until <= now:
        raise Problem(422, "until must lie after since, and after now.")
    if until - since > LONGEST:
        raise Problem(422, f"Work may be announced for {LONGEST.days} days at most.")


async def _check_match(centre: Here, match: Match) -> None:
    """A name misspelt would announce nothing, and page somebody at night."""
    named = match.model_dump()
    if not any(named.values()):
        raise Problem(422, "match names nothing; give id, below, kind or area.")
    found = await centre.row(queries.MATCHES, named)
    if not (found and found["exists"]):
        raise Problem(422, "match names no device of the registry.")
