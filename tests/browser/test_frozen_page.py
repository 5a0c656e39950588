"""The link between page and server is lost: the page says since when it is old, and heals by itself."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, expect

from tests.browser.screen import Screen, screen_of
from tests.browser.server import Server, serving
from tests.browser.wib import seconds_ago
from tests.centre import Centre

pytestmark = pytest.mark.asyncio(loop_scope="session")

FROZEN = re.compile(r"^BEKU sejak (\d\d:\d\d:\d\d)$")


async def test_a_page_freezes_when_its_server_dies_or_hangs_and_goes_on_when_it_is_back(
    town: Centre, browser: Browser, environment: Mapping[str, str], account: None
) -> None:
    """Two stories at the same time, since both are mostly waiting; each has a server and a screen of its own."""
    await town.publish("fp-001", '{"rx_power_dbm": -21.4}')
    async with asyncio.TaskGroup() as stories:
        stories.create_task(_dies(town, browser, environment))
        stories.create_task(_hangs(town, browser, environment))


async def _dies(town: Centre, browser: Browser, environment: Mapping[str, str]) -> None:
    """What was published meanwhile is there afterwards, without a new login."""
    async with _watching(browser, environment) as (screen, server):
        await _freezes(screen, server.kill)
        await town.publish("fp-001", "offline", channel="status", retain=True)
        await server.start()
        await _heals(town, screen)
        await expect(screen.trouble("fp-001")).to_have_attribute("data-state", "down")
        screen.forgive("net::ERR_", "503 (Service Unavailable)")


async def _hangs(town: Centre, browser: Browser, environment: Mapping[str, str]) -> None:
    """The connection stands all the time, so that nothing but silence tells."""
    async with _watching(browser, environment) as (screen, server):
        await _freezes(screen, server.hang)
        server.go_on()
        await _heals(town, screen)


@asynccontextmanager
async def _watching(browser: Browser, environment: Mapping[str, str]) -> AsyncIterator[tuple[Screen, Server]]:
    """A page that is live, and its server; it stays the same page, whatever becomes of that."""
    async with serving(environment) as server, screen_of(browser, server.url) as screen:
        await screen.see()
        await screen.until_counts({"fibre_point": {"up": "1", "unknown": "1"}})
        assert await screen.is_grey() is False
        async with screen.never_reloaded():
            yield screen, server


async def _freezes(screen: Screen, strike: Callable[[], None]) -> None:
    """It names the moment of the last sign of life: a heartbeat comes every 5 s."""
    struck = time.monotonic()
    strike()
    await expect(screen.warning).to_have_text(FROZEN)
    since = FROZEN.fullmatch(await screen.warning.inner_text())
    assert since is not None
    assert -1 < seconds_ago(since[1]) - (time.monotonic() - struck) < 6
    assert await screen.is_grey() is True


async def _heals(town: Centre, screen: Screen) -> None:
    await town.publish("wl-01", '{"level_metres": 3.25}')  # or on a slow machine nothing came for a minute: blind
    await expect(screen.warning).to_be_hidden(timeout=30_000)
    await expect(screen.page.locator("#link")).to_have_text("Langsung")
    assert await screen.is_grey() is False
