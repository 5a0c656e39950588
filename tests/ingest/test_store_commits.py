"""One batch, one transaction: on the real TimescaleDB, with two writers, failures and cancellation in the middle."""

import asyncio
import struct
from collections.abc import AsyncIterator
from typing import Any, LiteralString

import psycopg
import pytest
from psycopg import sql

from devices.reading import Event, Reading, Reason, Rejected, Status
from ingest.intake import EventHeard, Intake, Refusal, StatusHeard
from ingest.message import Message
from ingest.redelivery import Committed
from ingest.store import Store
from ingest.stored import Stored
from tests.patience import PATIENCE_SECONDS

Connection = psycopg.AsyncConnection[tuple[Any, ...]]

NOW_US = 1_795_230_000_000_000
SECOND_US = 1_000_000
TABLES = ("reading", "latest", "device_status", "event", "late_span", "rejected", "rollup_due", "delivery")


@pytest.fixture
async def connection(database_url: str) -> AsyncIterator[Connection]:
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as connection:
        yield connection


@pytest.fixture
async def other(database_url: str) -> AsyncIterator[Connection]:
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as connection:
        yield connection


def reading(value: float, *, after: int = 0, device: str = "fp-001", historical: bool = False) -> Reading:
    return Reading(device, "rtt_seconds", NOW_US + after * SECOND_US, value, NOW_US, historical)


def one_of_each() -> Intake:
    refused = Message("pantau/v1/fp-900/telemetry", b"{}", 2, 9, NOW_US)
    return Intake(
        readings=[reading(1.0), reading(2.0, after=1)],
        late=[reading(1.0)],
        statuses=[StatusHeard("fp-001", Status.ONLINE, NOW_US, retained=False)],
        events=[EventHeard("fp-001", Event(NOW_US, "door_open", {"door": 1}), NOW_US)],
        refusals=[Refusal("fp-900", refused, Rejected(Reason.UNKNOWN_DEVICE, "no such device"))],
        untimed=[refused],
    )


async def rows(connection: Connection, statement: LiteralString | sql.Composed) -> list[tuple[Any, ...]]:
    return await (await connection.execute(statement)).fetchall()


async def counts(connection: Connection) -> dict[str, int]:
    counting = sql.SQL("select count(*) from {}")
    return {table: (await rows(connection, counting.format(sql.Identifier(table))))[0][0] for table in TABLES}


async def test_a_batch_leaves_all_its_rows(connection: Connection) -> None:
    intake = one_of_each()
    committed = Committed(10).after(intake.untimed, intake.untimed)
    assert await Store(connection, "test").commit(intake, committed) == Stored(committed=2)
    assert await counts(connection) == dict.fromkeys(TABLES, 1) | {"reading": 2}


@pytest.mark.parametrize("table", ["reading", "event", "late_span", "rejected", "rollup_due", "latest", "delivery"])
@pytest.mark.parametrize("repeated", [False, True], ids=["first way", "after a conflict"])
async def test_a_statement_that_fails_leaves_nothing_and_the_same_batch_can_be_tried_again(
    connection: Connection, table: str, *, repeated: bool
) -> None:
    store, intake = Store(connection, "test"), one_of_each()
    if repeated:
        await store.commit(Intake(readings=[reading(1.0)]))
    before = await counts(connection)
    committed = Committed(10).after(intake.untimed, intake.untimed)
    await connection.execute(
        "create function refuse() returns trigger language plpgsql as $$ begin raise 'no more'; end $$"
    )
    trigger = sql.SQL("create trigger refuse before insert on {} for each row execute function refuse()")
    await connection.execute(trigger.format(sql.Identifier(table)))
    with pytest.raises(psycopg.Error, match="no more"):
        await store.commit(intake, committed)
    assert await counts(connection) == before
    await connection.execute(sql.SQL("drop trigger refuse on {}").format(sql.Identifier(table)))
    await store.commit(intake, committed)
    assert (await counts(connection))["reading"] == 2


async def test_duplicates_and_conflicts_are_told_apart(connection: Connection) -> None:
    store = Store(connection, "test")
    await store.commit(Intake(readings=[reading(1.0), reading(2.0, after=1)]))
    again = [reading(1.0), reading(9.0, after=1), reading(3.0, after=2), reading(3.0, after=2), reading(4.0, after=2)]
    assert await store.commit(Intake(readings=again)) == Stored(committed=1, duplicate=2, conflicting=2)
    assert await rows(connection, "select value from reading order by time") == [(1.0,), (2.0,), (3.0,)]


async def test_of_two_values_in_one_batch_the_first_that_came_stays(connection: Connection) -> None:
    stored = await Store(connection, "test").commit(Intake(readings=[reading(5.0), reading(1.0)]))
    assert stored == Stored(committed=1, conflicting=1)
    assert await rows(connection, "select value from reading") == [(5.0,)]


async def test_minus_nought_is_nought(connection: Connection) -> None:
    store = Store(connection, "test")
    await store.commit(Intake(readings=[reading(0.0)]))
    assert await store.commit(Intake(readings=[reading(-0.0)])) == Stored(committed=0, duplicate=1)
    [(kept,)] = await rows(connection, "select float8send(value) from reading")
    assert kept == struct.pack("!d", 0.0)


async def test_latest_with_an_equal_time_keeps_the_first(connection: Connection) -> None:
    store = Store(connection, "test")
    await store.commit(Intake(readings=[reading(1.0)]))
    await store.commit(Intake(readings=[reading(2.0)]))
    await store.commit(Intake(readings=[reading(3.0, after=-5)]))
    await store.commit(Intake(readings=[reading(4.0, after=5, historical=True)]))
    assert await rows(connection, "select value from latest") == [(1.0,)]


async def test_two_writers_of_the_same_readings_in_opposite_order_neither_wait_for_ever_nor_double(
    connection: Connection, other: Connection
) -> None:
    """Without one order for all they would deadlock, and PostgreSQL would end one of them after a second."""
    stores = Store(connection, "one"), Store(other, "two")
    for turn in range(5):
        readings = [reading(n, after=turn, device=f"fp-{n:03d}") for n in range(500)]
        events = [EventHeard(f"fp-{n:03d}", Event(NOW_US + turn, "door_open"), NOW_US) for n in range(50)]
        first, second = await asyncio.gather(
            stores[0].commit(Intake(readings=readings, events=events)),
            stores[1].commit(Intake(readings=readings[::-1], events=events[::-1])),
        )
        assert first.committed + second.committed == 500
        assert first.duplicate + second.duplicate == 500
    assert await rows(connection, "select count(*), count(distinct (series_id, time)) from reading") == [(2_500, 2_500)]
    assert await rows(connection, "select count(*) from event") == [(250,)]


async def test_numbers_of_series_outlive_a_failed_batch(connection: Connection) -> None:
    store = Store(connection, "test")
    too_early = Intake(readings=[Reading("fp-001", "rtt_seconds", -(1 << 62), 1.0, NOW_US)])
    with pytest.raises(psycopg.DataError):
        await store.commit(too_early)
    assert await store.commit(Intake(readings=[reading(1.0)])) == Stored(committed=1)
    assert await rows(connection, "select series_id = (select id from series) from reading") == [(True,)]


async def test_beginning_again_uses_no_numbers_up(connection: Connection) -> None:
    """Each attempt of ingest begins without a memory; numbers are integers, and an attempt can fail every second."""
    for turn in range(20):
        await Store(connection, "test").commit(Intake(readings=[reading(turn, after=turn)]))
    await Store(connection, "test").commit(Intake(readings=[reading(1.0, device="fp-002")]))
    assert await rows(connection, "select id from series order by id") == [(1,), (2,)]


async def test_the_word_to_the_listeners_comes_once_per_batch(connection: Connection, other: Connection) -> None:
    await other.execute("listen readings")
    store = Store(connection, "test")
    for turn in range(3):
        await store.commit(Intake(readings=[reading(n, after=turn, device=f"fp-{n}") for n in range(50)]))
    await store.commit(Intake(readings=[reading(0, device="fp-0")]))  # the longer way, after a conflict
    heard = [notify async for notify in other.notifies(timeout=PATIENCE_SECONDS, stop_after=4)]
    heard += [notify async for notify in other.notifies(timeout=0.3)]
    assert [notify.payload for notify in heard] == [""] * 4


async def test_what_was_delivered_is_known_to_the_next_process_of_the_same_client(connection: Connection) -> None:
    intake = one_of_each()
    await Store(connection, "test").commit(intake, Committed(10).after(intake.untimed, intake.untimed))
    again = Message("pantau/v1/fp-900/telemetry", b"{}", 2, 9, NOW_US, repeated=True)
    assert (await Store(connection, "test").delivered(10)).has(again)
    assert not (await Store(connection, "other").delivered(10)).has(again)


async def test_texts_that_postgresql_cannot_hold_are_stored_escaped(connection: Connection) -> None:
    odd = Message("pantau/v1/\0/telemetry", b"\0\xff", 2, 9, NOW_US)
    refusals = [Refusal(None, odd, Rejected(Reason.UNKNOWN_DEVICE, "half of \ud83d"))]
    await Store(connection, "test").commit(Intake(refusals=refusals))
    [(topic, detail, payload)] = await rows(connection, "select topic, detail, payload from rejected")
    assert (topic, detail, payload) == ("pantau/v1/\\0/telemetry", "half of \\ud83d", b"\0\xff")


async def test_a_message_refused_thousands_of_times_is_stored_so(connection: Connection) -> None:
    long = Message("pantau/v1/fp-001/telemetry", b"x" * 60_000, 60_000, 9, NOW_US)
    refusals = [Refusal("fp-001", long, Rejected(Reason.UNKNOWN_METRIC, f"m{n}")) for n in range(2_000)]
    await Store(connection, "test").commit(Intake(refusals=refusals))
    stored = "select count(*), count(distinct detail), max(length(payload)) from rejected"
    assert await rows(connection, stored) == [(2_000, 2_000, 4_096)]


async def test_a_commit_cancelled_at_any_moment_leaves_all_or_nothing(
    connection: Connection, other: Connection
) -> None:
    """As SIGTERM does it. The connection is of use afterwards, or psycopg was caught between commands and says so."""
    store = Store(connection, "test")
    whole = 0
    for turn in range(25):
        devices = [f"fp-{n:03d}" for n in range(200)]
        batch = Intake(
            readings=[reading(n, after=turn, device=device) for n, device in enumerate(devices)],
            events=[EventHeard(device, Event(NOW_US + turn, "door_open"), NOW_US) for device in devices],
        )
        commit = asyncio.create_task(store.commit(batch))
        await asyncio.sleep(turn * 0.001)
        commit.cancel()
        await asyncio.wait([commit])
        left = await rows(other, "select (select count(*) from reading), (select count(*) from event)")
        readings, events = left[0][0] - whole, left[0][1] - whole
        assert (readings, events) in {(0, 0), (200, 200)}
        if not commit.cancelled() and isinstance(commit.exception(), psycopg.OperationalError):
            assert readings == 0
            await connection.close()
            return
        assert commit.cancelled() or readings == 200
        whole += readings
    assert await store.commit(Intake(readings=[reading(1.0, after=1_000)])) == Stored(committed=1)
    assert whole < 25 * 200
