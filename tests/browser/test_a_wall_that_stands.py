"""A wall that does not draw any more loads itself anew; one that does not even answer is not left looking live."""

import asyncio
import base64
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import cv2
import numpy as np
import pytest
from playwright.async_api import Browser, CDPSession, expect
from playwright.async_api import Error as PlaywrightError

from tests.browser.screen import Screen, screen_of
from tests.centre import Centre
from tests.patience import PATIENCE_SECONDS

pytestmark = pytest.mark.asyncio(loop_scope="session")

# Whatever tells the time throws from now on, in the midst of drawing.
THROWS = """() => Object.defineProperty(Intl.DateTimeFormat.prototype, "format", {
  get() { throw new Error("no time to tell"); },
})"""
NO_FRAMES = "() => { globalThis.requestAnimationFrame = () => 0; }"
# Frames come, and what the page draws is not what is seen.
CLOCK_STANDS = "() => { const clock = document.getElementById('clock'); clock.replaceWith(clock.cloneNode(true)); }"
BUSY_SECONDS = 20
BUSY = f"() => void setTimeout(() => {{ const end = Date.now() + {BUSY_SECONDS}_000; while (Date.now() < end); }})"
# What a page without anything drawn says, for as long as that is there: kept over its reload.
KEEP = """() => new MutationObserver(() => {
  const said = document.querySelector(".broken.page")?.textContent;
  if (said) sessionStorage.setItem("test.said", said);
}).observe(document, { childList: true, subtree: true })"""
SAID = "sessionStorage.getItem('test.said')"
WHY = "JSON.parse(sessionStorage.getItem('pantau.reloads') ?? '[]').map(({ why }) => why)"


@asynccontextmanager
async def _wall(browser: Browser, url: str) -> AsyncIterator[Screen]:
    async with screen_of(browser, url) as screen:
        await screen.see(query="?next=/wall")
        await expect(screen.page.locator("#link")).to_have_text("Langsung")
        yield screen


async def test_a_wall_that_does_not_draw_loads_itself_anew_and_says_why(
    town: Centre, browser: Browser, url: str, account: None
) -> None:
    """Three walls at the same time, since it is mostly waiting."""
    await town.publish("fp-001", '{"rx_power_dbm": -21.4}')
    async with asyncio.TaskGroup() as walls:
        walls.create_task(_is_loaded_anew(browser, url, THROWS, r"(draw|error): .*Error: no time to tell"))
        walls.create_task(_is_loaded_anew(browser, url, NO_FRAMES, "standstill"))
        walls.create_task(_is_loaded_anew(browser, url, CLOCK_STANDS, "standstill"))


async def _is_loaded_anew(browser: Browser, url: str, strike: str, why: str) -> None:
    async with _wall(browser, url) as screen:
        page = screen.page
        assert await page.evaluate(WHY) == []
        await page.evaluate("globalThis.struck = true")
        await page.evaluate(KEEP)
        async with page.expect_navigation():
            await page.evaluate(strike)
        await expect(page.locator("#link")).to_have_text("Langsung")
        await expect(page.locator("#clock")).to_have_text(re.compile(r"\d\d:\d\d:\d\d"))
        assert await page.evaluate("globalThis.struck") is None
        if strike == THROWS:
            assert await page.evaluate(SAID) == "Halaman gagal digambar; dimuat ulang sendiri"
        (told,) = await page.evaluate(WHY)
        assert re.fullmatch(why, told)
        screen.forgive("no time to tell")


@dataclass
class Camera:
    """Films the screen as a passer-by sees it: not even a page that does not answer can keep it from that."""

    session: CDPSession
    picture: cv2.typing.MatLike | None = None

    async def film(self) -> None:
        self.session.on("Page.screencastFrame", self._take)
        await self.session.send("Page.startScreencast", {"format": "png"})

    def _take(self, told: Mapping[str, object]) -> None:
        encoded = base64.b64decode(str(told["data"]))
        self.picture = cv2.imdecode(np.frombuffer(encoded, np.uint8), cv2.IMREAD_COLOR)
        self._acknowledging = asyncio.ensure_future(self._acknowledge(told["sessionId"]))

    async def _acknowledge(self, number: object) -> None:
        with suppress(PlaywrightError):  # the last one, when the page is closed
            await self.session.send("Page.screencastFrameAck", {"sessionId": number})

    def sees_the_band(self) -> bool:
        """Dark red from the left edge to the right, in the middle of the screen."""
        if self.picture is None:
            return False
        height, width = self.picture.shape[:2]
        spots = (self.picture[int(0.42 * height), int(share * width)] for share in (0.01, 0.3, 0.7, 0.99))
        return all(red > 100 and max(green, blue) < 60 for blue, green, red in (map(int, spot) for spot in spots))


async def test_a_wall_that_does_not_answer_is_veiled_until_it_does(
    town: Centre, browser: Browser, url: str, account: None
) -> None:
    await town.publish("fp-001", '{"rx_power_dbm": -21.4}')
    async with _wall(browser, url) as screen:
        camera = Camera(await screen.page.context.new_cdp_session(screen.page))
        await camera.film()
        async with screen.never_reloaded(), asyncio.timeout(PATIENCE_SECONDS):
            # Once the page has made room for what the worker draws, which it does soon after it is there.
            while not camera.sees_the_band():
                await _does_not_answer(screen, camera)
            while camera.sees_the_band():
                await asyncio.sleep(0.1)
            await expect(screen.page.locator("#link")).to_have_text("Langsung")


async def _does_not_answer(screen: Screen, camera: Camera) -> None:
    """For so long, or until it is veiled."""
    await screen.page.evaluate(BUSY)
    with suppress(TimeoutError):
        async with asyncio.timeout(BUSY_SECONDS):
            while not camera.sees_the_band():
                await asyncio.sleep(0.1)
