"""Alerts in the database: what changed since the last look, what is open, what moved."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, cast

import msgspec
from psycopg import AsyncConnection
from psycopg.rows import class_row, dict_row
from psycopg.types.json import Jsonb

from alerts import queries, rulebook
from alerts.alert import Alert, Change, EndReason, State
from alerts.alert_rows import alert_of
from alerts.asked import event_types
from alerts.held import Key
from alerts.incidents import rows as incidents
from alerts.incidents.incident import Incident
from alerts.judgement import Judgement
from alerts.measuring import Hurry, measure
from alerts.occurrences import Occurred
from alerts.outside import rows as outside
from alerts.outside.inbox import Inbox
from alerts.paging.queries import TOUCH_ALL
from alerts.rules.event import Event
from alerts.rules.kinds import Rule
from alerts.states import late
from alerts.states import queries as state_queries
from alerts.states import rows as states
from alerts.states.rows import Judged
from alerts.states.sight import gaps, seen_until
from alerts.transitions import of_engine, record
from alerts.view import Newest, View
from devices import registry
from devices.state import Gap

Connection = AsyncConnection[Any]

# How far back we ask when ingest could see; what is older no standing rests on.
SIGHT_MEMORY = timedelta(days=1)
# The mark of how far was judged is written so often.
MARK_EVERY = timedelta(seconds=1)
SIGHT_SLACK = timedelta(minutes=1)


@dataclass(slots=True)
class Reader:
    """Brings a view up to date; remembers how far it has read, and what stands in the database.

    `workers` is how many ingest workers the city has: we see only while all of them do. The rules that the view begins
    with are the city's; operators' come from the database. `events_at`: up to when events were read.
    """

    view: View
    workers: int = 1
    alerts: dict[Key, Alert] = field(default_factory=dict)
    incidents: dict[str, Incident] = field(default_factory=dict)
    gaps: list[Gap] = field(default_factory=list)
    judged: Judged | None = None
    cursor: str = "0"
    registry: str = ""
    written: list[int] = field(default_factory=list)
    rules: str = ""
    city_rules: Sequence[Rule] = field(init=False)
    judgement: Judgement = field(init=False)
    events_at: datetime | None = None
    inbox: Inbox = field(default_factory=Inbox)
    hurry: Hurry = field(default_factory=Hurry)

    def __post_init__(self) -> None:
        self.city_rules, self.judgement = self.view.rules, Judgement(self.view)

    async def look(self, connection: Connection, now: datetime) -> None:
        """The registry where it changed, and everything written since the last look.

        The new cursor is older than the rows read with the old one: a row may come twice, none is missed.
        """
        cursor = await connection.cursor(row_factory=dict_row).execute(queries.LOOK)
        (mark,) = await cursor.fetchall()
        if self.cursor == "0":
            await self._recall(connection, now)
        if mark["rules"] != self.rules:
            await self._learn_rules(connection)
        if mark["registry"] != self.registry:
            self.view.learn_devices((await registry.load(connection)).values())
            gone = {"now": now, "judged": list(self.view.devices)}
            await connection.execute(state_queries.END_GONE, gone)
        await self._hear(connection, now)
        await self._see(connection, now)
        await measure(connection, self.view.measurements, self.view.failures, now, self.hurry)
        self.cursor, self.registry, self.rules = mark["cursor"], mark["registry"], mark["rules"]

    async def _learn_rules(self, connection: Connection) -> None:
        """Those of operators, beside the city's."""
        more = await rulebook.load(connection, {rule.name for rule in self.city_rules})
        self.view.learn_rules((*self.city_rules, *more))
        self.events_at = None

    async def _recall(self, connection: Connection, now: datetime) -> None:
        self.judged = await states.recall(connection, self.view.ledger, now)
        self.incidents = await incidents.recall(connection)
        await incidents.recall_held(connection, self.view.held)
        await connection.execute(TOUCH_ALL, {"now": now})

    async def _hear(self, connection: Connection, now: datetime) -> None:
        """What devices said."""
        view, ledger = self.view, self.view.ledger
        newest = connection.cursor(row_factory=class_row(Newest))
        rows = await (await newest.execute(queries.NEWEST, {"cursor": self.cursor})).fetchall()
        view.learn_readings(rows)
        ledger.heard.words |= (words := await states.words(connection, self.cursor))
        heard_at = self.judged.at if self.judged else now
        ledger.heard.gasps |= (gasps := await states.gasps(connection, min(heard_at, now)))
        read = {row.device for row in rows} & ledger.limits.keys()
        ledger.heard.learn_runs(await states.runs(connection, ledger, read))
        view.touch(words.keys() | gasps.keys())
        await self._occurrences(connection, now)
        self.inbox.learn(await outside.changed(connection, self.cursor))
        await self._alerts(connection)
        if self.cursor == "0":
            ledger.learn_warned(view.warned(self.alerts.values()))

    async def _occurrences(self, connection: Connection, now: datetime) -> None:
        """Events that a rule asks for: at first as far back as one may still matter, and what was told of them."""
        asking = [rule for rule in self.view.rules if isinstance(rule, Event)]
        if not asking:
            return
        memory = now - max(rule.memory for rule in asking)
        if self.events_at is None:
            names = {"rules": [rule.name for rule in asking], "after": memory}
            for rule, device, at in await (await connection.execute(queries.SPENT, names)).fetchall():
                self.view.occurrences.spend((rule, device), at)
        after = memory if self.events_at is None else min(self.events_at, now)
        wanted = {"types": sorted(event_types(asking)), "after": after - states.GASP_SLACK}
        cursor = connection.cursor(row_factory=class_row(Occurred))
        self.view.learn_events(await (await cursor.execute(queries.EVENTS, wanted)).fetchall())
        self.events_at = now

    async def _alerts(self, connection: Connection) -> None:
        cursor = await connection.cursor(row_factory=dict_row).execute(queries.ALERTS, {"cursor": self.cursor})
        rows = await cursor.fetchall()
        self.written = [row["id"] for row in rows]
        for alert in map(alert_of, rows):
            key = (alert.rule, alert.device)
            if alert.state is not State.RESOLVED:
                self.alerts[key] = alert
                continue
            if key in self.alerts and self.alerts[key].id == alert.id:
                del self.alerts[key]
            if alert.end_reason is EndReason.BY_HAND:
                self.view.ended(alert)
                self.inbox.ended(key)

    async def _see(self, connection: Connection, now: datetime) -> None:
        """What was announced, and when we could not see."""
        ledger = self.view.ledger
        ledger.learn_maintained(await states.maintained(connection, ledger, now))
        uptime = await states.uptime(connection, workers=self.workers, after=now - SIGHT_MEMORY)
        found = gaps(uptime, workers=self.workers, now=now)
        if self.cursor == "0":
            await self._catch_up(connection, found)
        ledger.learn_gap(found[-1] if found else None)
        ledger.seen_until = seen_until(uptime, workers=self.workers, now=now)
        if found != self.gaps:
            since = min(self.judged.at, now) - SIGHT_SLACK if self.judged else now
            lately = [gap for gap in found if (gap.until or now) >= since]
            await states.correct_blind(connection, "ingest", lately, since)
            self.gaps = found

    async def _catch_up(self, connection: Connection, gaps: Iterable[Gap]) -> None:
        """Write the gaps into the history that came and went while nobody judged."""
        if self.judged is None:
            return
        ledger = self.view.ledger
        for gap in gaps:
            if gap.until is not None and gap.until > self.judged.at:
                ledger.learn_gap(Gap(since=gap.since))
                await states.save(connection, ledger.judge(gap.since))
                ledger.learn_gap(gap)
                await states.save(connection, ledger.judge(gap.until))

    async def correct(self, connection: Connection, now: datetime) -> None:
        """Bring the history to what was learned late, and to what happened while nobody judged."""
        if self.judged is None:
            return
        ledger, away = self.view.ledger, now - self.judged.at > SIGHT_SLACK
        about = await late.spans(connection, self.judged.late_cursor)
        if away:
            missed = late.Span(since=self.judged.at, until=now)
            await late.correct(connection, ledger, dict.fromkeys(ledger.limits, missed), now, unwatched=True)
        await late.correct(connection, ledger, about, now)

    async def mark(self, connection: Connection, now: datetime, *, news: bool) -> None:
        """Say how far was judged, and read what came late: with every change, and about every second."""
        if news or self.judged is None or now - self.judged.at >= MARK_EVERY:
            self.judged = Judged(at=now, late_cursor=self.cursor)
            await connection.execute(state_queries.JUDGE, {"now": now, "cursor": self.judged.late_cursor})


async def fired(connection: Connection, after: datetime) -> tuple[frozenset[str], datetime]:
    """Devices with an alert that began to fire after a moment, and the moment to ask after next time.

    One engine at a time writes these moments, each round's in one transaction, so none appears behind another.
    """
    cursor = await connection.execute(queries.FIRED, {"after": after})
    ((devices, newest),) = await cursor.fetchall()
    return frozenset(devices), newest or after


async def newest_fired(connection: Connection) -> datetime:
    """The moment after which only what fires from now on is told; the beginning of time where nothing ever fired."""
    cursor = await connection.execute(queries.NEWEST_FIRED)
    ((newest,),) = await cursor.fetchall()
    return cast("datetime", newest)


async def save(connection: Connection, changes: Sequence[Change], now: datetime) -> list[Change]:
    """Store the changes, and write down each change of state; return those that took hold, each `after` with its id.

    A change does not take hold where somebody else opened or ended that alert meanwhile; the next round sees theirs.
    """
    opened = [change for change in changes if change.before is None]
    moved = [change for change in changes if change.before is not None]
    held = [*await _open(connection, opened), *await _move(connection, moved)]
    await record(connection, of_engine(held, now))
    return held


async def _open(connection: Connection, changes: list[Change]) -> list[Change]:
    if not changes:
        return []
    cursor = await connection.execute(queries.OPEN, {"alerts": _jsonb([change.after for change in changes])})
    ids = {(rule, device): id_ for id_, rule, device in await cursor.fetchall()}
    return [
        Change(before=None, after=replace(change.after, id=ids[key]))
        for change in changes
        if (key := (change.after.rule, change.after.device)) in ids
    ]


async def _move(connection: Connection, changes: list[Change]) -> list[Change]:
    """The changes, from the states in which the alerts were found to those in which they are: people have moved some
    of them since they were read.
    """
    if not changes:
        return []
    ids, alerts = [change.after.id for change in changes], [change.after for change in changes]
    cursor = await connection.execute(queries.MOVE, {"ids": ids, "alerts": _jsonb(alerts)})
    moved = {id_: (State(before), State(after)) for id_, before, after in await cursor.fetchall()}
    return [_found(change, *moved[change.after.id]) for change in changes if change.after.id in moved]


def _found(change: Change, before: State, after: State) -> Change:
    assert change.before is not None  # noqa: S101  it moved, so it was there
    return Change(before=replace(change.before, state=before), after=replace(change.after, state=after))


def _jsonb(rows: Sequence[object]) -> Jsonb:
    return Jsonb(rows, dumps=msgspec.json.encode)
