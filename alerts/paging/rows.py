"""Groups, what they are made of, and how they stand after a look, in the database."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from psycopg import AsyncConnection
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from alerts.alert import Alert
from alerts.alert_rows import alert_of
from alerts.oncall.escalation import Escalation
from alerts.oncall.target import Target
from alerts.paging import queries
from alerts.paging.group import Group, Member, Told
from alerts.paging.look import Look, Receipts, Standing
from alerts.paging.numbering import Counter, counter
from alerts.paging.route import Receiver, Route, Terms, key_of, receivers_for

Connection = AsyncConnection[Any]
Row = dict[str, Any]

# Groups looked at in one round; the others wait for the next, a moment later.
GROUPS = 1_000


async def join(connection: Connection, alerts: Iterable[Alert], routes: Sequence[Route], now: datetime) -> list[Alert]:
    """Put alerts that begin to fire into the groups of their receivers; return those that no route wants."""
    rows, unrouted = [], []
    for alert in alerts:
        receivers = receivers_for(alert, routes)
        if not receivers:
            unrouted.append(alert)
        rows += [
            {"receiver": str(receiver), "key": key_of(alert, terms), "alert_id": alert.id}
            for receiver, terms in receivers.items()
        ]
    if rows:
        await connection.execute(queries.JOIN, {"rows": jsonb(rows), "now": now})
    return unrouted


async def touch(connection: Connection, alerts: Collection[int], now: datetime) -> None:
    """Something became of these alerts: their groups are looked at in this round, or in the next one."""
    if alerts:
        await connection.execute(queries.TOUCH, {"alerts": list(alerts), "now": now})


async def due(
    connection: Connection, routes: Sequence[Route], silenced: Callable[[Alert], bool], now: datetime
) -> list[Standing]:
    """Groups to be looked at now, with their alerts; nobody else changes them until the round is over."""
    cursor = connection.cursor(row_factory=dict_row)
    rows = await (await cursor.execute(queries.DUE, {"now": now, "limit": GROUPS})).fetchall()
    if not rows:
        return []
    members: defaultdict[int, list[Member]] = defaultdict(list)
    await cursor.execute(queries.MEMBERS, {"groups": [row["id"] for row in rows]})
    for row in await cursor.fetchall():
        group, told = row.pop("group_id"), Told(row.pop("told"))
        alert = alert_of(row)
        members[group].append(Member(alert=alert, told=told, silenced=silenced(alert)))
    receipts = await _receipts(connection, [row["id"] for row in rows if row["escalation"] is not None])
    return [_standing(row, tuple(members[row["id"]]), routes, receipts) for row in rows]


async def _receipts(connection: Connection, groups: Sequence[int]) -> dict[tuple[int, int], Receipts]:
    """By group and call."""
    if not groups:
        return {}
    cursor = await connection.execute(queries.RECEIPTS, {"groups": groups})
    return {
        (group, step): Receipts(arrived=arrived, lost=lost) for group, step, arrived, lost in await cursor.fetchall()
    }


def _standing(
    row: Row, members: tuple[Member, ...], routes: Sequence[Route], receipts: Mapping[tuple[int, int], Receipts]
) -> Standing:
    stored = row["escalation"]
    escalation = None if stored is None else msgspec.convert(stored, Escalation)
    return Standing(
        group=_group(row, members, routes),
        reached=tuple(map(Target.parse, row["reached"])),
        escalation=escalation,
        receipts=receipts.get((row["id"], escalation.begun if escalation else 0), Receipts()),
        asked=row["asked"],
    )


def _group(row: Row, members: tuple[Member, ...], routes: Sequence[Route]) -> Group:
    receiver = Receiver.parse(row["receiver"])
    return Group(
        id=row["id"],
        receiver=receiver,
        key=row["key"],
        terms=_terms(receiver, members, routes),
        members=members,
        told_at=row["told_at"],
        sequence=row["sequence"],
    )


def _terms(receiver: Receiver, members: Iterable[Member], routes: Sequence[Route]) -> Terms:
    """Those of the route that leads there by now; where the settings no longer have one, the usual ones."""
    found = (receivers_for(member.alert, routes).get(receiver) for member in members)
    return next((terms for terms in found if terms is not None), Terms())


async def numbers(connection: Connection, incidents: Collection[int]) -> dict[Counter, int]:
    """The last number of what was told of these incidents."""
    found: dict[Counter, int] = {}
    if incidents:
        cursor = await connection.execute(queries.NUMBERS, {"incidents": list(incidents)})
        for receiver, incident, last in await cursor.fetchall():
            counted = counter(Receiver.parse(receiver), incident)
            found[counted] = max(last, found.get(counted, 0))
    return found


async def looked(connection: Connection, looks: Sequence[Look], now: datetime) -> None:
    """How groups stand after a look, and what their members were told by now."""
    if looks:
        await connection.execute(queries.LOOKED, {"rows": jsonb(_looked(one, now) for one in looks)})
    told = [row for one in looks for row in _told(one)]
    if told:
        await connection.execute(queries.TOLD, {"rows": jsonb(told)})


def _looked(look: Look, now: datetime) -> Row:
    standing, group = look.after, look.after.group
    return {
        "id": group.id,
        "told_at": group.told_at,
        "sequence": group.sequence,
        "due_at": look.due_at,
        "reached": [str(target) for target in standing.reached],
        "escalation": standing.escalation,
        "asked": standing.asked,
        "closed_at": now if look.closes else None,
    }


def _told(look: Look) -> Iterator[Row]:
    group = look.after.group
    for was, member in zip(look.before.group.members, group.members, strict=True):
        if was.told is not member.told:
            yield {"group_id": group.id, "alert_id": member.alert.id, "told": member.told}


def jsonb(rows: Iterable[Mapping[str, object]]) -> Jsonb:
    return Jsonb(list(rows), dumps=msgspec.json.encode)
