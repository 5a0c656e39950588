"""What keeps the store in shape: roll-ups of closed buckets, and dropping what is older than its retention.

Both are ours to run: TimescaleDB's own policies are not in its Apache edition.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

from psycopg import AsyncConnection
from pydantic import BaseModel, Field

from ingest import metrics, queries
from ingest.due import BUCKET_SECONDS, SETTLE_SECONDS

# Rows of rollup_due taken in one transaction; the rest waits for the next, which follows at once.
MAX_DUE_ROWS = 5_000
# Data up to 30 days late is accepted, and must still find its chunk.
SHORTEST_READING_DAYS = 31
# Readers of late_span follow it by the minute. One that was away longer has as much to reckon again without it, for no
# reading comes later than 30 days.
LATE_DAYS = 31


# For ever is said by its name only: a 0 has meant both "keep all" and "keep nothing" in other systems, and is refused.
Forever = Literal["forever"]


class Retention(BaseModel, frozen=True, extra="forbid"):
    """Days each table is kept, or "forever"."""

    reading_days: Annotated[int, Field(ge=SHORTEST_READING_DAYS)] | Forever = 90
    rollup_5m_days: Annotated[int, Field(ge=SHORTEST_READING_DAYS)] | Forever = 730
    rollup_1h_days: Annotated[int, Field(ge=SHORTEST_READING_DAYS)] | Forever = "forever"
    event_days: Annotated[int, Field(ge=SHORTEST_READING_DAYS)] | Forever = 730
    rejected_days: Annotated[int, Field(ge=1)] | Forever = 30

    def tables(self) -> list[tuple[str, timedelta]]:
        """The tables that are not kept for ever, and how long they are."""
        return [
            (name.removesuffix("_days"), timedelta(days=days))
            for name, days in self.model_dump().items()
            if days != "forever"
        ]


async def roll_up(connection: AsyncConnection, now: datetime) -> int:
    """Roll up what is due, at most MAX_DUE_ROWS of it, and return how many rows were due: 0 where nothing changed.

    Readings and their due rows are committed together, so taking the rows and computing from what is visible afterwards
    misses nothing: a batch committed later brings its own row. Returns 0 too where another process is at it.
    """
    closed = now - timedelta(seconds=BUCKET_SECONDS + SETTLE_SECONDS)
    async with connection.transaction(), connection.cursor() as cursor:
        await cursor.execute(queries.TAKE_UPKEEP)
        if await cursor.fetchone() != (True,):
            return 0
        await cursor.execute(queries.TAKE_DUE, {"closed": closed, "rows": MAX_DUE_ROWS})
        due = await cursor.fetchall()
        if not due:
            return 0
        whole = {bucket for bucket, series in due if series is None}
        named = {(number, bucket) for bucket, series in due for number in series or () if bucket not in whole}
        for bucket in sorted(whole):
            await cursor.execute(queries.ROLL_UP_BUCKET, {"bucket": bucket})
        for bucket in sorted({_hour(bucket) for bucket in whole}):
            await cursor.execute(queries.ROLL_UP_HOUR, {"bucket": bucket})
        await cursor.execute(queries.ROLL_UP_SERIES, _columns(named))
        await cursor.execute(
            queries.ROLL_UP_HOURS_OF_SERIES, _columns((number, _hour(bucket)) for number, bucket in named)
        )
    metrics.ROLLED_UP.labels("all series").inc(len(whole))
    metrics.ROLLED_UP.labels("late series").inc(len(named))
    return len(due)


async def drop_old(connection: AsyncConnection, retention: Retention, now: datetime) -> int:
    """Drop the chunks that are wholly older than their table's retention, and return how many.

    When we could see is no hypertable, and kept as long as what was seen happening.
    """
    dropped = 0
    for table, age in [*retention.tables(), ("late_span", timedelta(days=LATE_DAYS))]:
        (count,) = await (await connection.execute(queries.DROP_CHUNKS, [table, now - age])).fetchone() or (0,)
        dropped += count
    if retention.event_days != "forever":
        await connection.execute(queries.DROP_UPTIME, [now - timedelta(days=retention.event_days)])
    return dropped


def _hour(bucket: datetime) -> datetime:
    return bucket.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def _columns(named: Iterable[tuple[int, datetime]]) -> dict[str, list[int] | list[datetime]]:
    distinct = sorted(set(named))
    return {"series": [number for number, _ in distinct], "buckets": [bucket for _, bucket in distinct]}
