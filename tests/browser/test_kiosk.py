"""A screen without hands: its token becomes a cookie, it outlives the server, and it ends with its token."""

import asyncio
import re
import secrets
import time
from collections.abc import Mapping

import pytest
from playwright.async_api import Browser, expect

from dashboards.rights import tokens
from dashboards.roles import Role
from deploy.clocks import utc_now
from deploy.database import connect
from tests.browser.screen import Screen, screen_of
from tests.browser.server import Server, serving
from tests.centre import Centre
from tests.patience import PATIENCE_SECONDS

pytestmark = pytest.mark.asyncio(loop_scope="session")

YEAR_SECONDS = 365 * 86_400
POST = """async () => (await fetch("/api/v1/silences", {
  method: "POST", headers: { "Content-Type": "application/json" }, body: "{}",
})).status"""


# A scene whose turn comes while the server is away must be there already.
FETCHED_AHEAD = "performance.getEntriesByType('resource').some((one) => /environment-.*css$/.test(one.name))"


async def _token(town: Centre, name: str, role: Role) -> str:
    async with connect(town.database_url) as connection:
        return await tokens.create(connection, name, role, now=utc_now(), token_bytes=secrets.token_bytes)


async def test_a_screen_is_let_in_by_its_token_for_as_long_as_that_is_good(
    town: Centre, browser: Browser, environment: Mapping[str, str]
) -> None:
    await town.publish("fp-001", '{"rx_power_dbm": -21.4}')
    lobby, script = await _token(town, "lobi", Role.WALL), await _token(town, "skrip", Role.OPERATOR)
    async with serving(environment) as server, screen_of(browser, server.url) as screen:
        await _is_refused_in_words(screen, token="pantau_wrong", status=401)
        await _is_refused_in_words(screen, token=script, status=403)
        await _is_let_in(screen, lobby)
        await _outlives(screen, server)
        async with connect(town.database_url) as connection:
            await tokens.revoke(connection, "lobi", now=utc_now())
        await expect(screen.page.locator(".newest")).to_have_text(re.compile("^Sesi layar tidak dikenal"))
        await expect(screen.warning).to_have_text(re.compile("^BEKU sejak"))
        await screen.page.goto("about:blank")  # so that it stops asking
        screen.forgive("net::ERR_", "401 (Unauthorized)", "403 (Forbidden)", "503 (Service Unavailable)")


async def _is_refused_in_words(screen: Screen, *, token: str, status: int) -> None:
    """And it asks again by itself."""
    answer = await screen.page.goto(f"{screen.url}/wall?token={token}")
    assert answer is not None
    assert answer.status == status
    await expect(screen.page.get_by_role("alert")).to_be_visible()
    await expect(screen.page.locator("meta[http-equiv=refresh]")).to_have_attribute("content", re.compile(r"^\d+$"))
    assert await screen.page.context.cookies() == []


async def _is_let_in(screen: Screen, token: str) -> None:
    await screen.page.goto(f"{screen.url}/wall?token={token}&lang=id")
    assert screen.page.url == f"{screen.url}/wall?lang=id"
    await screen.until_counts({"fibre_point": {"up": "1", "unknown": "1"}})
    (cookie,) = await screen.page.context.cookies()
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Strict")
    assert cookie["expires"] > time.time() + YEAR_SECONDS
    assert await screen.page.evaluate(POST) == 403


async def _outlives(screen: Screen, server: Server) -> None:
    """The server begins anew, and then the screen does: neither needs anybody."""
    async with screen.never_reloaded():
        await _has_fetched_ahead(screen)
        server.kill()
        await expect(screen.warning).to_have_text(re.compile("^BEKU sejak"))
        await screen.page.keyboard.press("3")
        await expect(screen.page.locator(".environment-view, .environment-none")).to_be_visible()
        await screen.page.keyboard.press("1")
        await server.start()
        await screen.is_live()
    await screen.page.goto(f"{screen.url}/wall")
    await screen.until_counts({"fibre_point": {"up": "1", "unknown": "1"}})
    await _has_fetched_ahead(screen)


async def _has_fetched_ahead(screen: Screen) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await screen.page.evaluate(FETCHED_AHEAD):
            await asyncio.sleep(0.2)
