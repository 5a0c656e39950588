"""A proxy holds the whole live stream back by the same time, from its first message: nothing looks newer than it is."""

import pytest
from playwright.async_api import Browser, Locator, expect

from tests.browser.line import line_to
from tests.browser.screen import screen_of
from tests.browser.test_frozen_page import FROZEN
from tests.browser.wib import seconds_ago
from tests.centre import Centre

pytestmark = pytest.mark.asyncio(loop_scope="session")

# More than the page may be without a sign, less than after what it would connect anew.
HELD_BACK_SECONDS = 12.0
# Less than the page may be without a sign, more with the five seconds between two heartbeats.
LATE_SECONDS = 6.0
# No heartbeat, of which one comes every five seconds, puts the clock back.
MORE_TICKS = 15


async def test_what_comes_late_from_the_first_message_on_is_shown_as_old_as_it_is(
    town: Centre, browser: Browser, url: str, account: None
) -> None:
    await town.publish("fp-001", '{"rx_power_dbm": -21.4}')
    async with line_to(url) as line, screen_of(browser, line.url) as screen:
        line.holds_back_seconds = HELD_BACK_SECONDS
        await screen.see(query="?next=/wall")
        await screen.until_counts({"fibre_point": {"up": "1", "unknown": "1"}})
        async with screen.never_reloaded():
            await screen.tells_the_time()
            await _is_as_old_as_it_is(screen.warning)
            for _ in range(MORE_TICKS):
                assert FROZEN.fullmatch(await screen.warning.inner_text())
                assert abs(await screen.clock_is_off_by()) < HELD_BACK_SECONDS / 2
            assert await screen.is_grey() is True
            line.holds_back_seconds = 0
            line.cut()
            await screen.is_live()
        screen.forgive("net::ERR_")


async def _is_as_old_as_it_is(warning: Locator) -> None:
    """It names the moment at which the server had looked."""
    await expect(warning).to_have_text(FROZEN)
    since = FROZEN.fullmatch(await warning.inner_text())
    assert since is not None
    assert seconds_ago(since[1]) > HELD_BACK_SECONDS - 2


async def test_what_is_late_by_less_in_a_quiet_city_is_frozen_and_does_not_come_and_go(
    town: Centre, browser: Browser, url: str, account: None
) -> None:
    """Between two heartbeats it is too old, and just behind each it is not: nobody would know what to believe."""
    await town.publish("fp-001", '{"rx_power_dbm": -21.4}')
    async with line_to(url) as line, screen_of(browser, line.url) as screen:
        line.holds_back_seconds = LATE_SECONDS
        await screen.see(query="?next=/wall")
        async with screen.never_reloaded():
            await screen.tells_the_time()
            await expect(screen.warning).to_have_text(FROZEN)
            for _ in range(MORE_TICKS):
                assert FROZEN.fullmatch(await screen.warning.inner_text())
                assert abs(await screen.clock_is_off_by()) < LATE_SECONDS
            line.holds_back_seconds = 0
            line.cut()
            await screen.is_live()
        screen.forgive("net::ERR_")
