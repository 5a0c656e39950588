"""The engine: read, judge, store, tell; one transaction a round, one active process a city."""

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from alerts import queries, store
from alerts.alert import Alert, Change, State
from alerts.metrics import ACTIVE, JUDGED_AT, OPEN, ROUND_SECONDS, TRANSITIONS
from alerts.notify.enqueue import Telling, enqueue
from alerts.rule import Rule
from alerts.view import View

# Any number, the same in every process: whose session holds it judges.
ENGINE_LOCK = 7_236_202

Connection = AsyncConnection[Any]


@dataclass(slots=True)
class Duty:
    """What this process does at the moment, for /readyz."""

    active: bool = False
    judged_at: datetime | None = None


async def run(
    pool: AsyncConnectionPool[Connection],
    rules: Sequence[Rule],
    telling: Telling,
    wakes: AsyncIterator[None],
    *,
    now: Callable[[], datetime],
    duty: Duty,
) -> None:
    """Judge at every wake while this process holds the engine's lock; until then, ask for it at every wake.

    Rounds run on the very connection whose session holds the lock: when it breaks, a standby may take over, and this
    process can no longer write. Keeps one connection of the pool. Raises what a round raises.
    """
    reader = store.Reader(View(rules))
    async with pool.connection() as connection, _released(connection, duty):
        async for _ in wakes:
            duty.active = duty.active or await _elected(connection)
            ACTIVE.set(duty.active)
            if duty.active:
                await run_once(connection, reader, telling, now())
                duty.judged_at = now()
                JUDGED_AT.set(duty.judged_at.timestamp())


async def run_once(connection: Connection, reader: store.Reader, telling: Telling, now: datetime) -> list[Change]:
    """One round: what changed is read, judged and stored, with the messages it calls for, or nothing is.

    After a failure the reader has forgotten what was not stored: begin with a new one.
    """
    with ROUND_SECONDS.time():
        async with connection.transaction():
            await reader.look(connection)
            alerts = await store.open_alerts(connection)
            changes = await store.save(connection, reader.view.judge(alerts, now))
            await enqueue(connection, changes, telling, now)
            if any(change.moves for change in changes):
                await connection.execute(queries.TELL)
    _count(alerts.values(), changes)
    return changes


async def _elected(connection: Connection) -> bool:
    cursor = await connection.execute(queries.TRY_LOCK, [ENGINE_LOCK])
    (row,) = await cursor.fetchall()
    return bool(row[0])


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


def _count(before: Iterable[Alert], changes: Sequence[Change]) -> None:
    for change in changes:
        if change.moves:
            TRANSITIONS.labels(change.after.state).inc()
    open_now = {(alert.rule, alert.device): alert for alert in before}
    open_now |= {(change.after.rule, change.after.device): change.after for change in changes}
    for state in (State.PENDING, State.FIRING, State.ACKNOWLEDGED):
        OPEN.labels(state).set(sum(alert.state is state for alert in open_now.values()))
