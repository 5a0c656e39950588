"""Photos are kept for so many days, as frames are: they may show people (UU 27/2022)."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import NoReturn

from psycopg_pool import AsyncConnectionPool

from dashboards import metrics
from dashboards.notes import photo_files, queries
from dashboards.settings import DashboardsSettings

EVERY_SECONDS = 3_600.0


class PhotoKeeping:
    """The file goes first: a process that is killed in between finds the rest in the next hour."""

    def __init__(
        self,
        pool: AsyncConnectionPool,
        settings: DashboardsSettings,
        folder: Path,
        *,
        now: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._pool = pool
        self._settings = settings
        self._folder = folder
        self._now = now
        self._sleep = sleep

    async def run(self) -> NoReturn:
        """For ever. Raises psycopg.OperationalError and OSError."""
        while True:
            await self.run_once()
            await self._sleep(EVERY_SECONDS)

    async def run_once(self) -> None:
        days = self._settings.photo_days
        if days == "forever":
            return
        now = self._now()
        before = now - timedelta(days=days)
        metrics.PHOTOS_REMOVED.inc(await asyncio.to_thread(photo_files.sweep, self._folder, before))
        async with self._pool.connection(self._settings.database_wait_seconds) as connection:
            await connection.execute(queries.REMOVE_PHOTOS, {"now": now, "before": before})
