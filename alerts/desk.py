"""What people say of alerts, on a screen, a phone or by SMS: I take it, I give it back, it is over, a word about it.

Everything here happens in the caller's transaction, of which it should be the first thing that writes: the alerts are
held first, so the engine and a person, or two persons, who mean the same alert come one after the other. Who comes
second finds it as the first left it; what is no longer legal then changes nothing and is not returned.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from psycopg import AsyncConnection
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from alerts import queries
from alerts.alert import Alert, Change, EndReason, State
from alerts.alert_rows import alert_of
from alerts.transitions import Transition, record

Connection = AsyncConnection[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """`at` is now. `said_at`: when it was said, where the phone was out of reach till now. `why`: in which words."""

    who: str
    at: datetime
    said_at: datetime | None = None
    why: str = ""

    def moment(self, earliest: datetime | None = None) -> datetime:
        """When it was said: not later than now, and not before `earliest`."""
        said = self.at if self.said_at is None else min(self.said_at, self.at)
        return said if earliest is None else min(max(said, earliest), self.at)

    def earlier(self, earliest: datetime | None = None) -> datetime | None:
        """The same, where it is not simply now."""
        moment = self.moment(earliest)
        return None if self.said_at is None or moment == self.at else moment


async def acknowledge(connection: Connection, alert_ids: Collection[int], said: Said) -> list[int]:
    """Take alerts that fire. Who took one first keeps it.

    What was said earlier of an alert that is over by now is written down and changes nothing.
    """
    known = await _hold(connection, alert_ids)
    await _record_late(connection, known, said)
    return await _say(connection, known, said, _taken)


async def unacknowledge(connection: Connection, alert_ids: Collection[int], said: Said) -> list[int]:
    """Give alerts back: they are nobody's again."""
    return await _say(connection, await _hold(connection, alert_ids), said, _given_back)


async def resolve(connection: Connection, alert_ids: Collection[int], said: Said) -> list[int]:
    """End alerts by hand. Where what they told of goes on, the next look of the engine opens others."""
    return await _say(connection, await _hold(connection, alert_ids), said, _ended)


async def comment(
    connection: Connection, said: Said, text: str, *, alert_id: int | None = None, incident_id: int | None = None
) -> bool:
    """Write a word about an alert or an incident, one of which must exist; False where it was written already."""
    about = {"alert": alert_id, "incident": incident_id, "who": said.who, "text": text}
    cursor = await connection.execute(queries.COMMENT, about | {"at": said.at, "said_at": said.earlier()})
    if cursor.rowcount:
        await connection.execute(queries.TELL_ALL)
    return bool(cursor.rowcount)


async def alerts_of(connection: Connection, incident_id: int) -> list[int]:
    """Numbers of the alerts of an incident that go on."""
    cursor = await connection.execute(queries.ALERTS_OF, {"incident": incident_id})
    return [number for (number,) in await cursor.fetchall()]


def _taken(alert: Alert, said: Said) -> Alert | None:
    if not alert.may_become(State.ACKNOWLEDGED):
        return None
    return alert.acknowledge(said.moment(alert.fired_at), said.who)


def _given_back(alert: Alert, _: Said) -> Alert | None:
    return alert.give_back() if alert.state is State.ACKNOWLEDGED else None


def _ended(alert: Alert, said: Said) -> Alert | None:
    if not alert.may_become(State.RESOLVED):
        return None
    return alert.resolve(said.moment(alert.fired_at), EndReason.BY_HAND)


async def _hold(connection: Connection, alert_ids: Collection[int]) -> list[Alert]:
    cursor = connection.cursor(row_factory=dict_row)
    rows = await (await cursor.execute(queries.HOLD_ALERTS, {"ids": list(alert_ids)})).fetchall()
    return [alert_of(row) for row in rows]


async def _say(
    connection: Connection, known: Sequence[Alert], said: Said, become: Callable[[Alert, Said], Alert | None]
) -> list[int]:
    changes = [Change(before=one, after=after) for one in known if (after := become(one, said)) is not None]
    if not changes:
        return []
    alerts = Jsonb([change.after for change in changes], dumps=msgspec.json.encode)
    await connection.execute(queries.SAY, {"alerts": alerts})
    await record(connection, [_transition(change.before or change.after, change.after, said) for change in changes])
    await connection.execute(queries.TELL_ALL)
    return [change.after.id for change in changes if change.after.id is not None]


async def _record_late(connection: Connection, known: Iterable[Alert], said: Said) -> None:
    over = [one for one in known if one.state is State.RESOLVED and one.fired_at is not None]
    if said.said_at is not None:
        await record(connection, [_transition(one, one, said) for one in over])


def _transition(before: Alert, after: Alert, said: Said) -> Transition:
    assert after.id is not None  # noqa: S101  it was read from the database
    return Transition(
        alert_id=after.id,
        at=said.at,
        said_at=said.earlier(after.fired_at),
        from_state=before.state,
        to_state=after.state,
        who=said.who,
        why=said.why,
    )
