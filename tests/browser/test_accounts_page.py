"""An admin at the desk says which technician somebody is, for an account that is there and for a new one."""

import secrets

import pytest
from playwright.async_api import Browser, expect

from alerts.oncall import rows
from alerts.oncall.written import WrittenTechnician
from dashboards.rights import accounts
from dashboards.roles import Role
from deploy.clocks import utc_now
from deploy.database import connect
from tests.browser.screen import PASSWORD, USER, screen_of

pytestmark = pytest.mark.asyncio(loop_scope="session")

BUDI = {"id": "budi", "name": "Budi Santoso", "contacts": [{"channel": "telegram", "address": "chat-77"}]}


async def _linked(database_url: str) -> list[tuple[object, ...]]:
    async with connect(database_url) as connection:
        return await (await connection.execute("select name, technician from account order by name")).fetchall()


async def test_an_admin_says_which_technician_somebody_is(browser: Browser, url: str, database_url: str) -> None:
    async with connect(database_url) as connection:
        await accounts.create(connection, USER, Role.ADMIN, PASSWORD, now=utc_now(), token_bytes=secrets.token_bytes)
        await rows.save_technicians(connection, [WrittenTechnician.model_validate(BUDI)], who="test", now=utc_now())
    async with screen_of(browser, url) as screen:
        await screen.log_in(query="?next=/desk/accounts")
        page = screen.page
        await page.locator("summary", has_text="Tambah akun").click()
        form = page.get_by_role("form", name="Tambah akun")
        await form.get_by_label("Nama").fill("hp-lengkiti")
        await form.locator("select[name=role]").select_option("technician")
        await form.locator("select[name=technician]").select_option("budi")
        await form.get_by_label("Kata sandi").fill(PASSWORD)
        await form.get_by_role("button").click()
        row = page.get_by_role("form", name="Teknisi: hp-lengkiti")
        await expect(row.locator("select")).to_have_value("budi")
        assert await _linked(database_url) == [("hp-lengkiti", "budi"), (USER, None)]
        await row.locator("select").select_option("")
        await row.get_by_role("button").click()
        await expect(row.get_by_role("status")).to_contain_text("✓")
        assert await _linked(database_url) == [("hp-lengkiti", None), (USER, None)]
