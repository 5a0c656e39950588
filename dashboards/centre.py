"""What every endpoint is handed: the database, the settings, the clock, the live stream, the log of looks."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends
from psycopg import AsyncConnection
from psycopg.abc import QueryNoTemplate
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool
from starlette.requests import HTTPConnection

from dashboards.cameras.access import AccessLog
from dashboards.cameras.mosaic import Mosaic, Order
from dashboards.cameras.sharing import Shared
from dashboards.city.settings import CitySettings
from dashboards.live.live import Live
from dashboards.queries import JUDGED
from dashboards.rights.provider.provider import Provider
from dashboards.rights.throttle import Attempts, Throttle
from dashboards.seen import Judged
from dashboards.settings import DashboardsSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Centre:
    """Handed in once, by create_app."""

    pool: AsyncConnectionPool
    settings: DashboardsSettings
    frames_dir: Path
    photos_dir: Path
    now: Callable[[], datetime]
    token_bytes: Callable[[int], bytes]
    live: Live
    access: AccessLog
    attempts: Attempts
    # Codes brought back from the provider, by where from.
    callbacks: Throttle
    # Each password being checked takes 64 MiB.
    hashing: asyncio.Semaphore
    # Each photo being drawn anew takes up to 50 MB.
    developing: asyncio.Semaphore
    mosaics: Shared[Order, Mosaic]
    # Frames made smaller, by camera, time of capture and width.
    narrowed: Shared[tuple[str, datetime, int], bytes | None]
    city: CitySettings
    # Where people may sign in elsewhere; None: only here.
    provider: Provider | None

    @asynccontextmanager
    async def database(self) -> AsyncIterator[AsyncConnection[Any]]:
        """A connection of the pool, each statement its own transaction. Raises psycopg.OperationalError."""
        async with self.pool.connection(self.settings.database_wait_seconds) as connection:
            yield connection

    async def rows(self, query: QueryNoTemplate, parameters: Mapping[str, Any] | None = None) -> list[DictRow]:
        """Every row of one statement; how many that may be is the statement's LIMIT."""
        async with self.database() as connection, connection.cursor(row_factory=dict_row) as cursor:
            return await (await cursor.execute(query, parameters)).fetchall()

    async def row(self, query: QueryNoTemplate, parameters: Mapping[str, Any] | None = None) -> DictRow | None:
        """The first row of one statement, or None."""
        async with self.database() as connection, connection.cursor(row_factory=dict_row) as cursor:
            return await (await cursor.execute(query, parameters)).fetchone()


async def centre_of(connection: HTTPConnection) -> Centre:
    """A coroutine, as every dependency here: FastAPI runs plain functions in a thread."""
    centre: Centre = connection.app.state.centre
    return centre


async def judged_now(centre: Centre) -> Judged:
    """How far the engine has judged, as an endpoint believes it."""
    row = await centre.row(JUDGED)
    return Judged.of(row["at"] if row else None, centre.now(), centre.settings.judged_fresh_seconds)


Here = Annotated[Centre, Depends(centre_of)]
