"""A program of the same account has taken every place there is for one: the wall says so, and comes back by itself."""

import asyncio
from contextlib import AsyncExitStack

import httpx
import pytest
from playwright.async_api import Browser, expect

from dashboards.settings import DashboardsSettings
from tests.browser.screen import PASSWORD, USER, screen_of
from tests.centre import Centre
from tests.patience import PATIENCE_SECONDS

pytestmark = pytest.mark.asyncio(loop_scope="session")

PLACES = DashboardsSettings().clients_of_one_max


async def test_a_wall_that_is_refused_has_its_place_as_soon_as_there_is_one(
    town: Centre, browser: Browser, url: str, account: None
) -> None:
    limits = httpx.Limits(max_connections=PLACES + 1)
    async with (
        httpx.AsyncClient(base_url=url, limits=limits, timeout=PATIENCE_SECONDS) as program,
        screen_of(browser, url) as screen,
    ):
        await program.post("/login", data={"name": USER, "password": PASSWORD})
        async with AsyncExitStack() as streams:
            for _ in range(PLACES):
                stream = await streams.enter_async_context(program.stream("GET", "/api/v1/events"))
                assert stream.status_code == 200
            async with screen.page.expect_response(lambda answer: "/events" in answer.url) as refused:
                await screen.log_in(query="?next=/wall")
            assert (await refused.value).status == 429
            await expect(screen.page.locator("#link")).to_have_text("Menyambung …")
        async with screen.never_reloaded(), asyncio.timeout(PATIENCE_SECONDS):
            await expect(screen.page.locator("#link")).to_have_text("Langsung")
        screen.forgive("429 (Too Many Requests)")
