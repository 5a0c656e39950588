"""The wall in a real browser: live without a reload, and never old as if it were now."""

import asyncio
import re
import time
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import expect

from tests.browser.screen import Screen
from tests.browser.wib import seconds_ago
from tests.centre import Centre
from tests.patience import PATIENCE_SECONDS

pytestmark = pytest.mark.asyncio(loop_scope="session")


def _telemetry(values: str, *, ago_seconds: float = 0) -> str:
    ts = (datetime.now(UTC) - timedelta(seconds=ago_seconds)).timestamp() * 1_000
    return f'{{"ts": {ts:.0f}, "values": {values}}}'


def _seconds(age: str) -> int:
    """At least so many: "34 dtk", "1 mnt"."""
    number, unit = age.split()
    return int(number) * {"dtk": 1, "mnt": 60}[unit]


async def test_a_login_leads_to_the_wall_with_its_counts_and_who_is_not_well(town: Centre, screen: Screen) -> None:
    published = time.monotonic()
    await town.publish("fp-001", _telemetry('{"rx_power_dbm": -21.4, "rtt_seconds": 0.012}', ago_seconds=30))
    await town.publish("wl-01", _telemetry('{"level_metres": 3.25, "battery_ratio": 0.87}'))
    await town.until("select count(*) from latest", (4,))
    await screen.see()
    await screen.until_counts({"fibre_point": {"up": "1", "unknown": "1"}, "water_level": {"up": "1"}})
    await expect(screen.kind("fibre_point")).to_have_attribute("data-state", "unknown")
    age = await screen.kind("fibre_point").locator(".age").inner_text()
    assert 29 <= _seconds(age) <= time.monotonic() - published + 30
    await expect(screen.trouble("fp-002")).to_have_attribute("data-state", "unknown")
    await expect(screen.page.locator("#verdict")).to_have_text("1 perangkat tidak normal")


async def test_times_are_the_citys_whatever_the_screens_own_clock_and_zone_say(town: Centre, screen: Screen) -> None:
    published = time.monotonic()
    await town.publish("fp-001", "offline", channel="status")
    await town.until("select count(*) from device_status", (1,))
    await screen.see()
    await expect(screen.page.locator(".clock .time")).to_have_text(re.compile(r"^\d\d:\d\d:\d\d WIB$"))
    since = await screen.trouble("fp-001").locator(".since").inner_text()
    assert -1 < seconds_ago(since) <= time.monotonic() - published + 1
    await screen.tells_the_time()


async def test_a_wrong_password_is_told_in_indonesian(screen: Screen) -> None:
    await screen.log_in(password="sungai musi")
    await expect(screen.page.get_by_role("alert")).to_have_text("Nama atau kata sandi salah.")
    screen.forgive("401 (Unauthorized)")


async def test_english_is_one_parameter_or_one_key_away_and_stays(town: Centre, screen: Screen) -> None:
    await town.publish("wl-01", '{"level_metres": 3.25}')
    await town.until("select count(*) from latest", (1,))
    await screen.see(query="?lang=en")
    await expect(screen.page.locator("#link")).to_have_text("Live")
    await expect(screen.kind("water_level").locator("h3")).to_have_text("Water level")
    assert await screen.page.locator("html").get_attribute("lang") == "en"
    await screen.page.keyboard.press("l")
    await expect(screen.page.locator("#link")).to_have_text("Langsung")
    await screen.page.reload()
    await expect(screen.page.locator("#link")).to_have_text("Langsung")


async def test_a_device_that_loses_its_link_turns_down_on_the_open_page(town: Centre, screen: Screen) -> None:
    await screen.see()
    async with screen.never_reloaded():
        await expect(screen.trouble("fp-001")).to_have_attribute("data-state", "unknown")
        await town.publish("fp-001", '{"rx_power_dbm": -21.4}')
        await expect(screen.trouble("fp-001")).to_have_count(0)
        await expect(screen.page.locator("#newest")).to_have_text(re.compile(r"^\d+ (dtk|mnt) lalu$"))
        await town.publish("fp-001", "offline", channel="status", retain=True)
        await expect(screen.trouble("fp-001")).to_have_attribute("data-state", "down")
        await expect(screen.page.locator("#troubles li").first).to_contain_text("fp_001")
        await screen.until_counts({"fibre_point": {"down": "1", "unknown": "1"}})


async def test_a_tile_is_hatched_by_the_passing_of_time_alone(town: Centre, screen: Screen) -> None:
    """A fibre point speaks every 30 s, so what it said 60 s ago is old; a gauge may be silent for longer."""
    await screen.see()
    old, fresh = screen.kind("fibre_point"), screen.kind("water_level")
    async with asyncio.timeout(PATIENCE_SECONDS):
        while await screen.is_hatched(old):  # until one is there in time
            await town.publish("wl-01", _telemetry('{"level_metres": 3.25}', ago_seconds=38))
            await town.publish("fp-001", _telemetry('{"rx_power_dbm": -21.4}', ago_seconds=38))
            await asyncio.sleep(1)
    await expect(old).to_have_class(re.compile(r"\bold\b"))
    assert await screen.is_hatched(old) is True
    await expect(old.locator(".age")).to_have_text(re.compile(r"^\d mnt$"))
    assert await screen.is_hatched(fresh) is False


async def test_the_operators_keys_choose_hold_and_explain_scenes(town: Centre, screen: Screen) -> None:
    await screen.see()
    stage = screen.page.locator(".stage")
    await expect(stage).to_have_attribute("data-scene", "network")
    await screen.page.keyboard.press("4")
    await expect(stage).to_have_attribute("data-scene", "incidents")
    await screen.page.keyboard.press("Space")
    await expect(screen.page.locator(".stays")).to_have_text("DITAHAN")
    await screen.page.keyboard.press("?")
    await expect(screen.page.get_by_role("dialog")).to_contain_text("pilih insiden")
    await screen.page.keyboard.press("Escape")
    await expect(screen.page.get_by_role("dialog")).to_have_count(0)
