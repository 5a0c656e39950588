"""A wall shows each picture when it comes, not when the next one does: Chromium draws the stream."""

from collections.abc import AsyncIterator

import cv2
import numpy as np
import pytest
from playwright.async_api import Page, async_playwright

from dashboards.cameras.lettering import AMBER
from dashboards.roles import Role
from tests.browser.chromium import FLAT, context_of, launched
from tests.dashboards.city import City, Clock
from tests.dashboards.footage import BLUE, GREEN, RED, Footage, jpeg_of

PATH = "/api/v1/cameras/cam-01/stream.mjpg"
DRAW = """path => {
    const image = document.createElement("img");
    image.src = path;
    document.body.replaceChildren(image);
}"""


@pytest.fixture
async def page(url: str, secrets: dict[Role, str]) -> AsyncIterator[Page]:
    """A page of ours, under the policy that our pages are under."""
    headers = {"Authorization": f"Bearer {secrets[Role.WALL]}"}
    async with (
        async_playwright() as playwright,
        await launched(playwright, *FLAT) as browser,
        context_of(browser, extra_http_headers=headers) as context,
    ):
        page = await context.new_page()
        await page.goto(f"{url}/login")
        yield page


async def _shows(page: Page, colour: tuple[int, int, int]) -> None:
    """Returns when the picture is of that colour, as far as JPEG keeps one; else the test's own time runs out."""
    while True:
        shot = cv2.imdecode(np.frombuffer(await page.screenshot(), np.uint8), cv2.IMREAD_COLOR)
        assert shot is not None
        share = (np.abs(shot.astype(int) - colour).max(axis=2) < 40).mean()
        if share > 0.002:
            return


async def test_a_browser_shows_each_picture_at_once_and_a_placard_when_there_is_none(
    page: Page, city: City, clock: Clock, footage: Footage
) -> None:
    await city.add("cam-01", "camera")
    footage.capture("cam-01", clock.now(), jpeg_of(RED))
    await page.evaluate(DRAW, PATH)
    await _shows(page, RED)
    for colour in (GREEN, BLUE):
        clock.pass_seconds(2)
        footage.capture("cam-01", clock.now(), jpeg_of(colour))
        await _shows(page, colour)
    clock.pass_seconds(21)
    await _shows(page, AMBER)
