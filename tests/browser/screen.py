"""A screen with the page on it: what somebody in front of it does and sees."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from playwright.async_api import Browser, ConsoleMessage, Locator, Page, Route, expect

from tests.browser.chromium import context_of
from tests.browser.wib import WIB, seconds_between
from tests.patience import PATIENCE_SECONDS

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

# A clock without fractions, on a page that hears the time from afar.
CLOCK_SECONDS = 2.0
# Not by the page's Date, which is slow.
DRAWN = """() => new Promise((drawn) => {
  const clock = document.getElementById("clock");
  const changed = new MutationObserver(() => {
    changed.disconnect();
    drawn([clock.textContent, performance.timeOrigin + performance.now()]);
  });
  changed.observe(clock, { characterData: true, childList: true, subtree: true });
})"""
COUNTS = """(list) => {
  const count = (one) => [one.dataset.count, one.innerText.trim()];
  const counts = (kind) => [...kind.querySelectorAll("[data-count]")].map(count);
  const kinds = [...list.querySelectorAll("[data-kind]")];
  return Object.fromEntries(kinds.map((kind) => [kind.dataset.kind, Object.fromEntries(counts(kind))]));
}"""


@dataclass
class Screen:
    page: Page
    url: str
    # What must not be: errors in the console (a breach of the page's policy is one), exceptions, requests to others.
    faults: list[str] = field(default_factory=list)
    forgiven: list[str] = field(default_factory=list)

    async def log_in(self, *, password: str = PASSWORD, query: str = "") -> None:
        await self.page.goto(f"{self.url}/login{query}")
        await self.page.locator("input[name=name]").fill(USER)
        await self.page.locator("input[name=password]").fill(password)
        await self.page.locator("button").click()

    async def see(self, *, query: str = "") -> None:
        """Log in, and wait until the wall shows the city."""
        await self.log_in(query=query)
        await self.page.locator("#counts").wait_for()

    def trouble(self, device: str) -> Locator:
        """The line of a device that is not well."""
        return self.page.locator(f"#troubles [data-device='{device}']")

    def kind(self, kind: str) -> Locator:
        """The tile of a kind of device."""
        return self.page.locator(f"#counts [data-kind='{kind}']")

    def camera(self, device: str) -> Locator:
        return self.page.locator(f".camera[data-device='{device}']")

    @property
    def warning(self) -> Locator:
        return self.page.locator("#warning")

    async def is_hatched(self, tile: Locator) -> bool:
        return "gradient" in await tile.evaluate("(tile) => getComputedStyle(tile).backgroundImage")

    async def fits(self, width: int) -> bool:
        """Whether nothing stands beyond the right edge of a screen so wide."""
        await self.page.set_viewport_size({"width": width, "height": 1080})
        return bool(await self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"))

    async def is_grey(self) -> bool:
        return "grayscale(1)" in await self.page.locator("main").evaluate("(main) => getComputedStyle(main).filter")

    async def is_live(self) -> None:
        """Returns when it is: a page that was held up says for a moment, and truly, that it is not."""
        await expect(self.page.locator("#link")).to_have_text(re.compile("^(Langsung|Live)$"))
        await expect(self.warning).to_be_hidden()
        await expect(self.page.locator("main")).not_to_have_css("filter", re.compile(r"grayscale\(1\)"))

    async def clock_is_off_by(self) -> float:
        """How many seconds the clock of the page is ahead of the city's, in the moment in which it is drawn."""
        text, now = await self.page.evaluate(DRAWN)
        return -seconds_between(text[:8], datetime.fromtimestamp(now / 1_000, WIB))

    async def tells_the_time(self) -> None:
        """Returns when it does: what told it was on its way for a while; it asks once a minute."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while abs(await self.clock_is_off_by()) > CLOCK_SECONDS:
                pass

    @asynccontextmanager
    async def never_reloaded(self) -> AsyncIterator[None]:
        """What happens meanwhile happens on this very page: not fetched anew, not left for the login."""
        await self.page.wait_for_load_state()
        await self.page.evaluate("globalThis.neverReloaded = true")
        yield
        assert await self.page.evaluate("globalThis.neverReloaded === true")

    def forgive(self, *notes: str) -> None:
        """The browser notes in the console what the network or a server refused it; no page can keep it from that.

        Now and then once more, before the page is closed.
        """
        self.forgiven += notes

    def unforgiven(self) -> list[str]:
        return [fault for fault in self.faults if not any(note in fault for note in self.forgiven)]

    async def until_counts(self, expected: dict[str, dict[str, str]]) -> None:
        """Of these kinds. The page counts a fifth of a second after the last change, and the engine when it can."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not (found := await self.counts()).items() >= expected.items() and time.monotonic() < deadline:
            await asyncio.sleep(0.05)
        assert {kind: found.get(kind) for kind in expected} == expected

    async def counts(self) -> dict[str, dict[str, str]]:
        """How many of each kind are in which state; only states that any is in."""
        found: dict[str, dict[str, str]] = await self.page.locator("#counts").evaluate(COUNTS)
        return found


@asynccontextmanager
async def screen_of(browser: Browser, url: str, *, also: Collection[str] = ()) -> AsyncIterator[Screen]:
    """`also`: other hosts with their ports that the page may ask."""
    options = {"timezone_id": ZONE, "locale": LOCALE, "reduced_motion": "reduce"}
    async with context_of(browser, viewport={"width": 1920, "height": 1080}, **options) as context:
        page = await context.new_page()
        screen = Screen(page, url)

        async def refuse(route: Route) -> None:
            screen.faults.append(f"a request to {route.request.url}")
            await route.abort()

        def hear(message: ConsoleMessage) -> None:
            # Where there is no graphics card, the browser's own driver complains of how slow it is.
            if message.type in {"error", "warning"} and not message.text.startswith("[.WebGL-"):
                screen.faults.append(f"{message.text} ({message.location})")

        hosts = {urlsplit(url).netloc, *also}
        await context.route(lambda asked: urlsplit(asked).netloc not in hosts, refuse)
        await context.add_init_script(SLOW_CLOCK)
        page.on("console", hear)
        page.on("pageerror", lambda error: screen.faults.append(str(error)))
        yield screen
    assert not screen.unforgiven(), screen.unforgiven()
