"""Roll-ups and retention on the real TimescaleDB."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from pydantic import ValidationError

from devices.reading import Reading
from ingest.intake import Intake
from ingest.store import Store
from ingest.upkeep import Retention, drop_old, roll_up

Connection = psycopg.AsyncConnection[tuple[Any, ...]]

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
NOON = datetime(2026, 11, 10, 12, 0, tzinfo=UTC)

FROM_RAW = """
select series_id, time_bucket('{width}', time), min(value), max(value), sum(value), count(*), last(value, time)
from reading group by 1, 2 order by 1, 2
"""
ROLLED = "select series_id, {bucket}, min, max, sum, count, last from {table} order by 1, 2"


@pytest.fixture
async def connection(database_url: str) -> AsyncIterator[Connection]:
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as connection:
        yield connection


@pytest.fixture
def store(connection: Connection) -> Store:
    return Store(connection, "test")


def reading(time_: datetime, value: float, *, device: str = "fp-001", received: datetime | None = None) -> Reading:
    received_us = int((received or time_).timestamp() * 1e6)
    return Reading(device, "rtt_seconds", int(time_.timestamp() * 1e6), value, received_us)


async def rolled(connection: Connection, table: str) -> list[tuple[object, ...]]:
    return await (await connection.execute(ROLLED.format(table=table, bucket="bucket"))).fetchall()


async def raw(connection: Connection, width: str) -> list[tuple[object, ...]]:
    return await (await connection.execute(FROM_RAW.format(width=width))).fetchall()


async def test_a_closed_bucket_is_rolled_up_and_an_open_one_is_not(connection: Connection, store: Store) -> None:
    await store.commit(Intake(readings=[reading(NOON + n * MINUTE, n) for n in range(8)]))
    assert await roll_up(connection, NOON + timedelta(minutes=5, seconds=29)) == 0
    await roll_up(connection, NOON + timedelta(minutes=5, seconds=30))
    assert [row[1:] for row in await rolled(connection, "rollup_5m")] == [(NOON, 0, 4, 10, 5, 4)]


async def test_late_readings_are_rolled_up_too_and_touch_no_other_series(connection: Connection, store: Store) -> None:
    for device in ("fp-001", "fp-002"):
        await store.commit(Intake(readings=[reading(NOON + n * MINUTE, n, device=device) for n in range(60)]))
    await roll_up(connection, NOON + 2 * HOUR)
    await connection.execute("update rollup_5m set last = 99 where series_id = 2")  # would be mended if touched
    late = NOON + timedelta(seconds=90)
    await store.commit(Intake(readings=[reading(late, -1, received=NOON + 3 * HOUR)]))
    assert await roll_up(connection, NOON + 3 * HOUR) == 1
    mine = [row for row in await rolled(connection, "rollup_5m") if row[0] == 1]
    assert mine == [row for row in await raw(connection, "5 minutes") if row[0] == 1]
    assert {row[6] for row in await rolled(connection, "rollup_5m") if row[0] == 2} == {99}
    hours = [row for row in await rolled(connection, "rollup_1h") if row[0] == 1]
    assert hours == [row for row in await raw(connection, "1 hour") if row[0] == 1]


async def test_rolling_up_again_with_nothing_new_does_nothing(connection: Connection, store: Store) -> None:
    await store.commit(Intake(readings=[reading(NOON, 1)]))
    assert await roll_up(connection, NOON + HOUR) == 1
    assert await roll_up(connection, NOON + HOUR) == 0


async def test_a_month_of_backfill_is_rolled_up_exactly(connection: Connection, store: Store) -> None:
    start = NOON - timedelta(days=20)
    readings = [reading(start + n * timedelta(minutes=17), n % 13, received=NOON) for n in range(1_500)]
    await store.commit(Intake(readings=readings))
    while await roll_up(connection, NOON):
        pass
    assert await rolled(connection, "rollup_5m") == await raw(connection, "5 minutes")
    assert await rolled(connection, "rollup_1h") == await raw(connection, "1 hour")


async def test_only_one_process_rolls_up_at_a_time(connection: Connection, store: Store, database_url: str) -> None:
    await store.commit(Intake(readings=[reading(NOON, 1)]))
    async with await psycopg.AsyncConnection.connect(database_url) as other:
        await other.execute("select pg_advisory_xact_lock(7236203)")
        assert await roll_up(connection, NOON + HOUR) == 0
    assert await roll_up(connection, NOON + HOUR) == 1


async def test_retention_drops_chunks_and_keeps_the_younger_ones(connection: Connection, store: Store) -> None:
    ages = [timedelta(days=days) for days in (100, 91, 89, 1)]
    await store.commit(Intake(readings=[reading(NOON - age, age.days) for age in ages]))
    assert await drop_old(connection, Retention(), NOON) == 2
    kept = await (await connection.execute("select value from reading order by value")).fetchall()
    assert kept == [(1,), (89,)]


async def test_late_spans_go_after_a_month_as_nothing_comes_later_than_that(
    connection: Connection, store: Store
) -> None:
    for days in (33, 29):
        late = reading(NOON - timedelta(days=days), days, received=NOON - timedelta(days=days))
        await store.commit(Intake(readings=[late], late=[late]))
    assert await drop_old(connection, Retention(), NOON) == 1
    kept = await (await connection.execute("select since from late_span")).fetchall()
    assert kept == [(NOON - timedelta(days=29),)]


@pytest.mark.parametrize(("kept_for", "left"), [(730, [1]), ("forever", [2, 1])])
async def test_when_we_could_see_is_kept_as_long_as_events(
    connection: Connection, kept_for: int | str, left: list[int]
) -> None:
    for worker, days in ((1, 729), (2, 731)):
        until = NOON - timedelta(days=days)
        await connection.execute("insert into ingest_uptime values (%s, %s, %s)", [worker, until - HOUR, until])
    await drop_old(connection, Retention(event_days=kept_for), NOON)
    kept = await (await connection.execute("select worker from ingest_uptime order by until")).fetchall()
    assert kept == [(worker,) for worker in left]


@pytest.mark.parametrize("days", [0, -1, 30, "for ever", None])
def test_a_retention_that_could_lose_data_by_accident_is_refused(days: object) -> None:
    with pytest.raises(ValidationError):
        Retention(reading_days=days)


def test_for_ever_is_said_by_its_name() -> None:
    tables = dict(Retention(reading_days="forever").tables())
    assert "reading" not in tables
    assert "rollup_1h" not in tables
    assert tables["event"] == timedelta(days=730)


async def test_a_slow_roll_up_misses_no_reading_committed_meanwhile(
    connection: Connection, store: Store, database_url: str
) -> None:
    """The batch commits after the roll-up took what was due: its own row is still there for the next time."""
    for device in ("fp-001", "fp-002"):
        await store.commit(Intake(readings=[reading(NOON + 3 * MINUTE, 3, device=device)]))
    async with await psycopg.AsyncConnection.connect(database_url) as meanwhile:
        await Store(meanwhile, "other").commit(Intake(readings=[reading(NOON, 5, device="fp-002")]))
        await store.commit(Intake(readings=[reading(NOON + 2 * MINUTE, 2)]))
        await roll_up(connection, NOON + HOUR)
        await meanwhile.commit()
    assert await roll_up(connection, NOON + HOUR) == 1
    assert await rolled(connection, "rollup_5m") == await raw(connection, "5 minutes")
