"""GET, POST and DELETE /api/v1/maintenance: work that is announced, once or recurring, so that nobody is paged."""

import asyncio
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import Path, Response
from psycopg import AsyncConnection
from psycopg.rows import DictRow, dict_row
from psycopg.types.json import Jsonb
from pydantic import AfterValidator, BaseModel, Field

from alerts.recurrence import LONGEST as LONGEST_RULE
from alerts.recurrence import Window, check, next_occurrence, over_at
from dashboards import audit
from dashboards.alerts_api import BIGINT_MAX
from dashboards.auth import By
from dashboards.centre import Centre, Here
from dashboards.maintenance import queries
from dashboards.maintenance.shapes import Maintenances, MaintenanceShape, OccurrenceShape
from dashboards.parameters import PAGE, TEXT_MAX, Limit, Moment, Numbered, encode_cursor, storable
from dashboards.problem import Problem, unfit
from dashboards.spans import ENDS_TOO_SOON

LONGEST = timedelta(days=30)
EARLIEST = timedelta(days=366)
RECURRING_MAX = 200
Word = Annotated[str, AfterValidator(storable), Field(min_length=1, max_length=TEXT_MAX)]


class Match(BaseModel, extra="forbid"):
    """What the work is about: all that carry every value named here; `below` is an id and all that hangs on it."""

    id: Word | None = None
    below: Word | None = None
    kind: Word | None = None
    area: Word | None = None


class Announcement(BaseModel, extra="forbid"):
    """`since` is now unless given. With `rrule`, since and until are the first time, in the time zone of the city."""

    since: Moment | None = None
    until: Moment
    match: Match
    reason: Word
    rrule: Annotated[str, Field(max_length=LONGEST_RULE)] | None = None


async def maintenances(centre: Here, *, active: bool = False, before: Numbered, limit: Limit = PAGE) -> Maintenances:
    """Announced work, what begins last first; with `active` only what is not over."""
    since, number = before or (None, None)
    place = {"active": active, "now": centre.now(), "before": since, "id": number, "limit": limit + 1}
    rows = await centre.rows(queries.MAINTENANCES, place)
    items, more = [shown(row, centre.now()) for row in rows[:limit]], len(rows) > limit
    last = items[-1] if more else None
    return Maintenances(items=items, next=encode_cursor(last.since.isoformat(), str(last.id)) if last else None)


async def announce(centre: Here, body: Announcement, response: Response, by: By) -> MaintenanceShape:
    """Announce work, for 30 days at most at a time; it is marked, and what fails in it pages nobody."""
    now = centre.now()
    window = _window(centre, body, now)
    _check_span(window, now)
    over = await asyncio.to_thread(_checked, window, now)
    await _check_match(centre, body.match)
    match = body.match.model_dump(exclude_none=True)
    values = {"match": Jsonb(match), "owner": by.who, "reason": body.reason, "now": now, "over_at": over}
    async with centre.database() as connection, connection.transaction():
        row = await _added(connection, values | asdict(window))
        detail = {"match": match, "until": body.until.isoformat(), "reason": body.reason}
        detail |= {} if body.rrule is None else {"rrule": body.rrule}
        await audit.record(connection, by, "maintenance.add", str(row["id"]), now=now, detail=detail)
        await connection.execute(queries.TELL_STATES)
    response.headers["Location"] = f"/api/v1/maintenance/{row['id']}"
    return shown(row, now)


async def _added(connection: AsyncConnection[Any], values: Mapping[str, Any]) -> DictRow:
    cursor = connection.cursor(row_factory=dict_row)
    row = await (await cursor.execute(queries.ADD_MAINTENANCE, {**values, "most": RECURRING_MAX})).fetchone()
    if row is None:
        raise Problem(
            409,
            (
                f"Sudah ada {RECURRING_MAX} pengumuman berulang.",
                f"There are {RECURRING_MAX} recurring announcements already.",
            ),
        )
    return row


def shown(row: DictRow, now: datetime) -> MaintenanceShape:
    """A row as the API shows it. One written by hand whose recurrence is none is never on."""
    window = Window(**{name: row[name] for name in Window.__dataclass_fields__})
    try:
        found = next_occurrence(window, now)
    except (ValueError, LookupError):
        found = None
    return MaintenanceShape(**row, next=None if found is None else OccurrenceShape(**asdict(found)))


async def remove(centre: Here, id: Annotated[int, Path(ge=1, le=BIGINT_MAX)], by: By) -> Response:  # noqa: A002  the contract's path parameter
    """End announced work now, or take back what has not begun."""
    now = centre.now()
    async with centre.database() as connection, connection.transaction():
        cursor = await connection.execute(queries.REMOVE_MAINTENANCE, {"id": id, "now": now})
        if await cursor.fetchone() is None:
            raise Problem(404, ("Tidak ada pekerjaan diumumkan dengan id ini.", "No announced work has this id."))
        await audit.record(connection, by, "maintenance.remove", str(id), now=now)
        await connection.execute(queries.TELL_STATES)
    return Response(status_code=204)


def _window(centre: Centre, body: Announcement, now: datetime) -> Window:
    since = body.since or now
    if body.rrule is None:
        return Window(since=since, until=body.until)
    whole = since.replace(microsecond=0)  # calendars know no parts of a second
    return Window(since=whole, until=body.until, rrule=body.rrule, time_zone=centre.settings.time_zone)


def _check_span(window: Window, now: datetime) -> None:
    if window.until <= window.since or (window.rrule is None and window.until <= now):
        raise Problem(422, ENDS_TOO_SOON)
    if window.until - window.since > LONGEST:
        raise Problem(
            422,
            (
                f"Pekerjaan diumumkan paling lama {LONGEST.days} hari.",
                f"Work may be announced for {LONGEST.days} days at most.",
            ),
        )
    if window.rrule is not None and now - window.since > EARLIEST:
        raise Problem(
            422,
            (
                f"Yang berulang boleh dimulai paling lama {EARLIEST.days} hari yang lalu.",
                f"What recurs may have begun {EARLIEST.days} days ago at most.",
            ),
        )


def _checked(window: Window, now: datetime) -> datetime | None:
    """When it is over for good. Raises Problem for what is no recurrence, or is over."""
    try:
        check(window)
        over, found = over_at(window), next_occurrence(window, now)
    except ValueError as error:
        raise Problem(422, unfit("body.rrule", error)) from error
    if found is None:
        raise Problem(422, ("body.rrule: semuanya sudah lewat.", "body.rrule: all of it is over."))
    return None if window.rrule is None else over


async def _check_match(centre: Here, match: Match) -> None:
    """A name misspelt would announce nothing, and page somebody at night."""
    named = match.model_dump()
    if not any(named.values()):
        raise Problem(
            422,
            (
                "match tidak menyebut apa pun; isi id, below, kind atau area.",
                "match names nothing; give id, below, kind or area.",
            ),
        )
    found = await centre.row(queries.MATCHES, named)
    if not (found and found["exists"]):
        raise Problem(422, ("Tidak ada perangkat seperti itu di registri.", "match names no device of the registry."))
