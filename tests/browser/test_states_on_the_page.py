"""What the engine makes of devices, on the first page: because of whom, with which mark; and that it is dead."""

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
    await _write(town, "update device set name = 'Puskesmas Lengkiti' where id = 'fp-001'")
    await _write(town, "update device set parents = '[\"fp-001\"]' where id = 'fp-002'")
    for device in ("fp-001", "fp-002"):
        await town.publish(device, '{"rx_power_dbm": -21.4}')
    await screen.log_in()
    async with screen.never_reloaded():
        await expect(screen.state("fp-002")).to_have_text("Normal")
        for device in ("fp-002", "fp-001"):
            await town.publish(device, "offline", channel="status", retain=True)
        await expect(screen.state("fp-002")).to_have_text("Tak terjangkau")
        await expect(screen.state("fp-001")).to_have_text("Putus")
        await expect(screen.page.locator("#troubles li").nth(1)).to_contain_text("karena Puskesmas Lengkiti")
        await screen.until_counts({"Titik serat optik": ["2", "0", "0", "1", "1", "0"]})


async def test_announced_work_is_a_mark_beside_the_state(town: Centre, screen: Screen) -> None:
    until = utc_now() + timedelta(hours=1)
    await town.publish("fp-001", '{"rx_power_dbm": -21.4}')
    await screen.log_in()
    await expect(screen.state("fp-001")).to_have_text("Normal")
    await _write(
        town,
        "insert into maintenance (since, until, match, owner, reason, created_at)"
        " values (now(), %s, '{\"id\": \"fp-001\"}', 'x', 'x', now())",
        until,
    )
    await expect(screen.row("fp-001").locator(".marks")).to_have_text("pemeliharaan")


async def test_a_dead_engine_leaves_nothing_that_looks_like_now(
    town: Centre, screen: Screen, engine: asyncio.Task[None]
) -> None:
    """Readings go on to come, so that only the states are not known any more."""
    await town.publish("fp-001", '{"rx_power_dbm": -21.4}')
    await screen.log_in()
    async with screen.never_reloaded():
        await expect(screen.state("fp-001")).to_have_text("Normal")
        await expect(screen.warning).to_be_hidden()
        engine.cancel()
        await asyncio.wait([engine])
        await _write(town, "update judged set at = at - interval '1 minute'")
        await expect(screen.warning).to_have_text(BLIND, timeout=4_000)
        await expect(screen.state("fp-001")).to_have_text("Belum diketahui")
        await town.publish("fp-001", '{"rx_power_dbm": -24.9}')
        await expect(screen.cell("fp-001", "daya optik")).to_have_text("-24,9 dBm", timeout=4_000)
        assert await screen.state("fp-001").inner_text() == "Belum diketahui"
