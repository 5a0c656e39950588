"""The engine of the city, in this process: it judges by no rules, so that only what was published makes states."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from alerts import engine
from alerts.notify.enqueue import Telling
from alerts.states.settings import StateSettings
from alerts.states.witnesses import Witnesses
from deploy.clocks import utc_now
from deploy.database import open_pool, wakes

EVERY_SECONDS = 0.25


@asynccontextmanager
async def judging(database_url: str) -> AsyncIterator[asyncio.Task[None]]:
    """Cancel the task, and nobody judges any more."""
    settings = StateSettings()
    known = engine.Judging(
        rules=(),
        states=settings,
        workers=1,
        witnesses=Witnesses(settings.ourselves, utc_now),
        telling=Telling(routes=()),
    )
    looks = wakes(database_url, "readings", every_seconds=EVERY_SECONDS)
    async with open_pool(database_url, size=2) as pool:
        task = asyncio.create_task(engine.run(pool, known, looks, now=utc_now, duty=engine.Duty()))
        try:
            yield task
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
