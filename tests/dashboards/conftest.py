"""A city in a real database, a clock that stands still, and a client for each role."""

import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from psycopg_pool import AsyncConnectionPool

from dashboards.cameras.access import AccessLog
from dashboards.live.live import Live
from dashboards.rights import tokens
from dashboards.roles import Role
from dashboards.settings import DashboardsSettings
from dashboards.unsent import limit_unsent
from deploy.database import open_pool
from tests.dashboards.application import make_app
from tests.dashboards.city import City, Clock, NotRandom
from tests.dashboards.footage import Footage
from tests.patience import PATIENCE_SECONDS


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def not_random() -> NotRandom:
    return NotRandom()


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[AsyncConnectionPool]:
    async with open_pool(database_url, size=4) as opened:
        yield opened


@pytest.fixture
async def city(pool: AsyncConnectionPool, clock: Clock) -> City:
    return City(pool, clock)


@pytest.fixture
def settings() -> DashboardsSettings:
    return DashboardsSettings(
        heartbeat_seconds=0.5,
        coalesce_seconds=0.0,
        client_queue=50,
        stream_poll_seconds=0.01,
        viewers_max=3,
        database_wait_seconds=PATIENCE_SECONDS,
    )


@pytest.fixture
def live(pool: AsyncConnectionPool, settings: DashboardsSettings, clock: Clock) -> Live:
    live = Live(pool, settings, now=clock.now, process="test", build="b1")
    live.taken_seconds = PATIENCE_SECONDS
    return live


@pytest.fixture
def footage(tmp_path: Path) -> Footage:
    folder = tmp_path / "frames"
    folder.mkdir()
    return Footage(folder)


@pytest.fixture
def access(pool: AsyncConnectionPool, settings: DashboardsSettings, clock: Clock) -> AccessLog:
    return AccessLog(pool, settings, now=clock.now)


@pytest.fixture
def app(
    pool: AsyncConnectionPool,
    settings: DashboardsSettings,
    live: Live,
    access: AccessLog,
    clock: Clock,
    not_random: NotRandom,
    footage: Footage,
) -> FastAPI:
    return make_app(pool, settings, footage.folder.parent, clock, not_random, live=live, access=access)


@pytest.fixture
async def technician(app: FastAPI, secrets: dict[Role, str]) -> AsyncIterator[httpx.AsyncClient]:
    """A client that may acknowledge, and sees whom a page reaches where."""
    async with client_of(app, secrets[Role.TECHNICIAN]) as client:
        yield client


@pytest.fixture
async def secrets(pool: AsyncConnectionPool, clock: Clock, not_random: NotRandom) -> dict[Role, str]:
    """One bearer token for each role, named as the role is."""
    async with pool.connection() as connection:
        return {
            role: await tokens.create(connection, role.word, role, now=clock.now(), token_bytes=not_random.token_bytes)
            for role in Role
        }


@pytest.fixture
async def anonymous(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://pantau.test") as client:
        yield client


def client_of(app: FastAPI, secret: str, city: City | None = None) -> httpx.AsyncClient:
    """Whoever has this token. With a city, its engine has always just judged when they ask."""
    headers = {"Authorization": f"Bearer {secret}"}

    async def judged(_: httpx.Request) -> None:
        if city is not None:
            await city.judge()

    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://pantau.test",
        headers=headers,
        event_hooks={"request": [judged]},
    )


@pytest.fixture
async def wall(app: FastAPI, secrets: dict[Role, str], city: City) -> AsyncIterator[httpx.AsyncClient]:
    """A client that may read, while the engine runs."""
    async with client_of(app, secrets[Role.WALL], city) as client:
        yield client


@pytest.fixture
async def reader(app: FastAPI, secrets: dict[Role, str]) -> AsyncIterator[httpx.AsyncClient]:
    """A client that may read what stands in the database, while no engine runs."""
    async with client_of(app, secrets[Role.WALL]) as client:
        yield client


@pytest.fixture
async def operator(app: FastAPI, secrets: dict[Role, str]) -> AsyncIterator[httpx.AsyncClient]:
    """A client that may adopt."""
    async with client_of(app, secrets[Role.OPERATOR]) as client:
        yield client


@pytest.fixture
async def admin(app: FastAPI, secrets: dict[Role, str]) -> AsyncIterator[httpx.AsyncClient]:
    """A client that may see who looked."""
    async with client_of(app, secrets[Role.ADMIN]) as client:
        yield client


@pytest.fixture
async def url(app: FastAPI) -> AsyncIterator[str]:
    """The application behind a real uvicorn."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        limit_unsent(listening)
        config = uvicorn.Config(app, log_level="warning", lifespan="off", timeout_graceful_shutdown=1)
        # Nobody is given up here for being late.
        config.timeout_keep_alive, config.ws_ping_interval = int(PATIENCE_SECONDS), None
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started:
            await asyncio.sleep(0.01)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        await serving
