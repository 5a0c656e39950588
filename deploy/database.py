"""Postgres from the composition root's side: the pool, the migrations, the wake-ups."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from importlib.resources import files
from typing import Any

import psycopg
from psycopg import sql
from psycopg_pool import AsyncConnectionPool

# Any number, the same in every process: it serialises migrations.
MIGRATION_LOCK = 7_236_201

# A process that hangs in a transaction would hold its locks for ever: after so long the server ends its session, and
# undoes what it began. Idle in one is only who does something else between two statements: an engine that reckons (a
# standby relieves it sooner, see alerts.engine), a photo on its way to a slow disk. Who waits for a statement or a
# lock, copies rows, or listens outside any transaction is not.
LONGEST_PAUSE = timedelta(minutes=2)
BOUND = "select set_config('idle_in_transaction_session_timeout', %s, false)"

# What every connection of ours is.
OURS: dict[str, Any] = {"autocommit": True, "application_name": "pantau"}

CREATE_MIGRATION_TABLE = """
create table if not exists migration (name text primary key, applied_at timestamptz not null default now())
"""
APPLIED = "select name from migration"
RECORD = "insert into migration (name) values (%s)"
LOCK = "select pg_advisory_xact_lock(%s)"


@asynccontextmanager
async def open_pool(conninfo: str, *, size: int = 8) -> AsyncIterator[AsyncConnectionPool]:
    """A pool of at most `size` connections. Raises psycopg.OperationalError where the server is away."""
    await reach(conninfo)
    async with waiting_pool(conninfo, size=size) as pool:
        yield pool


@asynccontextmanager
async def waiting_pool(conninfo: str, *, size: int = 8) -> AsyncIterator[AsyncConnectionPool]:
    """A pool that opens without a server too; asking for a connection waits up to 30 s, then raises PoolTimeout."""
    pool = AsyncConnectionPool(
        conninfo,
        min_size=1,
        max_size=size,
        open=False,
        check=AsyncConnectionPool.check_connection,
        configure=_bound,
        kwargs=OURS,
    )
    async with pool:
        yield pool


async def reach(conninfo: str) -> None:
    """Raises psycopg.OperationalError with the reason, which a pool keeps to itself, where the server is away."""
    async with connect(conninfo):
        pass


@asynccontextmanager
async def connect(conninfo: str) -> AsyncIterator[psycopg.AsyncConnection]:
    """One connection of its own. Raises psycopg.OperationalError where the server is away."""
    async with await psycopg.AsyncConnection.connect(conninfo, **OURS) as connection:
        await _bound(connection)
        yield connection


async def _bound(connection: psycopg.AsyncConnection) -> None:
    await connection.execute(BOUND, [f"{LONGEST_PAUSE // timedelta(milliseconds=1)}ms"])


async def migrate(conninfo: str) -> list[str]:
    """Apply the migrations that are missing, in order, all or none, and return their names.

    Safe twice and by two processes at once: the second waits on an advisory lock and then finds nothing to do.
    """
    async with connect(conninfo) as connection, connection.transaction():
        await connection.execute(LOCK, [MIGRATION_LOCK])
        await connection.execute(CREATE_MIGRATION_TABLE)
        done = {name for (name,) in await (await connection.execute(APPLIED)).fetchall()}
        missing = [(name, text) for name, text in migrations() if name not in done]
        for name, text in missing:
            await connection.execute(sql.SQL(text))  # our own files, not data
            await connection.execute(RECORD, [name])
        return [name for name, _ in missing]


def migrations() -> list[tuple[str, str]]:
    """Name and text of every migration, in the order of their numbers."""
    folder = files("deploy") / "migrations"
    return sorted((entry.name, entry.read_text("utf-8")) for entry in folder.iterdir() if entry.name.endswith(".sql"))


async def wakes(conninfo: str, *channels: str, every_seconds: float, rest_seconds: float = 0.05) -> AsyncIterator[None]:
    """One item at once, then one for whatever was notified on `channels` since the last, and one every `every_seconds`.

    A lost notification so costs seconds, not data. Who has rested for `rest_seconds` since it dealt with the last item
    is woken at once; a listener slower than its notifications hears of them once, after its rest. Raises
    psycopg.OperationalError when the connection is lost.
    """
    clock = asyncio.get_running_loop().time
    async with connect(conninfo) as connection:
        for channel in channels:
            await connection.execute(sql.SQL("listen {}").format(sql.Identifier(channel)))
        while True:
            yield
            rested_at = clock() + rest_seconds
            await _notified(connection, within=every_seconds)
            await asyncio.sleep(max(0.0, rested_at - clock()))
            await connection.execute("select 1")  # a dead connection shows itself here, not by silence
            await _notified(connection, within=0)


async def _notified(connection: psycopg.AsyncConnection, *, within: float) -> None:
    """Take the notifications that are there, waiting so many seconds for the first."""
    async for _ in connection.notifies(timeout=within, stop_after=1):
        pass
