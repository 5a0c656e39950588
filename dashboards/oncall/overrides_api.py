"""GET, POST and DELETE /api/v1/oncall/overrides: somebody stands in for those on call."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Path, Query, Response
from pydantic import AfterValidator, BaseModel, Field

from alerts.oncall import rows
from alerts.oncall.lists import DISTINCT, sized
from alerts.oncall.written import CREW_MAX, Name
from dashboards import audit
from dashboards.alerts_api import BIGINT_MAX
from dashboards.auth import By
from dashboards.centre import Here
from dashboards.oncall.shapes import Overrides, OverrideShape
from dashboards.parameters import PAGE, TEXT_MAX, Limit, Moment, Numbered, encode_cursor, storable
from dashboards.problem import Problem
from dashboards.spans import ENDS_TOO_SOON

LONGEST = timedelta(days=90)
OPEN_MAX = 200


class StandIn(BaseModel, extra="forbid"):
    """`since` is now unless given."""

    rota: Name
    technicians: Annotated[list[Name], sized(1, CREW_MAX), DISTINCT]
    since: Moment | None = None
    until: Moment
    reason: Annotated[str, AfterValidator(storable), Field(max_length=TEXT_MAX)] = ""


async def overrides(
    centre: Here,
    *,
    active: bool = False,
    rota: Annotated[Name | None, Query()] = None,
    before: Numbered,
    limit: Limit = PAGE,
) -> Overrides:
    """Overrides, what begins last first; with `active` only what is not over."""
    since, number = before or (None, None)
    place = {"active": active, "rota": rota, "now": centre.now(), "before": since, "id": number, "limit": limit + 1}
    async with centre.database() as connection:
        found = await rows.list_overrides(connection, place)
    items, more = [OverrideShape(**row) for row in found[:limit]], len(found) > limit
    last = items[-1] if more else None
    return Overrides(items=items, next=encode_cursor(last.since.isoformat(), str(last.id)) if last else None)


async def add(centre: Here, body: StandIn, response: Response, by: By) -> OverrideShape:
    """Let others be on call for a while, for 90 days at most; of two overrides at once the later made wins."""
    now = centre.now()
    since = body.since or now
    _check_span(since, body.until, now)
    values = {"rota": body.rota, "technicians": body.technicians, "since": since, "until": body.until}
    values |= {"reason": body.reason, "who": by.who, "now": now}
    async with centre.database() as connection, connection.transaction():
        await rows.lock(connection)
        await _check_names(connection, body)
        if await rows.count_overrides(connection, now) >= OPEN_MAX:
            raise Problem(
                409,
                (
                    f"Sudah ada {OPEN_MAX} pengganti yang belum berakhir; cabut beberapa dulu.",
                    f"There are {OPEN_MAX} overrides that are not over; take some back first.",
                ),
            )
        added = OverrideShape(**await rows.add_override(connection, values))
        detail = {"rota": body.rota, "technicians": body.technicians, "reason": body.reason}
        detail |= {"since": since.isoformat(), "until": body.until.isoformat()}
        await audit.record(connection, by, "oncall.override.add", str(added.id), now=now, detail=detail)
    response.headers["Location"] = f"/api/v1/oncall/overrides/{added.id}"
    return added


async def remove(centre: Here, id: Annotated[int, Path(ge=1, le=BIGINT_MAX)], by: By) -> Response:  # noqa: A002  the contract's path parameter
    """End an override now, or take back what has not begun."""
    now = centre.now()
    async with centre.database() as connection, connection.transaction():
        await rows.lock(connection)
        if not await rows.remove_override(connection, id, now):
            raise Problem(
                404,
                ("Tidak ada pengganti yang belum berakhir dengan id ini.", "No override that is not over has this id."),
            )
        await audit.record(connection, by, "oncall.override.remove", str(id), now=now)
    return Response(status_code=204)


def _check_span(since: datetime, until: datetime, now: datetime) -> None:
    if until <= since or until <= now:
        raise Problem(422, ENDS_TOO_SOON)
    if until - since > LONGEST:
        raise Problem(
            422,
            (f"Pengganti berlaku paling lama {LONGEST.days} hari.", f"An override lasts {LONGEST.days} days at most."),
        )


async def _check_names(connection: rows.Connection, body: StandIn) -> None:
    written = await rows.read(connection)
    if body.rota not in {rota.name for rota in written.rotas}:
        raise Problem(
            422, (f"body.rota: tidak ada jadwal bernama {body.rota}.", f"body.rota: no rota is called {body.rota}.")
        )
    if unknown := sorted(set(body.technicians) - {one.id for one in written.technicians}):
        names = ", ".join(unknown)
        raise Problem(
            422, (f"Tidak ada teknisi bernama {names}.", f"body.technicians: no technician is called {names}.")
        )
