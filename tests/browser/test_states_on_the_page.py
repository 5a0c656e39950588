"""What the engine makes of devices, on the wall: because of whom, with which mark; and that it is dead."""

import asyncio
import re
from datetime import timedelta

import psycopg
import pytest
from playwright.async_api import expect

from deploy.clocks import utc_now
from tests.browser.screen import Screen
from tests.centre import Centre

pytestmark = pytest.mark.asyncio(loop_scope="session")

BLIND = re.compile(r"^RUANG KENDALI BUTA sejak \d\d:\d\d:\d\d$")


async def _write(centre: Centre, statement: str, *arguments: object) -> None:
    async with await psycopg.AsyncConnection.connect(centre.database_url, autocommit=True) as connection:
        await connection.execute(statement, arguments)  # type: ignore[arg-type]


async def test_what_hangs_on_a_failed_device_says_because_of_whom(town: Centre, screen: Screen) -> None:
    await _write(town, "update device set parents = '[\"fp-001\"]' where id = 'fp-002'")
    for device in ("fp-001", "fp-002"):
        await town.publish(device, '{"rx_power_dbm": -21.4}')
    await screen.see()
    async with screen.never_reloaded():
        await screen.until_counts({"fibre_point": {"up": "2"}})
        for device in ("fp-002", "fp-001"):
            await town.publish(device, "offline", channel="status", retain=True)
        await expect(screen.trouble("fp-002")).to_have_attribute("data-state", "unreachable")
        await expect(screen.trouble("fp-001")).to_have_attribute("data-state", "down")
        await expect(screen.page.locator("#troubles li").nth(1)).to_contain_text("karena FP-001")
        await screen.until_counts({"fibre_point": {"down": "1", "unreachable": "1"}})


async def test_announced_work_is_a_mark_beside_the_state(town: Centre, screen: Screen) -> None:
    until = utc_now() + timedelta(hours=1)
    await town.publish("fp-001", "offline", channel="status", retain=True)
    await screen.see()
    await expect(screen.trouble("fp-001")).to_have_attribute("data-state", "down")
    await _write(
        town,
        "insert into maintenance (since, until, match, owner, reason, created_at)"
        " values (now(), %s, '{\"id\": \"fp-001\"}', 'x', 'x', now())",
        until,
    )
    await expect(screen.trouble("fp-001").locator(".why")).to_have_text("pemeliharaan")


async def test_a_dead_engine_leaves_nothing_that_looks_like_now(
    town: Centre, screen: Screen, engine: asyncio.Task[None]
) -> None:
    """Readings go on to come, so that only the states are not known any more."""
    await town.publish("fp-001", '{"rx_power_dbm": -21.4}')
    await screen.see()
    async with screen.never_reloaded():
        await screen.until_counts({"fibre_point": {"up": "1", "unknown": "1"}})
        await expect(screen.warning).to_be_hidden()
        engine.cancel()
        await asyncio.wait([engine])
        await _write(town, "update judged set at = at - interval '2 hours'")
        await expect(screen.warning).to_have_text(BLIND)
        await expect(screen.page.locator("#verdict")).to_have_text("Keadaan tidak diketahui")
        await screen.until_counts({"fibre_point": {"unknown": "2"}})
        assert await screen.is_hatched(screen.kind("fibre_point")) is True
        await town.publish("wl-01", '{"level_metres": 3.25}')
        await expect(screen.kind("water_level").locator(".age")).to_have_text(re.compile(r"^\d+ (dtk|mnt)$"))
        await screen.until_counts({"fibre_point": {"unknown": "2"}, "water_level": {"unknown": "1"}})
