"""A city in a real database, a clock that stands still, and a client for each role."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from psycopg_pool import AsyncConnectionPool

from dashboards import tokens
from dashboards.app import create_app
from dashboards.live import Live
from dashboards.roles import Role
from dashboards.settings import DashboardsSettings
from deploy.database import open_pool
from tests.dashboards.city import City, Clock, NotRandom


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
    return DashboardsSettings(heartbeat_seconds=0.5, coalesce_seconds=0.0, client_queue=50)


@pytest.fixture
def live(pool: AsyncConnectionPool, settings: DashboardsSettings, clock: Clock) -> Live:
    return Live(pool, settings, now=clock.now, process="test")


@pytest.fixture
def app(
    pool: AsyncConnectionPool,
    settings: DashboardsSettings,
    live: Live,
    clock: Clock,
    not_random: NotRandom,
    tmp_path: Path,
) -> FastAPI:
    return create_app(pool, settings, frames_dir=tmp_path, live=live, now=clock.now, token_bytes=not_random.token_bytes)


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


@pytest.fixture
async def wall(app: FastAPI, secrets: dict[Role, str]) -> AsyncIterator[httpx.AsyncClient]:
    """A client that may read."""
    headers = {"Authorization": f"Bearer {secrets[Role.WALL]}"}
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://pantau.test", headers=headers) as client:
        yield client


@pytest.fixture
async def operator(app: FastAPI, secrets: dict[Role, str]) -> AsyncIterator[httpx.AsyncClient]:
    """A client that may adopt."""
    headers = {"Authorization": f"Bearer {secrets[Role.OPERATOR]}"}
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://pantau.test", headers=headers) as client:
        yield client
