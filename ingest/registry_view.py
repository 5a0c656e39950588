"""The registry as ingest sees it: device to kind, loaded when it changed or when an unknown device speaks."""

import asyncio
from collections.abc import AsyncIterator, Callable

from psycopg_pool import AsyncConnectionPool

from devices.kinds import KINDS
from devices.topics import Grammar
from ingest import queries
from ingest.intake import Sorter

# An unknown device makes us look again, but not more often than this: somebody could publish as thousands of them.
LOOK_AGAIN_SECONDS = 1.0


class RegistryView:
    """Holds the current `Sorter`. `clock` is monotonic seconds."""

    def __init__(self, pool: AsyncConnectionPool, grammar: Grammar, clock: Callable[[], float]) -> None:
        self._pool = pool
        self._grammar = grammar
        self._clock = clock
        self._loaded_at = float("-inf")
        self._loading = asyncio.Lock()
        self.sorter = Sorter(grammar, {})

    async def load(self) -> None:
        """Read the registry. A device of a kind this version does not know stays unknown.

        One after the other: of two readings at once the older could come to stand last.
        """
        async with self._loading:
            self._loaded_at = self._clock()
            async with self._pool.connection() as connection:
                rows = await (await connection.execute(queries.DEVICE_KINDS)).fetchall()
            self.sorter = Sorter(self._grammar, {device: KINDS[kind] for device, kind in rows if kind in KINDS})

    async def load_again(self) -> bool:
        """Read the registry unless that was done a moment ago; whether it was read."""
        if self._clock() - self._loaded_at < LOOK_AGAIN_SECONDS:
            return False
        await self.load()
        return True

    async def follow(self, wakes: AsyncIterator[None]) -> None:
        """Read the registry at every wake-up. Raises psycopg.Error."""
        async for _ in wakes:
            await self.load()
