"""POST /api/v1/alerts/{id}/acknowledge and its likes, and the same for all open alerts of an incident."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any

from fastapi import Path
from psycopg import AsyncConnection
from pydantic import AfterValidator, BaseModel, Field

from alerts import desk
from alerts.alert import State
from alerts.desk import Said
from dashboards import audit, desk_queries
from dashboards.alerts_api import BIGINT_MAX, told_of_alert
from dashboards.centre import Centre, Here
from dashboards.desk_shapes import AlertAnswer, IncidentAnswer
from dashboards.incidents_api import told_of_incident
from dashboards.missing import NO_ALERT, NO_INCIDENT
from dashboards.parameters import TEXT_MAX, Moment, storable
from dashboards.problem import Problem
from dashboards.rights.voice import Speaker, Speaking
from dashboards.words import Sentence

COMMENT_MAX = 2_000
# Phones' clocks run ahead a little; what they say then was said now.
AHEAD = timedelta(minutes=1)

Connection = AsyncConnection[Any]
Number = Annotated[int, Path(ge=1, le=BIGINT_MAX)]
Reason = Annotated[str, AfterValidator(storable), Field(max_length=TEXT_MAX)]
Text = Annotated[str, AfterValidator(storable), Field(min_length=1, max_length=COMMENT_MAX, pattern=r"\S")]


class Words(BaseModel, extra="forbid"):
    """`at`: when it was said, where the phone was out of reach; now unless given. `reason`: why, in a few words."""

    at: Moment | None = None
    reason: Reason = ""
    comment: Text | None = None


class Comment(BaseModel, extra="forbid"):
    at: Moment | None = None
    text: Text


@dataclass(frozen=True, slots=True)
class Act:
    """What may be said of an alert, and the state that it has then. `late`: of use although the alert is over."""

    word: str
    in_indonesian: str
    do: Callable[[Connection, Collection[int], Said], Awaitable[list[int]]]
    wanted: State
    late: bool = False


IN_INDONESIAN: Mapping[State, str] = {
    State.PENDING: "menunggu",
    State.FIRING: "menyala",
    State.ACKNOWLEDGED: "ditangani",
    State.RESOLVED: "selesai",
}
NOTHING = Words()
ACKNOWLEDGE = Act("acknowledge", "diterima", desk.acknowledge, State.ACKNOWLEDGED, late=True)
UNACKNOWLEDGE = Act("unacknowledge", "dilepas", desk.unacknowledge, State.FIRING)
RESOLVE = Act("resolve", "ditutup", desk.resolve, State.RESOLVED)


async def acknowledge(centre: Here, id: Number, by: Speaking, body: Words = NOTHING) -> AlertAnswer:  # noqa: A002  the contract's path parameter
    """Take an alert. With `at`, one that is over by now too: it is written down and changes nothing."""
    return await _of_alert(centre, id, by, body, ACKNOWLEDGE)


async def unacknowledge(centre: Here, id: Number, by: Speaking, body: Words = NOTHING) -> AlertAnswer:  # noqa: A002
    """Give an alert back."""
    return await _of_alert(centre, id, by, body, UNACKNOWLEDGE)


async def resolve(centre: Here, id: Number, by: Speaking, body: Words = NOTHING) -> AlertAnswer:  # noqa: A002
    """End an alert by hand. Where what it told of goes on, another one begins."""
    return await _of_alert(centre, id, by, body, RESOLVE)


async def comment(centre: Here, id: Number, by: Speaking, body: Comment) -> AlertAnswer:  # noqa: A002
    """Write a word about an alert."""
    said = _said(centre, by, body.at)
    async with centre.database() as connection, connection.transaction():
        if not await _states(connection, [id]):
            raise Problem(404, NO_ALERT)
        if await desk.comment(connection, said, body.text, alert_id=id):
            await _note(connection, by, "alert.comment", id, said, text=body.text)
    return AlertAnswer(**await told_of_alert(centre, id), changed=False)


async def acknowledge_all(centre: Here, id: Number, by: Speaking, body: Words = NOTHING) -> IncidentAnswer:  # noqa: A002
    """Take every open alert of an incident."""
    return await _of_incident(centre, id, by, body, ACKNOWLEDGE)


async def unacknowledge_all(centre: Here, id: Number, by: Speaking, body: Words = NOTHING) -> IncidentAnswer:  # noqa: A002
    """Give every open alert of an incident back."""
    return await _of_incident(centre, id, by, body, UNACKNOWLEDGE)


async def resolve_all(centre: Here, id: Number, by: Speaking, body: Words = NOTHING) -> IncidentAnswer:  # noqa: A002
    """End every open alert of an incident by hand, and so the incident."""
    return await _of_incident(centre, id, by, body, RESOLVE)


async def comment_all(centre: Here, id: Number, by: Speaking, body: Comment) -> IncidentAnswer:  # noqa: A002
    """Write a word about an incident."""
    said = _said(centre, by, body.at)
    async with centre.database() as connection, connection.transaction():
        await _alerts_of(connection, id)
        if await desk.comment(connection, said, body.text, incident_id=id):
            await _note(connection, by, "incident.comment", id, said, text=body.text)
    return IncidentAnswer(**await told_of_incident(centre, id), changed=[])


async def _of_alert(centre: Centre, number: int, by: Speaker, words: Words, act: Act) -> AlertAnswer:
    said = _said(centre, by, words.at, words.reason)
    async with centre.database() as connection, connection.transaction():
        changed = await _done(connection, [number], said, act)
        noted = words.comment is not None and await desk.comment(connection, said, words.comment, alert_id=number)
        if changed or noted or (act.late and said.said_at):
            await _note(connection, by, f"alert.{act.word}", number, said, reason=words.reason, text=words.comment)
    return AlertAnswer(**await told_of_alert(centre, number), changed=bool(changed))


async def _of_incident(centre: Centre, number: int, by: Speaker, words: Words, act: Act) -> IncidentAnswer:
    said = _said(centre, by, words.at, words.reason)
    async with centre.database() as connection, connection.transaction():
        alerts = await _alerts_of(connection, number)
        changed = await _done(connection, alerts, said, act)
        noted = words.comment is not None and await desk.comment(connection, said, words.comment, incident_id=number)
        if changed or noted or (act.late and said.said_at):
            await _note(connection, by, f"incident.{act.word}", number, said, reason=words.reason, text=words.comment)
    return IncidentAnswer(**await told_of_incident(centre, number), changed=changed)


async def _done(connection: Connection, alerts: Sequence[int], said: Said, act: Act) -> list[int]:
    """The alerts that changed. Raises Problem where none may, and none is so already."""
    changed = await act.do(connection, alerts, said)
    if changed:
        return changed
    states = await _states(connection, alerts)
    if not states:
        raise Problem(404, NO_ALERT)
    late = act.late and said.said_at is not None and State.RESOLVED in states
    if act.wanted not in states and not late:
        raise Problem(409, _cannot(act, sorted(states)))
    return []


def _cannot(act: Act, states: Sequence[State]) -> Sentence:
    are = " dan ".join(IN_INDONESIAN[state] for state in states)
    return (
        f"Peringatan ini {are}: tidak dapat {act.in_indonesian}.",
        f"It is {' and '.join(states)}: nobody can {act.word} it.",
    )


async def _states(connection: Connection, alerts: Sequence[int]) -> set[State]:
    cursor = await connection.execute(desk_queries.STATES, {"ids": list(alerts)})
    return {State(state) for (state,) in await cursor.fetchall()}


async def _alerts_of(connection: Connection, incident: int) -> list[int]:
    """The open alerts of an incident; where there is none, all that it had. Raises Problem where it does not exist."""
    row = await (await connection.execute(desk_queries.ALERTS_OF, {"id": incident})).fetchone()
    if row is None:
        raise Problem(404, NO_INCIDENT)
    every: list[int] = row[0]
    return await desk.alerts_of(connection, incident) or every


def _said(centre: Centre, by: Speaker, at: Moment | None, why: str = "") -> Said:
    """Raises Problem for what is said to have been said in the future."""
    now = centre.now()
    if at is not None and at > now + AHEAD:
        raise Problem(422, ("body.at: ada di masa depan.", "body.at: lies in the future."))
    return Said(who=by.voice, at=now, said_at=at, why=why)


async def _note(
    connection: Connection,
    by: audit.Author,
    action: str,
    number: int,
    said: Said,
    *,
    text: str | None,
    reason: str = "",
) -> None:
    known = {"at": said.said_at and said.said_at.isoformat(), "reason": reason, "comment": text}
    detail = {key: value for key, value in known.items() if value}
    await audit.record(connection, by, action, str(number), now=said.at, detail=detail)
