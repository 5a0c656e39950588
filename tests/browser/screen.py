"""A screen with the page on it: what somebody in front of it does and sees."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.async_api import Browser, ConsoleMessage, Locator, Page, Route

PATIENCE_SECONDS = 10.0
USER = "operator"
PASSWORD = "sungai ogan"
# Neither the city's zone nor its language, and an hour slow: the page must not care.
ZONE, LOCALE = "America/New_York", "en-US"
SLOW_CLOCK = """
globalThis.Date = class extends Date {
  constructor(...given) { given.length ? super(...given) : super(Date.now()); }
  static now() { return super.now() - 3_600_000; }
};
"""


@dataclass
class Screen:
    page: Page
    url: str
    # What must not be: errors in the console (a breach of the page's policy is one), exceptions, requests to others.
    faults: list[str] = field(default_factory=list)

    async def log_in(self, *, password: str = PASSWORD, query: str = "") -> None:
        await self.page.goto(f"{self.url}/login{query}")
        await self.page.locator("input[name=name]").fill(USER)
        await self.page.locator("input[name=password]").fill(password)
        await self.page.locator("button").click()

    def row(self, device: str) -> Locator:
        """The line of a device."""
        return self.page.locator(".devices tr", has=self.page.locator(f".id:text-is('{device}')"))

    def cell(self, device: str, label: str) -> Locator:
        return self.row(device).locator(f"td[data-label='{label}']")

    def state(self, device: str) -> Locator:
        return self.row(device).locator(".state")

    @property
    def warning(self) -> Locator:
        return self.page.locator("#warning")

    async def is_hatched(self, cell: Locator) -> bool:
        return "gradient" in await cell.evaluate("(cell) => getComputedStyle(cell).backgroundImage")

    async def fits(self, width: int) -> bool:
        """Whether nothing stands beyond the right edge of a screen so wide."""
        await self.page.set_viewport_size({"width": width, "height": 1080})
        return bool(await self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"))

    async def is_grey(self) -> bool:
        return "grayscale(1)" in await self.page.locator("main").evaluate("(main) => getComputedStyle(main).filter")

    @asynccontextmanager
    async def never_reloaded(self) -> AsyncIterator[None]:
        """What happens meanwhile happens on this very page: not fetched anew, not left for the login."""
        await self.page.wait_for_load_state()
        await self.page.evaluate("globalThis.neverReloaded = true")
        yield
        assert await self.page.evaluate("globalThis.neverReloaded === true")

    def forgive(self, *notes: str) -> None:
        """The browser notes in the console what the network or a server refused it; no page can keep it from that."""
        self.faults = [fault for fault in self.faults if not any(note in fault for note in notes)]

    async def until_counts(self, expected: dict[str, list[str]]) -> None:
        """Of these kinds. The page counts a fifth of a second after the last change, and the engine when it can."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not (found := await self.counts()).items() >= expected.items() and time.monotonic() < deadline:
            await asyncio.sleep(0.05)
        assert {kind: found.get(kind) for kind in expected} == expected

    async def counts(self) -> dict[str, list[str]]:
        """The table of counts: the row's words by kind."""
        rows = await self.page.locator("#counts tbody tr").all_inner_texts()
        return {kind: counts for kind, *counts in (row.split("\t") for row in rows)}


@asynccontextmanager
async def screen_of(browser: Browser, url: str) -> AsyncIterator[Screen]:
    context = await browser.new_context(
        viewport={"width": 1920, "height": 1080}, timezone_id=ZONE, locale=LOCALE, reduced_motion="reduce"
    )
    page = await context.new_page()
    screen = Screen(page, url)

    async def refuse(route: Route) -> None:
        screen.faults.append(f"a request to {route.request.url}")
        await route.abort()

    def hear(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            screen.faults.append(f"{message.text} ({message.location})")

    await context.route(lambda asked: urlsplit(asked).netloc != urlsplit(url).netloc, refuse)
    await context.add_init_script(SLOW_CLOCK)
    page.on("console", hear)
    page.on("pageerror", lambda error: screen.faults.append(str(error)))
    yield screen
    await context.close()
    assert not screen.faults, screen.faults
