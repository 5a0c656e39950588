"""When a worker could see: one row for each unbroken time in which it had both the broker and the database.

A row ends with the last moment at which the broker was heard, never with that of writing. It is written by the
connection that commits the batches, between two of them: where either server hangs, or batches wait, it stands still.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace

import psycopg
from psycopg.pq import TransactionStatus

from ingest import queries

BEAT_SECONDS = 5.0
# Whoever reads takes a row with an older end for ended (alerts/states/sight.py).
ENDED_SECONDS = 15.0
ENDED_US = int(ENDED_SECONDS * 1_000_000)
# A worker that is stopped while the database hangs waits no longer to say until when it saw.
LAST_BEAT_SECONDS = 1.0

Beat = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Uptime:
    """A row of ingest_uptime, in epoch microseconds."""

    since_us: int
    until_us: int


def extended(row: Uptime | None, *, heard_us: int, now_us: int) -> Uptime:
    """Pure: the row of a worker that heard the broker last at `heard_us`; another one, where the row cannot go on.

    A row that has been taken for ended is never prolonged: what was seen as a gap stays one. Nor is one that ends in
    the future, of a clock since set back, for it would hide that we do not see.
    """
    if row is None or now_us - row.until_us > ENDED_US or heard_us < row.until_us:
        return Uptime(since_us=heard_us, until_us=heard_us)
    return replace(row, until_us=heard_us)


@asynccontextmanager
async def keep_uptime(
    connection: psycopg.AsyncConnection,
    worker: int | None,
    *,
    heard_us: Callable[[], int],
    now_us: Callable[[], int],
) -> AsyncIterator[Beat]:
    """Begin a row; the beat prolongs it, and so does the end. For the worker None, which does not see, do nothing.

    The beat raises psycopg.Error. The last one does not: what ended the attempt is known by then, and is what counts.
    """
    keeper = _Keeper(connection, worker, heard_us, now_us)
    await keeper.beat()
    try:
        yield keeper.beat
    finally:
        # Neither broken nor left in the middle of a batch by who cancelled us.
        if connection.info.transaction_status is TransactionStatus.IDLE:
            with suppress(psycopg.Error, TimeoutError):
                async with asyncio.timeout(LAST_BEAT_SECONDS):
                    await keeper.beat()


class _Keeper:
    def __init__(
        self,
        connection: psycopg.AsyncConnection,
        worker: int | None,
        heard_us: Callable[[], int],
        now_us: Callable[[], int],
    ) -> None:
        self._connection = connection
        self._worker = worker
        self._heard_us = heard_us
        self._now_us = now_us
        self._row: Uptime | None = None

    async def beat(self) -> None:
        """Write also where nothing was heard since: it shows that the database is there."""
        if self._worker is None:
            return
        before, row = self._row, extended(self._row, heard_us=self._heard_us(), now_us=self._now_us())
        await self._connection.execute(queries.KEEP_UPTIME, [self._worker, row.since_us, row.until_us])
        self._row = row
        if before is None or before.since_us != row.since_us:
            await self._connection.execute(queries.NOTIFY_READINGS)
