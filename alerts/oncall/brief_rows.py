"""What the hand-over brief tells, gathered from the database."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from psycopg import AsyncConnection
from psycopg.rows import DictRow, dict_row

from alerts.alert import Severity
from alerts.oncall import queries
from alerts.oncall.brief import JUDGED_FRESH, SOON, Blind, Brief, EndingSilence, OnDuty, OpenIncident
from alerts.oncall.roster import Roster
from alerts.oncall.shifts import outlook

# How far it is looked for who takes over.
AHEAD = timedelta(weeks=5)
# Rows of each part that are read.
MOST = 1_000


async def gather(connection: AsyncConnection[Any], roster: Roster, now: datetime) -> Brief:
    """The state of things. Several statements: what changes between them is seen once, early or late."""
    place = {"now": now, "soon": now + SOON, "most": MOST}
    async with connection.cursor(row_factory=dict_row) as cursor:

        async def rows(query: str) -> list[DictRow]:
            return await (await cursor.execute(query, place)).fetchall()

        return Brief(
            at=now,
            on_duty=[_on_duty(rota, roster, now) for rota in roster.rotas],
            incidents=[_incident(row, roster) for row in await rows(queries.BRIEF_INCIDENTS)],
            flapping=[row["name"] for row in await rows(queries.BRIEF_FLAPPING)],
            silences=[EndingSilence(**row) for row in await rows(queries.BRIEF_SILENCES)],
            blind=[*map(_blind, await rows(queries.BRIEF_BLIND)), *_unjudged(await rows(queries.BRIEF_JUDGED), now)],
            unknown={row["kind"]: row["count"] for row in await rows(queries.BRIEF_UNKNOWN)},
        )


def _on_duty(rota: str, roster: Roster, now: datetime) -> OnDuty:
    found = outlook(roster.rotas[rota], now, now + AHEAD)
    following = found.following.crew if found.following else ()
    return OnDuty(rota=rota, people=_names(found.crew, roster), until=found.until, following=_names(following, roster))


def _names(ids: Iterable[str], roster: Roster) -> tuple[str, ...]:
    return tuple(roster.technicians[id_].name if id_ in roster.technicians else id_ for id_ in ids)


def _incident(row: Mapping[str, Any], roster: Roster) -> OpenIncident:
    typed = {"severity": Severity(row["severity"]), "held_by": _names(row["held_by"], roster)}
    return OpenIncident(**{**row, **typed})


def _blind(row: Mapping[str, Any]) -> Blind:
    return Blind(reason=row["reason"], since=row["since"])


def _unjudged(judged: list[DictRow], now: datetime) -> list[Blind]:
    at = judged[0]["at"] if judged else None
    return [] if at is not None and now - at < JUDGED_FRESH else [Blind(reason="engine", since=at)]
