"""GET, POST and DELETE /api/v1/silences: alerts of which nobody is to be told for a while. Their ends are told."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Path, Response
from psycopg.rows import DictRow
from pydantic import AfterValidator, BaseModel, Field

from alerts.silences import rows
from alerts.silences.silence import Match
from dashboards import audit
from dashboards.alerts_api import BIGINT_MAX
from dashboards.auth import By
from dashboards.centre import Centre, Here
from dashboards.parameters import PAGE, TEXT_MAX, Limit, Moment, Numbered, encode_cursor, storable
from dashboards.problem import Problem
from dashboards.silences import queries
from dashboards.silences.shapes import SilenceDetail, Silences, SilenceShape
from devices.jsonb import jsonb_fault

Number = Annotated[int, Path(ge=1, le=BIGINT_MAX)]


def _storable(match: Match) -> Match:
    if fault := jsonb_fault(match.model_dump(mode="json")):
        raise ValueError(fault)
    return match


class Wish(BaseModel, extra="forbid"):
    """From now on, until a moment at most [dashboards] silence_max_hours away. Its owner is who asks for it."""

    match: Annotated[Match, AfterValidator(_storable)]
    until: Moment
    reason: Annotated[str, AfterValidator(storable), Field(min_length=1, max_length=TEXT_MAX, pattern=r"\S")]
    ends_on_recovery: bool = False


async def silences(centre: Here, *, active: bool = False, before: Numbered, limit: Limit = PAGE) -> Silences:
    """Silences, what began last first; with `active` only those that go on."""
    since, number = before or (None, None)
    place = {"active": active, "now": centre.now(), "before": since, "id": number, "limit": limit + 1}
    found = await centre.rows(queries.SILENCES, place)
    page, more = found[:limit], len(found) > limit
    held = await _held(centre, page)
    items = [SilenceShape(**row, silenced=len(held.get(row["id"], ()))) for row in page]
    last = items[-1] if more else None
    return Silences(items=items, next=encode_cursor(last.since.isoformat(), str(last.id)) if last else None)


async def silence(centre: Here, id: Number) -> SilenceDetail:  # noqa: A002  the contract's path parameter
    """One silence, and the alerts that it holds now."""
    row = await centre.row(queries.SILENCE, {"id": id})
    if row is None:
        raise _nobody()
    held = (await _held(centre, [row])).get(id, [])
    return SilenceDetail(**row, silenced=len(held), alerts=held)


async def wish(centre: Here, body: Wish, response: Response, by: By) -> SilenceDetail:
    """Let nobody be told of certain alerts for a while. That they are over is told all the same."""
    now = centre.now()
    _check_end(centre, body.until, now)
    await _check_below(centre, body.match)
    detail = body.model_dump(mode="json", exclude_defaults=True)
    async with centre.database() as connection, connection.transaction():
        made = await rows.add(
            connection,
            body.match,
            owner=by.who,
            reason=body.reason,
            now=now,
            until=body.until,
            on_recovery=body.ends_on_recovery,
        )
        if made is None:
            raise Problem(
                409, (f"Sudah ada {rows.SILENCES_MAX} peredaman.", f"There are {rows.SILENCES_MAX} silences already.")
            )
        await audit.record(connection, by, "silence.add", str(made.id), now=now, detail=detail)
    response.headers["Location"] = f"/api/v1/silences/{made.id}"
    return await silence(centre, made.id)


async def remove(centre: Here, id: Number, by: By) -> Response:  # noqa: A002  the contract's path parameter
    """End a silence now: what it held is told."""
    now = centre.now()
    async with centre.database() as connection, connection.transaction():
        if not await rows.end(connection, [id], who=by.who, now=now):
            raise _nobody()
        await audit.record(connection, by, "silence.remove", str(id), now=now)
    return Response(status_code=204)


async def _held(centre: Centre, found: list[DictRow]) -> dict[int, list[int]]:
    """The alerts that each of these silences holds now; nothing for what is over."""
    now = centre.now()
    going_on = [row for row in found if row["ended_at"] is None and row["until"] > now]
    known = [one for row in going_on if (one := rows.silence_of(row)) is not None]
    async with centre.database() as connection:
        return await rows.holding(connection, known)


def _check_end(centre: Centre, until: datetime, now: datetime) -> None:
    longest = timedelta(hours=centre.settings.silence_max_hours)
    if until <= now:
        raise Problem(422, ("Akhirnya harus sesudah sekarang.", "body.until: must lie after now."))
    if until - now > longest:
        hours = f"{centre.settings.silence_max_hours:g}"
        raise Problem(
            422,
            (
                f"Peredaman berlaku paling lama {hours} jam; untuk yang lebih lama, umumkan pekerjaan.",
                f"body.until: nothing is silenced for more than {hours} h; announce maintenance instead.",
            ),
        )


async def _check_below(centre: Centre, match: Match) -> None:
    """A name misspelt would silence nothing, and page somebody at night."""
    if match.below is not None and await centre.row(queries.DEVICE_EXISTS, {"id": match.below}) is None:
        raise Problem(
            422,
            (
                "body.match.below: tidak ada perangkat seperti itu di registri.",
                "body.match.below: names no device of the registry.",
            ),
        )


def _nobody() -> Problem:
    return Problem(404, ("Tidak ada peredaman yang berlaku dengan id ini.", "No silence that goes on has this id."))
