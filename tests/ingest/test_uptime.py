"""When a worker could see: by rows on the real database, with a real broker that is stopped, halted and killed."""

import asyncio
import secrets
import signal
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiomqtt
import psycopg
import pytest
from psycopg import sql

from deploy.database import open_pool
from deploy.local.mosquitto import Mosquitto
from deploy.supervise import Supervisor
from devices.broker import BrokerAddress
from devices.topics import Grammar
from ingest.batch import BatchLimits
from ingest.registry_view import RegistryView
from ingest.session import SessionTerms
from ingest.uptime import ENDED_US, Uptime, extended
from ingest.worker import run
from tests.centre import CLOCKS, Centre, ingesting
from tests.patience import PATIENCE_SECONDS, until
from tests.rig import CITY, Process

BEAT_SECONDS = 0.2
LOCKED_OUT = "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
SUPERVISOR = Supervisor(sleep=asyncio.sleep, random=lambda: 0.5, clock=time.monotonic, waits_seconds=(0.1,))

SECOND_US = 1_000_000
NOON_US = 1_795_230_000_000_000


@dataclass(frozen=True)
class Row:
    """Times in epoch seconds, as `time.time()`."""

    worker: int
    since: float
    until: float


async def rows_in(database_url: str) -> list[Row]:
    asked = "select worker, extract(epoch from since)::float8, extract(epoch from until)::float8 from ingest_uptime"
    async with await psycopg.AsyncConnection.connect(database_url) as connection:
        return [Row(*row) for row in await (await connection.execute(f"{asked} order by since")).fetchall()]


async def wait_for(database_url: str, come: Callable[[list[Row]], bool]) -> list[Row]:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not come(rows := await rows_in(database_url)):
        assert time.monotonic() < deadline, rows
        await asyncio.sleep(0.02)
    return rows


@dataclass
class Story:
    """An ingest worker that is begun again as long as the story lasts, and what it wrote."""

    database_url: str
    terms: SessionTerms
    ready: dict[str, str | None] = field(default_factory=dict)
    attempts: int = 0

    async def attempt(self, worker: int) -> None:
        self.attempts += 1
        async with open_pool(self.database_url, size=2) as pool:
            registry = RegistryView(pool, Grammar(self.terms.client_id), CLOCKS.seconds)
            await run(
                pool, self.terms, BatchLimits(), registry=registry, clocks=CLOCKS, ready=self.ready, worker=worker,
                beat_seconds=BEAT_SECONDS,
            )  # fmt: skip

    async def publish(self) -> None:
        """As a device that nobody knows: it leaves a row in `rejected`."""
        broker = self.terms.broker
        async with aiomqtt.Client(broker.host, broker.port, timeout=PATIENCE_SECONDS) as client:
            await client.publish(f"{self.terms.client_id}/fp-001/telemetry", b"{}", qos=1)

    async def rows(self) -> list[Row]:
        return await rows_in(self.database_url)

    async def row(self, number: int = 1) -> Row:
        """The row of that number, once it is there, as the last."""
        rows = await wait_for(self.database_url, lambda rows: len(rows) >= number)
        assert len(rows) == number
        return rows[-1]

    async def seen(self) -> float:
        """A time of which it is written that the worker saw."""
        now = time.time()
        await wait_for(self.database_url, lambda rows: bool(rows) and rows[-1].until > now)
        return now

    async def is_ready(self) -> None:
        await until(lambda: self.ready.get("broker", "") is None)

    async def begins_again(self, attempts: int) -> None:
        """Return once it has, since there were so many."""
        await until(lambda: self.attempts > attempts)


@asynccontextmanager
async def story(
    database_url: str,
    broker: Mosquitto,
    *,
    worker: int = 1,
    drains: bool = False,
    answer_seconds: float = PATIENCE_SECONDS,
) -> AsyncIterator[Story]:
    grammar = Grammar(f"test-{secrets.token_hex(4)}")
    terms = SessionTerms(
        broker=BrokerAddress.parse(broker.url),
        client_id=grammar.root,
        subscribe=[] if drains else grammar.filters(),
        expiry_seconds=600,
        receive_maximum=100,
        connect_seconds=PATIENCE_SECONDS,
        answer_seconds=answer_seconds,
    )
    told = Story(database_url, terms)
    task = asyncio.create_task(SUPERVISOR.keep("ingest", lambda: told.attempt(worker)))
    try:
        yield told
    finally:
        task.cancel()
        await asyncio.wait([task])


@pytest.fixture
def halted(mortal_broker: Mosquitto) -> Iterator[Callable[[], None]]:
    """Halts the broker: its connections stand, and nothing answers. It goes on when the test is over."""

    def send(number: signal.Signals) -> None:
        assert mortal_broker._server is not None
        mortal_broker._server.signal(number)

    yield lambda: send(signal.SIGSTOP)
    send(signal.SIGCONT)


# Pure.

ROW = Uptime(since_us=NOON_US, until_us=NOON_US + SECOND_US)


def test_a_row_begins_and_ends_with_the_first_that_was_heard() -> None:
    assert extended(None, heard_us=5, now_us=9) == Uptime(since_us=5, until_us=5)


def test_a_row_reaches_to_what_was_heard_last_and_not_to_now() -> None:
    heard_us = NOON_US + 3 * SECOND_US
    assert extended(ROW, heard_us=heard_us, now_us=heard_us + 4 * SECOND_US) == Uptime(
        since_us=NOON_US, until_us=heard_us
    )


def test_where_nothing_was_heard_since_a_row_stays_as_it_is() -> None:
    assert extended(ROW, heard_us=ROW.until_us, now_us=ROW.until_us + 9 * SECOND_US) == ROW


def test_a_row_that_was_taken_for_ended_is_never_prolonged() -> None:
    last_us, late_us = ROW.until_us + ENDED_US, ROW.until_us + ENDED_US + 1
    assert extended(ROW, heard_us=late_us - SECOND_US, now_us=last_us).since_us == ROW.since_us
    assert extended(ROW, heard_us=late_us, now_us=late_us) == Uptime(since_us=late_us, until_us=late_us)


def test_a_clock_set_back_begins_another_row_and_hides_nothing() -> None:
    hour_ago = NOON_US - 3_600 * SECOND_US
    assert extended(ROW, heard_us=hour_ago, now_us=hour_ago) == Uptime(since_us=hour_ago, until_us=hour_ago)


# On the real servers.


async def test_a_row_begins_with_the_session_and_listeners_are_told(centre: Centre) -> None:
    async with await psycopg.AsyncConnection.connect(centre.database_url, autocommit=True) as listener:
        await listener.execute("listen readings")
        before = time.time()
        async with ingesting(centre):  # until it is ready
            [row] = await rows_in(centre.database_url)
            assert (row.worker, before < row.since <= row.until < time.time()) == (1, True)
            # The other word is that of the first batch, which forgets what an earlier session knew.
            heard = [heard async for heard in listener.notifies(timeout=PATIENCE_SECONDS, stop_after=2)]
            heard += [heard async for heard in listener.notifies(timeout=0.3)]
            assert len(heard) == 2


async def test_an_idle_city_is_seen_as_well_as_a_busy_one(database_url: str, mortal_broker: Mosquitto) -> None:
    async with story(database_url, mortal_broker) as told:
        begun = await told.row()
        for _ in range(3):
            await told.seen()
        row = await told.row()
        assert row.since == begun.since
        assert row.until < time.time()


async def test_a_clean_stop_prolongs_the_row_a_last_time(centre: Centre) -> None:
    async with ingesting(centre):  # whose next beat is seconds away
        await asyncio.sleep(0.2)
        heard = time.time()
        await centre.publish("fp-001", '{"rx_power_dbm": -21.4}')
        await centre.until("select count(*) from reading", (1,))
    [row] = await rows_in(centre.database_url)
    assert heard < row.until < time.time()


async def test_a_broker_that_stops_ends_the_row_when_it_was_heard_last(
    database_url: str, mortal_broker: Mosquitto
) -> None:
    async with story(database_url, mortal_broker) as told:
        seen = await told.seen()
        await asyncio.to_thread(mortal_broker.stop)
        gone = time.time()
        await told.begins_again(told.attempts)
        began = time.time()
        mortal_broker.start()
        after = await told.row(2)
        before, _ = await told.rows()
        assert seen < before.until < gone
        assert began < after.since


async def test_a_broker_that_hangs_is_noticed_and_the_row_does_not_pass_that(
    database_url: str, mortal_broker: Mosquitto, halted: Callable[[], None]
) -> None:
    """A machine that stands still for a moment makes a broker hang for as long: there may be rows before."""
    async with story(database_url, mortal_broker, answer_seconds=2) as told:
        seen, attempts = await told.seen(), told.attempts
        halted()
        await asyncio.sleep(0.3)  # what it said before is heard
        hung = time.time()
        await told.begins_again(attempts)
        rows = await told.rows()
        assert seen < rows[-1].until < hung
        went_on = time.time()
        assert mortal_broker._server is not None
        mortal_broker._server.signal(signal.SIGCONT)
        assert (await told.row(len(rows) + 1)).since > went_on


async def test_a_database_that_is_gone_ends_the_row_of_an_idle_worker(
    database_url: str, mortal_broker: Mosquitto, postgres_server: object
) -> None:
    name = psycopg.conninfo.conninfo_to_dict(database_url)["dbname"]
    allow = sql.SQL("alter database {} allow_connections {}")
    server_url = postgres_server.url  # type: ignore[attr-defined]
    async with (
        story(database_url, mortal_broker) as told,
        await psycopg.AsyncConnection.connect(server_url, autocommit=True) as server,
    ):
        await told.row()
        await server.execute(allow.format(sql.Identifier(str(name)), sql.SQL("false")))
        await server.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", [name])
        gone = time.time()
        await told.begins_again(told.attempts)
        began = time.time()
        await server.execute(allow.format(sql.Identifier(str(name)), sql.SQL("true")))
        after = await told.row(2)
        before, _ = await told.rows()
        assert before.until < gone
        assert began < after.since


async def test_while_a_batch_hangs_in_the_database_the_row_stands_still(
    database_url: str, mortal_broker: Mosquitto
) -> None:
    """Written over a connection of its own, it would go on and say that all is well."""
    async with (
        story(database_url, mortal_broker) as told,
        await psycopg.AsyncConnection.connect(database_url) as other,
    ):
        began = (await told.row()).since
        async with other.transaction():
            await other.execute("lock table rejected in access exclusive mode")
            await told.publish()
            async with asyncio.timeout(PATIENCE_SECONDS):
                while not await (await other.execute(LOCKED_OUT)).fetchall():
                    await asyncio.sleep(0.02)
            stuck = time.time()
            await asyncio.sleep(3 * BEAT_SECONDS)
            assert (await told.row()).until < stuck
        [row] = await wait_for(database_url, lambda rows: rows[0].until > stuck)
        assert row.since == began


async def test_a_worker_that_only_drains_sees_nothing(database_url: str, mortal_broker: Mosquitto) -> None:
    async with story(database_url, mortal_broker, worker=2, drains=True) as told:
        await told.is_ready()
        await asyncio.sleep(3 * BEAT_SECONDS)
        assert await told.rows() == []


async def test_a_worker_that_is_killed_leaves_its_row_as_it_is(
    database_url: str, mortal_broker: Mosquitto, tmp_path: Path
) -> None:
    city = tmp_path / "city.toml"
    city.write_text(CITY.format(workers=2))
    environment = {
        "PANTAU_CONFIG": str(city), "PANTAU_DATABASE_URL": database_url, "PANTAU_MQTT_URL": mortal_broker.url,
        "PANTAU_DATA_DIR": str(tmp_path),
    }  # fmt: skip
    process = Process(("ingest", "--worker", "2"), environment)
    process.start()
    try:
        await wait_for(database_url, lambda rows: len(rows) == 1)
    finally:
        process.kill()
    killed = time.time()
    await asyncio.sleep(0.3)
    [row] = await rows_in(database_url)
    assert (row.worker, row.until < killed) == (2, True)
