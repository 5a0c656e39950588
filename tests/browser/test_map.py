"""The map of the wall in a real browser: with WebGL, and without; the break on its cable; gauges with their age."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

import cv2
import numpy as np
import pytest
from playwright.async_api import Browser, Locator, expect
from psycopg.types.json import Jsonb

from deploy.clocks import utc_now
from deploy.database import open_pool
from tests.browser.conftest import fixture
from tests.browser.screen import Screen, screen_of
from tests.dashboards.city import City, Clock
from tests.patience import PATIENCE_SECONDS

pytestmark = pytest.mark.asyncio(loop_scope="session")

PLACES = {"fp-001": (104.175, -4.126), "fp-002": (104.05, -4.30), "fp-003": (104.04, -4.33), "wl-01": (104.18, -4.11)}
# For good, or until the page has heard of it: it waits for it to come back for so many seconds only.
LOSE = """async (canvas, comesBack) => {
  const context = canvas.getContext("webgl2").getExtension("WEBGL_lose_context");
  const lost = new Promise((heard) => canvas.addEventListener("webglcontextlost", heard, { once: true }));
  context.loseContext();
  await lost;
  if (comesBack) setTimeout(() => context.restoreContext());
}"""


@fixture
async def cut(database_url: str) -> AsyncIterator[City]:
    """A cable is cut between FP-001 and FP-002, FP-003 hangs below; the river is high, last heard an hour ago."""
    async with open_pool(database_url, size=2) as pool:
        city = City(pool, Clock(utc_now()))
        await _stands(city)
        judging = asyncio.create_task(_judge(city))
        yield city
        judging.cancel()
        with suppress(asyncio.CancelledError):
            await judging


async def _stands(city: City) -> None:
    now = city.clock.now()
    await city.add("fp-001")
    await city.add("fp-002", parents=["fp-001"])
    await city.add("fp-003", parents=["fp-002"])
    await city.add("wl-01", "water_level", area="Baturaja Timur", name="Sungai Ogan")
    for device, (longitude, latitude) in PLACES.items():
        await city.execute("update device set longitude = %s, latitude = %s where id = %s", longitude, latitude, device)
    await city.stands("fp-001", "up", "up", now)
    await city.stands("fp-002", "down", "down", now)
    await city.stands("fp-003", "unreachable", "upstream", now, cause="fp-002")
    await city.stands("wl-01", "up", "up", now)
    await city.reads("fp-001", "rx_power_dbm", (now, -20.0))
    rising = [(now - timedelta(minutes=5 * ago), 8.0 - ago / 100) for ago in range(36, 11, -1)]
    await city.reads("wl-01", "level_metres", *rising)
    await city.execute(  # what ingest leaves beside readings that are not rolled up yet
        "insert into rollup_due (bucket) select distinct time_bucket('5 minutes', time) from reading",
    )
    await city.execute(
        "insert into incident (root, area, title, severity, state, class, place, affected, opened_at)"
        " values ('fp-002', 'Lengkiti', 'Kabel putus', 'critical', 'open', 'fibre-cut', %s, %s, %s)",
        Jsonb({"above": ["fp-001"], "below": "fp-002", "metres": 2080.0, "because": ["all-below-silent"]}),
        Jsonb({"count": 2, "by_kind": {"fibre_point": 2}, "names": ["FP-002", "FP-003"]}),
        now,
    )


async def _judge(city: City) -> None:
    """The engine goes on to say that it judges."""
    while True:
        city.clock.time = utc_now()
        await city.judged()
        await asyncio.sleep(1)


@asynccontextmanager
async def _wall(browser: Browser, url: str) -> AsyncIterator[tuple[Screen, Locator]]:
    """Logged in, with the place of the map."""
    async with screen_of(browser, url) as screen:
        await screen.log_in(query="?next=/wall")
        yield screen, screen.page.locator(".city-map")


async def _reds(map_: Locator) -> tuple[int, int]:
    """How many pixels are light red, as the shape of what is down; and dark red, as the rim of a break.

    By the share of red, for at night the wall is darker.
    """
    picture = cv2.imdecode(np.frombuffer(await map_.screenshot(), np.uint8), cv2.IMREAD_COLOR).astype(float)
    red, others = picture[..., 2], picture[..., :2].max(axis=2) + 1
    light, dark = (red > 100) & (red / others > 1.6) & (red / others < 2.6), (red > 50) & (red / others > 3)
    return int(light.sum()), int(dark.sum())


async def _is_drawn_with_its_break(map_: Locator) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while min(await _reds(map_)) < 50:
            await asyncio.sleep(0.2)


async def test_the_map_draws_the_break_on_its_cable_and_outlives_a_lost_graphics_card(
    cut: City, drawing_browser: Browser, url: str, account: None
) -> None:
    async with _wall(drawing_browser, url) as (screen, map_):
        await expect(map_).to_have_attribute("data-standing", "drawn")
        await expect(map_.locator(".city-map-spoken li")).to_have_text("Putus antara FP-001 dan FP-002")
        await expect(map_.locator(".city-map-legend li")).to_have_text(["Putus 1", "Tak terjangkau 1", "Normal 2"])
        await _is_drawn_with_its_break(map_)
        canvas = map_.locator("canvas")
        await canvas.evaluate(LOSE, True)
        await _is_drawn_with_its_break(map_)
        await canvas.evaluate(LOSE, False)
        await expect(map_).to_have_attribute("data-standing", "lost")
        await expect(map_.locator(".area-list-why")).to_contain_text("Peta hilang")
        screen.forgive("WebGL: CONTEXT_LOST_WEBGL", "context lost")


async def test_where_no_map_can_be_drawn_a_list_says_so_worst_area_first(
    cut: City, browser: Browser, url: str, account: None
) -> None:
    async with _wall(browser, url) as (_, map_):
        await expect(map_.locator(".area-list-why")).to_contain_text("tanpa WebGL 2")
        worst = map_.locator(".area-list > ul > li").first
        await expect(worst.locator("h3")).to_have_text("Lengkiti")
        await expect(worst.locator("ol li")).to_have_text(["FP-002", "FP-003"])


async def test_a_gauge_shows_level_and_trend_and_is_hatched_when_it_is_not_heard(
    cut: City, browser: Browser, url: str, account: None
) -> None:
    async with _wall(browser, url) as (screen, map_):
        await expect(map_).to_be_visible()
        await screen.page.keyboard.press("3")
        gauge = screen.page.locator(".sensor[data-device='wl-01']")
        await expect(gauge.locator(".sensor-value b")).to_have_text("7,88 m")
        await expect(gauge.locator(".sensor-level")).to_have_text("Siaga")
        await expect(gauge.locator(".sensor-rate")).to_have_text("▲ naik 12 cm/jam")
        assert await screen.is_hatched(gauge)
