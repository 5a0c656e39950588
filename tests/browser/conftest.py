"""The whole line with a real browser at its end: Mosquitto, ingest, TimescaleDB, `pantau dashboards`, Chromium."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path

import aiomqtt
import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Playwright, async_playwright

from dashboards.rights import accounts
from dashboards.roles import Role
from deploy.clocks import utc_now
from deploy.database import connect
from deploy.local.mosquitto import Mosquitto
from deploy.local.ports import free_port
from deploy.processes import dashboards
from deploy.settings import read_settings
from devices.broker import BrokerAddress
from devices.topics import Grammar
from tests.browser.chromium import DRAWING, FLAT, launched
from tests.browser.city import oku_in
from tests.browser.engine import judging
from tests.browser.screen import PASSWORD, USER, Screen, screen_of
from tests.centre import Centre, ingesting
from tests.patience import PATIENCE_SECONDS

# One browser serves all tests, and it belongs to the loop that started it.
fixture = partial(pytest_asyncio.fixture, loop_scope="session")


@fixture
async def engine(database_url: str) -> AsyncIterator[asyncio.Task[None]]:
    """Somebody who judges, until the task is cancelled."""
    async with judging(database_url) as task:
        yield task


@fixture
async def centre(database_url: str, mosquitto_server: Mosquitto, engine: asyncio.Task[None]) -> AsyncIterator[Centre]:
    """Somewhere to publish; the registry is empty, and the ingest worker the test's own to start."""
    broker = BrokerAddress.parse(mosquitto_server.url)
    async with aiomqtt.Client(broker.host, broker.port, timeout=PATIENCE_SECONDS) as client:
        yield Centre(database_url, mosquitto_server.url, Grammar(f"test-{secrets.token_hex(4)}"), client)


@fixture
async def town(centre: Centre) -> AsyncIterator[Centre]:
    """Two fibre points and a gauge in the river, and the ingest worker that knows them."""
    await centre.has_devices(fp_001="fibre_point", fp_002="fibre_point", wl_01="water_level")
    async with ingesting(centre):
        yield centre


@fixture
async def account(database_url: str) -> None:
    """That of `USER`."""
    async with connect(database_url) as connection:
        await accounts.create(connection, USER, Role.OPERATOR, PASSWORD, now=utc_now(), token_bytes=secrets.token_bytes)


@pytest.fixture
def environment(database_url: str, tmp_path: Path) -> dict[str, str]:
    """What `pantau dashboards` is told."""
    return {
        **oku_in(tmp_path / "oku"),
        "PANTAU_DATABASE_URL": database_url,
        "PANTAU_DATA_DIR": str(tmp_path),
        "PANTAU_LISTEN": f"127.0.0.1:{free_port()}",
        "PANTAU_OPS_LISTEN": f"127.0.0.1:{free_port()}",
    }


@asynccontextmanager
async def answering(environment: Mapping[str, str]) -> AsyncIterator[str]:
    """All that `pantau dashboards` runs, in this process: it starts in no time. Its address."""
    settings = read_settings(environment)
    running = asyncio.create_task(dashboards.run(settings))
    try:
        await _answers(f"{settings.external_url}/readyz")
        yield settings.external_url
    finally:
        running.cancel()
        await asyncio.wait([running])


@fixture
async def url(environment: dict[str, str]) -> AsyncIterator[str]:
    async with answering(environment) as url:
        yield url


async def _answers(url: str) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS), httpx.AsyncClient(timeout=PATIENCE_SECONDS) as client:
        while True:
            with suppress(httpx.TransportError):
                if (await client.get(url)).is_success:
                    return
            await asyncio.sleep(0.02)


@fixture(scope="session")
async def playwright() -> AsyncIterator[Playwright]:
    async with async_playwright() as playwright:
        yield playwright


@fixture(scope="session")
async def browser(playwright: Playwright) -> AsyncIterator[Browser]:
    """Without WebGL, which is slow here: a list is in the map's place."""
    async with await launched(playwright, *FLAT) as browser:
        yield browser


@fixture(scope="session")
async def drawing_browser(playwright: Playwright) -> AsyncIterator[Browser]:
    """With WebGL, which this machine's processor draws."""
    async with await launched(playwright, *DRAWING) as browser:
        yield browser


@fixture
async def screen(browser: Browser, url: str, account: None) -> AsyncIterator[Screen]:
    """A wall's screen, nobody logged in. After the test: nothing in its console, nothing asked of any other host."""
    async with screen_of(browser, url) as screen:
        yield screen
