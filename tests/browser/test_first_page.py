"""The first page in a real browser: live without a reload, and never old as if it were now."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import expect

from tests.browser.screen import Screen
from tests.browser.wib import seconds_ago
from tests.centre import Centre

pytestmark = pytest.mark.asyncio(loop_scope="session")


def _telemetry(values: str, *, ago_seconds: float = 0) -> str:
    ts = (datetime.now(UTC) - timedelta(seconds=ago_seconds)).timestamp() * 1_000
    return f'{{"ts": {ts:.0f}, "values": {values}}}'


async def test_a_login_shows_counts_and_every_device_with_its_newest_readings(town: Centre, screen: Screen) -> None:
    await town.publish("fp-001", _telemetry('{"rx_power_dbm": -21.4, "rtt_seconds": 0.012}', ago_seconds=30))
    await town.publish("wl-01", _telemetry('{"level_metres": 3.25, "battery_ratio": 0.87}'))
    await town.until("select count(*) from latest", (4,))
    await screen.log_in()
    await expect(screen.state("fp-001")).to_have_text("Normal")
    await expect(screen.cell("fp-001", "daya optik")).to_have_text("-21,4 dBm")
    await expect(screen.cell("fp-001", "waktu tempuh")).to_have_text("12,0 ms")
    await expect(screen.cell("fp-001", "Umur data")).to_have_text(re.compile(r"^3\d dtk$"))
    await expect(screen.cell("wl-01", "baterai")).to_have_text("87,0 %")
    await expect(screen.state("fp-002")).to_have_text("Belum diketahui")
    await expect(screen.cell("fp-002", "Umur data")).to_have_text("belum pernah")
    await screen.until_counts(
        {"Titik serat optik": ["2", "1", "0", "0", "0", "1"], "Tinggi muka air": ["1", "1", "0", "0", "0", "0"]}
    )


async def test_times_are_the_citys_whatever_the_screens_own_clock_and_zone_say(town: Centre, screen: Screen) -> None:
    await town.publish("fp-001", "offline", channel="status")
    await town.until("select count(*) from device_status", (1,))
    await screen.log_in()
    await expect(screen.page.locator(".clock")).to_have_text(re.compile(r"^\d\d:\d\d:\d\d WIB$"))
    since = await screen.page.locator("#troubles .since").first.inner_text()
    clock = await screen.page.locator("#clock").inner_text()
    assert abs(seconds_ago(clock)) < 3
    assert 0 <= seconds_ago(since.removeprefix("sejak ")) < 10


async def test_a_wrong_password_is_told_in_indonesian(screen: Screen) -> None:
    await screen.log_in(password="sungai musi")
    await expect(screen.page.get_by_role("alert")).to_have_text("Nama atau kata sandi salah.")
    screen.forgive("401 (Unauthorized)")


async def test_english_is_one_parameter_away(town: Centre, screen: Screen) -> None:
    await town.publish("wl-01", '{"level_metres": 3.25}')
    await town.until("select count(*) from latest", (1,))
    await screen.log_in(query="?lang=en")
    await expect(screen.page.locator("#link")).to_have_text("Live")
    await expect(screen.cell("wl-01", "level")).to_have_text("3.25 m")
    await expect(screen.page.locator("#counts thead th").nth(3)).to_have_text("Degraded")
    assert await screen.page.locator("html").get_attribute("lang") == "en"


async def test_what_is_published_is_on_the_open_page_within_a_moment(town: Centre, screen: Screen) -> None:
    await screen.log_in()
    async with screen.never_reloaded():
        await expect(screen.state("fp-001")).to_have_text("Belum diketahui")
        for value, shown in ((-21.4, "-21,4 dBm"), (-24.9, "-24,9 dBm")):
            await town.publish("fp-001", f'{{"rx_power_dbm": {value}}}')
            await expect(screen.cell("fp-001", "daya optik")).to_have_text(shown, timeout=3_000)
        await expect(screen.state("fp-001")).to_have_text("Normal")
        await expect(screen.page.locator("#troubles")).not_to_contain_text("fp_001")


async def test_a_device_that_loses_its_link_turns_down_on_the_open_page(town: Centre, screen: Screen) -> None:
    await town.publish("fp-001", '{"rx_power_dbm": -21.4}')
    await screen.log_in()
    async with screen.never_reloaded():
        await expect(screen.state("fp-001")).to_have_text("Normal")
        await town.publish("fp-001", "offline", channel="status", retain=True)
        await expect(screen.state("fp-001")).to_have_text("Putus", timeout=3_000)
        await expect(screen.page.locator("#troubles li").first).to_contain_text("Putus")
        await screen.until_counts({"Titik serat optik": ["2", "0", "0", "1", "0", "1"]})


async def test_a_value_is_hatched_by_the_passing_of_time_alone(town: Centre, screen: Screen) -> None:
    """A fibre point speaks every 30 s, so a value of 60 s is old; the other one stays what it is."""
    await town.publish("fp-001", _telemetry('{"rx_power_dbm": -21.4}', ago_seconds=56))
    await town.publish("fp-001", _telemetry('{"rtt_seconds": 0.012}', ago_seconds=20))
    await town.until("select count(*) from latest", (2,))
    await screen.log_in()
    old, fresh = screen.cell("fp-001", "daya optik"), screen.cell("fp-001", "waktu tempuh")
    await expect(old).to_have_text("-21,4 dBm")
    assert await screen.is_hatched(old) is False
    await expect(old).to_have_class(re.compile(r"\bold\b"), timeout=10_000)
    assert await screen.is_hatched(old) is True
    await expect(old).to_have_text(re.compile("^-21,4 dBm1 mnt$"))
    assert await screen.is_hatched(fresh) is False
    await expect(screen.cell("fp-001", "Umur data")).to_have_text(re.compile(r"^2\d dtk$"))
