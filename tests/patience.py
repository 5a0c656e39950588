"""How long a test waits for what must come: on a machine that is busy with something else it comes late.

It costs nothing where tests pass. What must come within a time is measured by `tests.bench`, not here.
"""

import asyncio
from collections.abc import Callable

PATIENCE_SECONDS = 120.0
PATIENCE_MS = 1_000 * PATIENCE_SECONDS


async def until(done: Callable[[], bool]) -> None:
    """Return once it is so; that it does not come about fails the test."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not done():
            await asyncio.sleep(0.01)
