"""The registry as ingest sees it: how often it is read, and what a change brings."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass

import psycopg
import pytest
from psycopg_pool import AsyncConnectionPool

from deploy.database import open_pool, wakes
from devices.topics import Grammar
from ingest.intake import Sorter
from ingest.message import Message
from ingest.registry_view import LOOK_AGAIN_SECONDS, RegistryView
from tests.patience import PATIENCE_SECONDS, until


@dataclass
class Clock:
    seconds: float = 100.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[AsyncConnectionPool]:
    async with open_pool(database_url) as pool:
        yield pool


async def register(url: str, device: str, kind: str = "fibre_point") -> None:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        await connection.execute(
            "insert into device (id, kind, name) values (%s, %s, 'n')"
            " on conflict (id) do update set kind = excluded.kind",
            [device, kind],
        )


def kept(sorter: Sorter, device: str, metric: str = "rtt_seconds") -> bool:
    payload = json.dumps({metric: 1}).encode()
    return bool(sorter.sort([Message(f"pantau/v1/{device}/telemetry", payload, len(payload), 1, 0)]).readings)


async def becomes_known(view: RegistryView, device: str) -> None:
    await until(lambda: kept(view.sorter, device))


async def test_before_it_is_loaded_nobody_is_known(pool: AsyncConnectionPool) -> None:
    assert not kept(RegistryView(pool, Grammar(), Clock()).sorter, "fp-001")


async def test_a_device_is_known_once_the_registry_is_read_again(pool: AsyncConnectionPool, database_url: str) -> None:
    view = RegistryView(pool, Grammar(), Clock())
    await view.load()
    await register(database_url, "fp-001")
    assert not kept(view.sorter, "fp-001")
    await view.load()
    assert kept(view.sorter, "fp-001")


async def test_a_device_of_another_kind_is_judged_by_that(pool: AsyncConnectionPool, database_url: str) -> None:
    view = RegistryView(pool, Grammar(), Clock())
    await register(database_url, "wl-001")
    await view.load()
    assert not kept(view.sorter, "wl-001", "level_metres")
    await register(database_url, "wl-001", "water_level")
    await view.load()
    assert kept(view.sorter, "wl-001", "level_metres")


async def test_a_device_of_an_unheard_of_kind_stays_unknown(pool: AsyncConnectionPool, database_url: str) -> None:
    await register(database_url, "xx-001", "teleporter")
    view = RegistryView(pool, Grammar(), Clock())
    await view.load()
    assert not kept(view.sorter, "xx-001")


async def test_the_word_of_a_change_makes_us_look_again(pool: AsyncConnectionPool, database_url: str) -> None:
    view = RegistryView(pool, Grammar(), Clock())
    words = wakes(database_url, "devices", every_seconds=3_600, rest_seconds=0)
    following = asyncio.create_task(view.follow(words))
    try:
        for device in ("fp-001", "fp-002"):  # the first may be there before anybody listens
            await register(database_url, device)
            await becomes_known(view, device)
    finally:
        following.cancel()
        await asyncio.wait([following])


async def test_strangers_make_us_look_again_once_a_second_at_most(pool: AsyncConnectionPool, database_url: str) -> None:
    clock = Clock()
    view = RegistryView(pool, Grammar(), clock)
    assert await view.load_again()
    clock.seconds += LOOK_AGAIN_SECONDS - 0.01
    assert not await view.load_again()
    await register(database_url, "fp-001")
    clock.seconds += 0.02
    assert await view.load_again()
    assert kept(view.sorter, "fp-001")


async def test_readings_of_the_registry_follow_each_other(pool: AsyncConnectionPool, database_url: str) -> None:
    """Of two at once the older could come to stand last."""
    view = RegistryView(pool, Grammar(), Clock())
    await register(database_url, "fp-000")
    locking = await psycopg.AsyncConnection.connect(database_url)
    await locking.execute("lock table device in access exclusive mode")
    first = asyncio.create_task(view.load())
    second = asyncio.create_task(view.load())
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as watching:
        waiting = (
            "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
        )
        async with asyncio.timeout(PATIENCE_SECONDS):
            while await (await watching.execute(waiting)).fetchone() != (1,):
                await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)
        assert await (await watching.execute(waiting)).fetchone() == (1,)
    await locking.close()
    await asyncio.gather(first, second)
    assert kept(view.sorter, "fp-000")
