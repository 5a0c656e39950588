"""The doors as a real browser goes through them: what it does with Strict cookies, and with links from elsewhere."""

import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, Route, expect

from dashboards.rights import tokens
from dashboards.roles import Role
from deploy.clocks import utc_now
from deploy.database import connect
from tests.browser.chromium import context_of
from tests.browser.screen import PASSWORD, USER
from tests.dashboards.provider import op
from tests.patience import PATIENCE_MS, PATIENCE_SECONDS

pytestmark = pytest.mark.asyncio(loop_scope="session")

ELSEWHERE = "http://elsewhere.test/"
CITY = """
[city]
name = "Kota"
devices = "devices.csv"
[dashboards.oidc]
issuer = "{issuer}"
client_id = "pantau"
roles = {{ operator = "pantau-operator" }}
answer_within_seconds = {patience}
[dashboards]
database_wait_seconds = {patience}
"""


@asynccontextmanager
async def _page(browser: Browser) -> AsyncIterator[Page]:
    async with context_of(browser) as context:
        yield await context.new_page()


@pytest.fixture
def provider(environment: dict[str, str], tmp_path: Path) -> Iterator[op.OpenIdProvider]:
    """Of another site: localhost is none of 127.0.0.1's."""
    with op.running(tmp_path, host="localhost", home=f"http://{environment['PANTAU_LISTEN']}") as running:
        city = tmp_path / "city.toml"
        city.write_text(CITY.format(issuer=running.url, patience=PATIENCE_SECONDS))
        environment |= {"PANTAU_CONFIG": str(city), "PANTAU_OIDC_CLIENT_SECRET": op.SECRET}
        yield running


async def test_a_link_of_another_site_opens_the_page_and_a_form_of_another_site_does_nothing(
    browser: Browser, url: str, account: None
) -> None:
    async def elsewhere(route: Route) -> None:
        link, form = f'<a href="{url}/desk/audit">lihat</a>', f'<form method="post" action="{url}/logout"><button>'
        await route.fulfill(body=link + form, content_type="text/html")

    async with _page(browser) as page:
        await page.route(f"{ELSEWHERE}**", elsewhere)
        await page.goto(f"{url}/desk/oncall")
        await expect(page).to_have_url(f"{url}/login?next=%2Fdesk%2Foncall")
        await page.get_by_label("Nama").fill(USER)
        await page.get_by_label("Kata sandi").fill(PASSWORD)
        await page.get_by_role("button").click()
        await expect(page).to_have_url(f"{url}/desk/oncall")
        await page.goto(ELSEWHERE)
        await page.get_by_role("link").click()
        await expect(page).to_have_url(f"{url}/desk/audit")
        await page.goto(ELSEWHERE)
        await page.get_by_role("button").click()
        await expect(page.get_by_text("Ini memerlukan token.")).to_be_visible()  # the cookie stayed at home
        await page.goto(f"{url}/desk/audit")
        await expect(page).to_have_url(f"{url}/desk/audit")


async def test_who_comes_back_from_the_provider_is_in_at_once(
    browser: Browser, provider: op.OpenIdProvider, url: str
) -> None:
    provider.knows("s-1", preferred_username="sari", roles=["pantau-operator"])
    async with _page(browser) as page:
        await page.goto(f"{url}/desk/oncall")
        await page.get_by_role("link", name="Masuk dengan akun").click()
        await page.get_by_placeholder("Enter any login").fill("s-1")
        await page.get_by_placeholder("and password").fill("apa saja")
        await page.get_by_role("button", name="Sign-in").click()
        await page.get_by_role("button", name="Continue").click()
        await expect(page).to_have_url(f"{url}/desk/oncall")
        answer = await page.request.get(f"{url}/api/v1/city", timeout=PATIENCE_MS)
        assert (await answer.json())["visitor"]["name"] == "sari"


async def test_a_wall_shows_its_token_once(browser: Browser, url: str, database_url: str) -> None:
    async with connect(database_url) as connection:
        made = {"now": utc_now(), "token_bytes": secrets.token_bytes}
        token = await tokens.create(connection, "lobi", Role.WALL, **made)
    async with _page(browser) as page:
        await page.goto(f"{url}/wall?token=guessed")
        await expect(page.get_by_role("alert")).to_contain_text("Token layar ini tidak membuka apa pun")
        await page.goto(f"{url}/wall?token={token}&lang=en")
        await expect(page).to_have_url(f"{url}/wall?lang=en")
        (cookie,) = await page.context.cookies()
        assert (cookie["name"], cookie["httpOnly"], cookie["sameSite"]) == ("pantau_kiosk", True, "Strict")
        assert cookie["expires"] > utc_now().timestamp() + 399 * 86_400


@pytest.mark.soak
async def test_a_wall_with_a_wrong_token_gets_in_by_itself_when_the_token_is_made_right(
    browser: Browser, url: str, database_url: str
) -> None:
    def dice(length: int) -> bytes:
        return b"\1" * length

    async with _page(browser) as page, connect(database_url) as connection:
        await page.goto(f"{url}/wall?token={tokens.new_secret(dice)}")
        await expect(page.get_by_role("alert")).to_contain_text("Token layar ini tidak membuka apa pun")
        await tokens.create(connection, "lobi", Role.WALL, now=utc_now(), token_bytes=dice)
        await expect(page).to_have_url(f"{url}/wall")
