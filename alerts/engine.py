"""The engine: read, judge, store, tell; one transaction a round, one active process a city."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from alerts import queries, store
from alerts.ailing import judge_channels
from alerts.alert import Alert, Change, State
from alerts.held import Key
from alerts.incidents import book
from alerts.incidents.words import Language
from alerts.metrics import ACTIVE, JUDGED_AT, OPEN, RELIEVED, ROUND_SECONDS, STATE_CHANGES, TRANSITIONS
from alerts.outside import rows as outside
from alerts.paging import pager
from alerts.paging.paging import Paging
from alerts.rules.kinds import Rule
from alerts.silences import rows as silences
from alerts.states import rows as states
from alerts.states.settings import StateSettings
from alerts.states.witnesses import Witnesses
from alerts.view import View

# Any number, the same in every process: whose session holds it judges.
ENGINE_LOCK = 7_236_202
# Whoever judges speaks to the database about every second. One that said nothing for so long does not judge: it was
# stopped, or it hangs, or its machine is gone. Within a round it may reckon meanwhile, if all alerts of a city begin at
# once for so long a device.
RELIEVE_AFTER = timedelta(seconds=6)
RECKONING = timedelta(milliseconds=3)

Connection = AsyncConnection[Any]


@dataclass(slots=True)
class Duty:
    """What this process does at the moment, for /readyz."""

    active: bool = False
    judged_at: datetime | None = None

    def is_active(self) -> bool:
        return self.active


@dataclass(frozen=True, slots=True, kw_only=True)
class Judging:
    """What judging needs beside the database: the rules, the numbers, and who can say whether it is us."""

    rules: Sequence[Rule]
    states: StateSettings
    workers: int
    witnesses: Witnesses
    paging: Paging
    language: Language = "id"


async def run(
    pool: AsyncConnectionPool[Connection],
    judging: Judging,
    wakes: AsyncIterator[None],
    *,
    now: Callable[[], datetime],
    duty: Duty,
) -> None:
    """Judge at every wake while this process holds the engine's lock; until then, ask for it at every wake.

    Rounds run on the very connection whose session holds the lock: when it breaks, a standby may take over, and this
    process can no longer write. A standby breaks it where its process is stopped. Keeps one connection of the pool.
    Raises what a round raises.
    """
    reader = store.Reader(View(judging.rules, judging.states, judging.language), workers=judging.workers)
    async with pool.connection() as connection, _released(connection, duty):
        async for _ in wakes:
            duty.active = duty.active or await _elected(connection)
            ACTIVE.set(duty.active)
            if duty.active:
                reader.view.verdict = judging.witnesses.verdict
                await run_once(connection, reader, judging.paging, now())
                duty.judged_at = now()
                JUDGED_AT.set(duty.judged_at.timestamp())


async def run_once(connection: Connection, reader: store.Reader, paging: Paging, now: datetime) -> list[Change]:
    """One round: what changed is read, judged and stored, with the messages it calls for, or nothing is.

    States first, for rules ask about them; then rules, for one that holds makes a device degraded; then what belongs
    together. After a failure the reader has forgotten what was not stored: begin with a new one.
    """
    with ROUND_SECONDS.time():
        async with connection.transaction():
            await reader.look(connection, now)
            view, uplink = reader.view, reader.view.ledger.suspicion.uplink
            moved = view.judge_states(now)
            changes = reader.judgement.round(reader.alerts, now)
            changes += reader.inbox.round(view, reader.alerts, now)
            await pager.ask_channels(connection, paging, now)
            changes += judge_channels(paging.failing, reader.alerts, now, unasked=paging.unasked)
            view.ledger.learn_warned(view.warned(_after(reader.alerts, changes)))
            moved = states.merged([*moved, *view.ledger.judge(now)])
            await states.save(connection, moved)
            await reader.correct(connection, now)
            if (cut := view.ledger.suspicion.uplink) is not None and cut != uplink:
                await states.save_blind(connection, "uplink", [cut])
            changes = await book.tie(connection, view, reader.incidents, changes, now)
            changes = await store.save(connection, changes, now)
            open_now = _after(reader.alerts, changes)
            await book.follow(connection, view, reader.incidents, moved, open_now, now)
            await outside.forget(connection, reader.inbox)
            hushing = await silences.follow(connection, open_now, view.devices, now)
            await pager.step(connection, paging, view.devices, changes, now, written=reader.written, silences=hushing)
            if any(change.moves for change in changes):
                await connection.execute(queries.TELL)
            await reader.mark(connection, now, news=bool(moved or changes))
    STATE_CHANGES.inc(len(moved))
    _count(open_now, changes)
    return changes


def _after(alerts: Mapping[Key, Alert], changes: Iterable[Change]) -> list[Alert]:
    """The alerts that are open with these changes."""
    after = {**alerts, **{(change.after.rule, change.after.device): change.after for change in changes}}
    return [alert for alert in after.values() if alert.state is not State.RESOLVED]


async def _elected(connection: Connection) -> bool:
    """Whether this session holds the lock now. Where it does not, and who holds it is gone, it may at the next wake."""
    cursor = await connection.execute(queries.TRY_LOCK, [ENGINE_LOCK])
    ((elected,),) = await cursor.fetchall()
    if not elected:
        RELIEVED.inc(await relieve(connection, RELIEVE_AFTER, RECKONING))
    return bool(elected)


async def relieve(connection: Connection, silent: timedelta, reckoning: timedelta) -> int:
    """End the session that judges, if it has been silent for too long; how many were ended."""
    wanted = {"lock": ENGINE_LOCK, "silent": silent, "reckoning": reckoning}
    return len(await (await connection.execute(queries.RELIEVE, wanted)).fetchall())


@asynccontextmanager
async def _released(connection: Connection, duty: Duty) -> AsyncIterator[None]:
    """Gives the lock up before the connection goes back to the pool; one that broke has given it up already."""
    try:
        yield
    finally:
        held, duty.active = duty.active, False
        ACTIVE.set(0)
        if held and not connection.closed:
            await connection.execute(queries.UNLOCK, [ENGINE_LOCK])


def _count(alerts: Sequence[Alert], changes: Sequence[Change]) -> None:
    for change in changes:
        if change.moves:
            TRANSITIONS.labels(change.after.state).inc()
    for state in (State.PENDING, State.FIRING, State.ACKNOWLEDGED):
        OPEN.labels(state).set(sum(alert.state is state for alert in alerts))
