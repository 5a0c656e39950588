"""The link between page and server is lost: the page says since when it is old, and heals by itself."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.browser.screen import Screen, screen_of
from tests.browser.server import Server, serving
from tests.browser.wib import seconds_between
from tests.centre import Centre
from tests.patience import PATIENCE_SECONDS

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
        await screen.is_live()
        await expect(screen.trouble("fp-001")).to_have_attribute("data-state", "down")
        screen.forgive("net::ERR_", "503 (Service Unavailable)")


async def _hangs(town: Centre, browser: Browser, environment: Mapping[str, str]) -> None:
    """The connection stands all the time, so that nothing but silence tells."""
    async with _watching(browser, environment) as (screen, server):
        await _freezes(screen, server.hang)
        server.go_on()
        await screen.is_live()
        screen.forgive("503 (Service Unavailable)")  # of what it was asked before, and was then too late for


@asynccontextmanager
async def _watching(browser: Browser, environment: Mapping[str, str]) -> AsyncIterator[tuple[Screen, Server]]:
    """A page that is live, and its server; it stays the same page, whatever becomes of that."""
    async with serving(environment) as server, screen_of(browser, server.url) as screen:
        await screen.see()
        await screen.until_counts({"fibre_point": {"up": "1", "unknown": "1"}})
        await screen.is_live()
        async with screen.never_reloaded():
            yield screen, server


async def _freezes(screen: Screen, strike: Callable[[], None]) -> None:
    """It names the moment of the last sign of life, of which a heartbeat brings one every 5 s."""
    session, read = await screen.page.context.new_cdp_session(screen.page), list[datetime]()
    session.on("Network.eventSourceMessageReceived", lambda event: read.append(_read_at(json.loads(event["data"]))))
    await session.send("Network.enable")
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not read:
            await asyncio.sleep(0.1)
        strike()
        while not _names(await screen.warning.inner_text(), max(read)):
            await asyncio.sleep(0.1)
    assert await screen.is_grey() is True


def _names(warning: str, moment: datetime) -> bool:
    since = FROZEN.fullmatch(warning)
    return since is not None and abs(seconds_between(since[1], moment)) < 2


def _read_at(message: Mapping[str, Any]) -> datetime:
    """When the server had read what it tells."""
    return datetime.fromisoformat(message["data"]["read_at"] if message["type"] == "heartbeat" else message["at"])
