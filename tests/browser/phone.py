"""A technician's phone with the page on it: what he does and sees."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, ViewportSize

from tests.browser.chromium import context_of
from tests.browser.line import Line
from tests.browser.screen import LOCALE, PASSWORD, SLOW_CLOCK, ZONE
from tests.patience import PATIENCE_SECONDS

NAME = "budi"
SIZE: ViewportSize = {"width": 390, "height": 844}
AXE = Path(__file__).parents[2] / "dashboards/node_modules/axe-core/axe.min.js"


@dataclass
class Phone:
    """Its clock is an hour slow, its zone and language are others than the city's."""

    context: BrowserContext
    page: Page
    url: str
    faults: list[str] = field(default_factory=list)

    async def log_in(self) -> None:
        await self.page.locator("input[name=name]").fill(NAME)
        await self.page.locator("input[name=password]").fill(PASSWORD)
        await self.page.locator("button").click()

    async def another_tab(self) -> Page:
        page = await self.context.new_page()
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        await page.goto(f"{self.url}/phone")
        return page

    async def open(self) -> None:
        self.page = await self.another_tab()

    async def close(self) -> None:
        """Every page of it; the browser is still there."""
        pages = self.context.pages
        self.page = await self.context.new_page()
        for page in pages:
            await page.close()

    async def find_a_network(self) -> None:
        """What the browser tells the service worker then."""
        session, heard = await self.context.new_cdp_session(self.page), asyncio.Event()
        found: list[str] = []

        def hear(told: Mapping[str, Any]) -> None:
            found.extend(one["registrationId"] for one in told["registrations"] if self.url in one["scopeURL"])
            if found:
                heard.set()

        session.on("ServiceWorker.workerRegistrationUpdated", hear)
        await session.send("ServiceWorker.enable")
        await asyncio.wait_for(heard.wait(), PATIENCE_SECONDS)
        whose = {"origin": self.url, "registrationId": found[0]}
        await session.send("ServiceWorker.dispatchSyncEvent", {**whose, "tag": "pantau-phone", "lastChance": False})

    def incident(self, number: int) -> Locator:
        return self.page.locator(f"[data-incident='{number}']")

    @property
    def age(self) -> Locator:
        return self.page.locator(".age [role=status]")

    async def refresh(self) -> None:
        await self.page.locator(".refresh").click()

    async def acknowledge(self, number: int) -> None:
        await self.incident(number).get_by_role("button", name="Saya tangani").click()

    async def write(self, number: int, text: str) -> None:
        await self.incident(number).get_by_role("button", name="Catatan").click()
        await self.incident(number).locator("textarea").fill(text)
        await self.incident(number).get_by_role("button", name="Simpan").click()

    async def photograph(self, number: int, file: Path, text: str) -> None:
        await self.incident(number).locator("input[type=file]").set_input_files(file)
        await self.incident(number).locator("textarea").fill(text)
        await self.incident(number).get_by_role("button", name="Simpan").click()

    async def is_hatched(self) -> bool:
        card = self.page.locator("main .card").first
        return "gradient" in await card.evaluate("(card) => getComputedStyle(card).backgroundImage")

    async def shells(self) -> list[str]:
        """Names of the shells that the service worker keeps."""
        names: list[str] = await self.page.evaluate("caches.keys()")
        return names

    async def not_to_be_installed_because(self) -> list[str]:
        """What the browser has against an icon of this page on the phone's desk."""
        session = await self.context.new_cdp_session(self.page)
        manifest = await session.send("Page.getAppManifest")
        against = await session.send("Page.getInstallabilityErrors")
        return [*manifest["errors"], *(one["errorId"] for one in against["installabilityErrors"])]

    async def small_targets(self) -> list[str]:
        """What is to be hit by a thumb, and is smaller than one."""
        script = """() => [...document.querySelectorAll('button, .button, textarea')]
            .filter((one) => one.getClientRects().length && one.getBoundingClientRect().height < 48)
            .map((one) => one.outerHTML)"""
        found: list[str] = await self.page.evaluate(script)
        return found

    async def axe(self) -> list[str]:
        """What axe finds wrong."""
        await self.page.evaluate(AXE.read_text())
        found: Mapping[str, Any] = await self.page.evaluate("axe.run()")
        return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found["violations"]]


@asynccontextmanager
async def phone_of(browser: Browser, line: Line) -> AsyncIterator[Phone]:
    """No request is intercepted here: that would turn the browser's cache off, and pass the service worker by."""
    options = {"timezone_id": ZONE, "locale": LOCALE, "reduced_motion": "reduce", "color_scheme": "light"}
    async with context_of(browser, viewport=SIZE, has_touch=True, **options) as context:
        await context.add_init_script(SLOW_CLOCK)
        phone = Phone(context, await context.new_page(), line.url)

        def hear(message: ConsoleMessage) -> None:
            # A browser notes by itself what the network or a server refused; no page can keep it from that.
            if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
                phone.faults.append(f"{message.text} ({message.location})")

        phone.page.on("console", hear)
        phone.page.on("pageerror", lambda error: phone.faults.append(str(error)))
        yield phone
    assert not phone.faults, phone.faults


def take_photo(file: Path) -> Path:
    """A picture of 2 MB, larger than a bad line takes, with the place it was taken at in its Exif."""
    noise = np.random.default_rng(1).integers(0, 255, (150, 200, 3), np.uint8)
    picture = cv2.resize(noise, (3_200, 2_400), interpolation=cv2.INTER_CUBIC)
    _, jpeg = cv2.imencode(".jpg", picture)
    place = b"Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0GPS 4.13 S"
    mark = b"\xff\xe1" + (len(place) + 2).to_bytes(2, "big") + place
    file.write_bytes(jpeg[:2].tobytes() + mark + jpeg[2:].tobytes())
    return file
