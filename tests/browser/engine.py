"""The engine of the city, in this process: by no rules unless told, so that only what was published makes states."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC

from alerts import engine
from alerts.paging.compose import Desk
from alerts.paging.paging import Paging
from alerts.rules.kinds import Rule
from alerts.settings import AlertSettings
from alerts.states.settings import Numbers, StateSettings
from alerts.states.witnesses import Witnesses
from deploy.clocks import utc_now
from deploy.database import open_pool, wakes
from devices.kinds import KINDS

EVERY_SECONDS = 0.25
# What a test says of a device, once, holds as long as the test.
PATIENT = StateSettings(kinds=dict.fromkeys(KINDS, Numbers(silent_intervals=1_000)))


@asynccontextmanager
async def judging(database_url: str, rules: Sequence[Rule] = ()) -> AsyncIterator[asyncio.Task[None]]:
    """Cancel the task, and nobody judges any more."""
    settings = AlertSettings(states=PATIENT)
    known = engine.Judging(
        rules=tuple(rules),
        states=settings.states,
        workers=1,
        witnesses=Witnesses(settings.states.ourselves, utc_now),
        paging=Paging.of(settings, Desk(url="", zone=UTC)),
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
