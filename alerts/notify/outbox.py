"""The outbox: messages that are stored, delivered at least once.

Each channel is served on its own, so one that hangs holds up no other. A message is taken under a lease: a process
killed while sending leaves it to be sent again when the lease ends. A receiver may so see a message twice, and knows it
by `fingerprint`, `startsAt` and `status`.

Several hosts deliver, and their clocks differ: what is due, and when a lease ends, the database's clock says.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, cast

import msgspec
from psycopg import AsyncConnection
from psycopg.rows import class_row
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool

from alerts import queries
from alerts.metrics import DELIVERIES, DELIVERY_SECONDS
from alerts.notify.backoff import retry_at
from alerts.notify.channels.sender import Answer, Pace, Sender
from alerts.notify.page import Page, from_json

log = logging.getLogger(__name__)

Connection = AsyncConnection[Any]

# While processes are restarted one after the other, those with the old settings do not know a new channel.
UNKNOWN_FOR = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A message under lease until `next_attempt_at`; `attempts` counts this one."""

    id: int
    channel: str
    attempts: int
    next_attempt_at: datetime
    created_at: datetime
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What is stored of an attempt; `attempts` says of which."""

    id: int
    attempts: int
    next_attempt_at: datetime
    delivered_at: datetime | None = None
    failed_at: datetime | None = None
    last_error: str | None = None


async def database_clock(connection: Connection) -> datetime:
    """The time that is the same for all who share the outbox."""
    ((now,),) = await (await connection.execute(queries.CLOCK)).fetchall()
    return cast("datetime", now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbox:
    """What delivering needs. `jitter` gives numbers from 0 to 1."""

    pool: AsyncConnectionPool[Connection]
    jitter: Callable[[], float]
    clock: Callable[[Connection], Awaitable[datetime]] = database_clock

    async def now(self) -> datetime:
        async with self.pool.connection() as connection:
            return await self.clock(connection)


async def run(outbox: Outbox, senders: Mapping[str, Sender], wakes: AsyncIterator[None]) -> None:
    """Deliver what is due at every wake, until the wakes end or something fails; raises what failed, in a group.

    A channel still busy when a wake comes looks once more when it is done.
    """
    lines = [_Line(outbox, channel, sender) for channel, sender in senders.items()]
    async with asyncio.TaskGroup() as sending:
        async for _ in wakes:
            await abandon(outbox, senders)
            for line in lines:
                line.again = True
                if not line.busy:
                    line.busy = True
                    sending.create_task(line.serve())


@dataclass(slots=True)
class _Line:
    """One channel's messages, served by one task at a time."""

    outbox: Outbox
    channel: str
    sender: Sender
    busy: bool = False
    again: bool = False

    async def serve(self) -> None:
        while self.again:
            self.again = False
            await drain(self.outbox, self.channel, self.sender)
        self.busy = False


async def drain(outbox: Outbox, channel: str, sender: Sender) -> None:
    """Attempt everything that is due on one channel. It ends: what fails is due only later.

    Each attempt is settled by itself, so that who dies has no more to repeat than what was still on its way. Raises the
    first of what failed, when all that was begun is over.
    """
    while taken := await _take(outbox, channel, sender.pace):
        attempts = (_attempt(outbox, sender, message) for message in taken)
        failures = [failure for failure in await asyncio.gather(*attempts, return_exceptions=True) if failure]
        if failures:
            raise failures[0]


async def abandon(outbox: Outbox, senders: Mapping[str, Sender]) -> None:
    """Give up the messages to channels that are not in the settings, nor in those of another process."""
    async with outbox.pool.connection() as connection:
        now = await outbox.clock(connection)
        wanted = {"channels": list(senders), "now": now, "before": now - UNKNOWN_FOR}
        cursor = await connection.execute(queries.ABANDON, wanted)
        for (channel,) in await cursor.fetchall():
            DELIVERIES.labels(channel, "failed").inc()


async def _take(outbox: Outbox, channel: str, pace: Pace) -> Sequence[Taken]:
    async with outbox.pool.connection() as connection:
        now = await outbox.clock(connection)
        wanted = {"channel": channel, "now": now, "lease_until": now + pace.lease, "limit": pace.at_once}
        cursor = connection.cursor(row_factory=class_row(Taken))
        return await (await cursor.execute(queries.TAKE, wanted)).fetchall()


async def _attempt(outbox: Outbox, sender: Sender, message: Taken) -> None:
    """One attempt, and what came of it. No message, and nothing a receiver makes of one, ends the work on the others.

    Whoever slept through its lease, as a machine that was paused, leaves the message to who has it by now.
    """
    begun_at = await outbox.now()
    if begun_at >= message.next_attempt_at:
        return
    settled = await _tried(outbox, sender, message, begun_at)
    async with outbox.pool.connection() as connection:
        await connection.execute(queries.SETTLE, {"settled": Jsonb([settled], dumps=msgspec.json.encode)})
    _count(message, settled)


async def _tried(outbox: Outbox, sender: Sender, message: Taken, begun_at: datetime) -> Settled:
    try:
        page = from_json(message.body)
    except msgspec.ValidationError as fault:
        return replace(_begun(message, begun_at), failed_at=begun_at, last_error=_storable(f"no page: {fault}"))
    answer = await _sent(sender, message, page, begun_at)
    return settle(message, answer, now=await outbox.now(), jitter=outbox.jitter)


async def _sent(sender: Sender, message: Taken, page: Page, now: datetime) -> Answer:
    """What the channel answers. That it breaks is a fault of ours, logged with its first attempt at a message."""
    try:
        return await sender.send(page, now)
    except Exception as fault:
        if message.attempts == 1:
            log.exception("%s: message %d broke the channel", message.channel, message.id)
        return Answer(refused=type(fault).__name__)


def settle(message: Taken, answer: Answer, *, now: datetime, jitter: Callable[[], float]) -> Settled:
    """Pure: delivered, to be tried again, or failed for good with the reason."""
    begun = _begun(message, now)
    if answer.refused is None:
        return replace(begun, delivered_at=now)
    refused = replace(begun, last_error=_storable(answer.refused))
    again = retry_at(now, attempts=message.attempts, since=message.created_at, asked=answer.asked, jitter=jitter)
    return replace(refused, failed_at=now) if again is None else replace(refused, next_attempt_at=again)


def _begun(message: Taken, now: datetime) -> Settled:
    return Settled(id=message.id, attempts=message.attempts, next_attempt_at=now)


def _storable(reason: str) -> str:
    """Without what Postgres keeps in no text: byte 0 and lone surrogates, which a receiver may well say."""
    return reason.encode("utf-8", "replace").decode().replace("\0", "")


def _count(message: Taken, settled: Settled) -> None:
    if settled.delivered_at is not None:
        DELIVERIES.labels(message.channel, "delivered").inc()
        DELIVERY_SECONDS.labels(message.channel).observe((settled.delivered_at - message.created_at).total_seconds())
    else:
        DELIVERIES.labels(message.channel, "retried" if settled.failed_at is None else "failed").inc()
