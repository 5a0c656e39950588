"""The whole room as it runs: real wake-ups, clock and receiver; from a committed reading to a page and its end."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime

from alerts import engine
from alerts.notify import outbox as notify
from alerts.notify.channels.kinds import open_all
from alerts.settings import AlertSettings
from deploy.database import wakes
from tests.alerts.city import OPTICAL_LOW, City, judging, settings
from tests.alerts.receiver import Receiver


def utc_now() -> datetime:
    return datetime.now(UTC)


@contextlib.asynccontextmanager
async def running(city: City, wanted: AlertSettings, database_url: str) -> AsyncIterator[None]:
    """The alerts process without its supervisor, woken by notifications alone. Yields once it judges."""
    judged = asyncio.Event()
    async with open_all(wanted.channels) as senders, asyncio.TaskGroup() as process:
        outbox = notify.Outbox(pool=city.pool, jitter=lambda: 0.5)
        readings = told(wakes(database_url, "readings", every_seconds=60), judged)
        looking = process.create_task(
            engine.run(city.pool, judging(wanted, utc_now), readings, now=utc_now, duty=engine.Duty())
        )
        sending = process.create_task(notify.run(outbox, senders, wakes(database_url, "alerts", every_seconds=60)))
        await judged.wait()
        yield
        looking.cancel()
        sending.cancel()


async def told(wakes: AsyncIterator[None], judged: asyncio.Event) -> AsyncIterator[None]:
    """The same wakes; says when the first of them has been dealt with."""
    async for _ in wakes:
        yield
        judged.set()


async def observe(city: City, value: float) -> None:
    city.clock.moment = utc_now()
    async with city.pool.connection() as connection, connection.transaction():
        await city.reads("fp-1", value)
    await city.run("select pg_notify('readings', '')")


async def test_a_breach_is_a_page_and_its_end_is_another(city: City, receiver: Receiver, database_url: str) -> None:
    wanted = settings(OPTICAL_LOW | {"for": "0s"}, urls={"ops": receiver.url})
    await city.add("fp-1")
    async with running(city, wanted, database_url):
        await observe(city, -28.0)
        await receiver.got(1)
        await observe(city, -20.0)
        await receiver.got(2)
    assert receiver.statuses == ["firing", "resolved"]
