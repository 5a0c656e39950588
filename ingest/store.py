"""The one writer of what was observed: a batch becomes rows in one transaction."""

from collections import defaultdict
from collections.abc import Iterable

from psycopg import AsyncConnection, AsyncCursor
from psycopg.errors import UniqueViolation
from psycopg.types.json import Jsonb

from devices.reading import Reading
from ingest import queries
from ingest.binary_copy import reading_rows
from ingest.due import due_buckets
from ingest.intake import Intake, Refusal
from ingest.late import late_spans
from ingest.message import HEAD_BYTES
from ingest.redelivery import Committed
from ingest.stored import Stored

# (series_id, time in epoch microseconds, value)
Row = tuple[int, int, float]


class Store:
    """Writes batches over one connection, which it expects to be in autocommit mode."""

    def __init__(self, connection: AsyncConnection, client_id: str) -> None:
        self._connection = connection
        self._client_id = client_id
        self._numbers: dict[str, dict[str, int]] = defaultdict(dict)

    async def commit(self, intake: Intake, delivered: Committed | None = None) -> Stored:
        """All rows of the batch and the word to the listeners, or nothing. `delivered`: see redelivery.py.

        Raises psycopg.Error; the transaction is then rolled back and the same batch may be tried again.
        """
        rows = await self._numbered(intake.readings)
        try:
            async with self._connection.transaction(), self._connection.cursor() as cursor:
                # Sorted, as every statement here: two workers that are sent the same never wait in a circle.
                await _copy(cursor, queries.COPY_READINGS, sorted(rows))
                await self._beside(cursor, intake, rows, delivered)
                return Stored(committed=len(rows))
        except UniqueViolation:
            async with self._connection.transaction(), self._connection.cursor() as cursor:
                stored = await _insert_new(cursor, rows)
                await self._beside(cursor, intake, rows, delivered)
                return stored

    async def delivered(self, bound: int) -> Committed:
        """What an earlier process under our client id had committed last."""
        cursor = await self._connection.execute(queries.LOAD_DELIVERY, [self._client_id])
        packets, digests = await cursor.fetchone() or ((), ())
        return Committed(bound, dict(zip(packets, digests, strict=True)))

    async def _numbered(self, readings: Iterable[Reading]) -> list[Row]:
        numbers = self._numbers
        try:
            return [(numbers[r.device][r.metric], r.time_us, r.value) for r in readings]
        except KeyError:
            await self._number(readings)
            return [(numbers[r.device][r.metric], r.time_us, r.value) for r in readings]

    async def _number(self, readings: Iterable[Reading]) -> None:
        """Learn the numbers of series not met yet, in a transaction of its own: a number outlives a failed batch.

        Asked for before any are made, for each attempt to make one uses a number up, also where it exists already.
        """
        await self._look_up(self._unknown(readings))
        missing = self._unknown(readings)
        if missing:
            await self._connection.execute(queries.NUMBER_SERIES, _columns(missing))
            await self._look_up(missing)

    def _unknown(self, readings: Iterable[Reading]) -> set[tuple[str, str]]:
        return {(r.device, r.metric) for r in readings if r.metric not in self._numbers[r.device]}

    async def _look_up(self, wanted: set[tuple[str, str]]) -> None:
        cursor = await self._connection.execute(queries.SERIES_NUMBERS, _columns(wanted))
        for device, metric, number in await cursor.fetchall():
            self._numbers[device][metric] = number

    async def _beside(self, cursor: AsyncCursor, intake: Intake, rows: list[Row], delivered: Committed | None) -> None:
        """Everything of a batch but its readings. What workers could wait for each other comes last."""
        await _insert_rare(cursor, intake)
        if delivered is not None:
            await cursor.execute(queries.SAVE_DELIVERY, [self._client_id, delivered.packets(), delivered.digests()])
        if rows:
            await cursor.executemany(queries.INSERT_DUE, due_buckets(intake.readings, [row[0] for row in rows]))
            await cursor.execute(queries.UPDATE_LATEST, _newest(intake.readings, rows))
        await cursor.execute(queries.NOTIFY_READINGS)


def _columns(series: set[tuple[str, str]]) -> dict[str, list[str]]:
    return {"devices": [device for device, _ in series], "metrics": [metric for _, metric in series]}


async def _copy(cursor: AsyncCursor, statement: str, rows: list[Row]) -> None:
    if rows:
        async with cursor.copy(statement) as copy:
            await copy.write(reading_rows(rows))


async def _insert_new(cursor: AsyncCursor, rows: list[Row]) -> Stored:
    await cursor.execute(queries.CREATE_STAGING)
    await _copy(cursor, queries.COPY_STAGED, rows)
    await cursor.execute(queries.INSERT_STAGED)
    committed = cursor.rowcount
    await cursor.execute(queries.COUNT_CONFLICTING)
    (conflicting,) = await cursor.fetchone() or (0,)
    return Stored(committed=committed, duplicate=len(rows) - committed - conflicting, conflicting=conflicting)


async def _insert_rare(cursor: AsyncCursor, intake: Intake) -> None:
    if intake.statuses:
        statuses = sorted(intake.statuses, key=lambda heard: (heard.device, heard.received_us))
        await cursor.executemany(
            queries.UPDATE_STATUS, [(s.device, s.status, s.received_us, s.retained) for s in statuses]
        )
    if intake.events:
        events = sorted(intake.events, key=lambda heard: (heard.device, heard.event.time_us, heard.event.type))
        await cursor.executemany(
            queries.INSERT_EVENT,
            [(e.event.time_us, e.device, e.event.type, Jsonb(e.event.data), e.received_us) for e in events],
        )
    if intake.late:
        spans = late_spans(intake.late)
        await cursor.executemany(
            queries.INSERT_LATE, [(s.device, s.since_us, s.until_us, s.received_us) for s in spans]
        )
    if intake.refusals:
        # One after the other, no list: each row has a copy of up to 4 KiB, and one message may be refused 8,000 times.
        await cursor.executemany(queries.INSERT_REJECTED, (_rejected_row(refusal) for refusal in intake.refusals))


def _rejected_row(refusal: Refusal) -> tuple[int, str, str | None, str, str, bytes]:
    message, fault = refusal.message, refusal.rejected
    payload = message.payload[:HEAD_BYTES]
    return message.received_us, _text(message.topic), refusal.device, fault.reason, _text(fault.detail), payload


def _text(words: str) -> str:
    """What a text column can hold: no NUL, no half of a surrogate pair, both of which JSON can carry."""
    return words.replace("\0", "\\0").encode("utf-8", "backslashreplace").decode()


def _newest(readings: list[Reading], rows: list[Row]) -> dict[str, list[int] | list[float]]:
    """The newest live reading of each series, as columns."""
    newest: dict[int, Reading] = {}
    for reading, (number, time_us, _) in zip(readings, rows, strict=True):
        known = newest.get(number)
        if not reading.historical and (known is None or time_us > known.time_us):
            newest[number] = reading
    return {
        "series": list(newest),
        "times": [reading.time_us for reading in newest.values()],
        "values": [reading.value for reading in newest.values()],
        "received": [reading.received_us for reading in newest.values()],
    }
