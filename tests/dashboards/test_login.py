"""A password becomes a session, and a session is not a way in for other sites."""

import httpx
import pytest
from fastapi import FastAPI
from psycopg_pool import AsyncConnectionPool

from dashboards import accounts
from dashboards.auth import COOKIE
from dashboards.roles import Role
from tests.dashboards.city import City, Clock, NotRandom

OURS = {"Sec-Fetch-Site": "same-origin"}
ADOPT = "/api/v1/unknown-devices/fp-new/adopt"


@pytest.fixture
async def operator(pool: AsyncConnectionPool, clock: Clock, not_random: NotRandom) -> dict[str, str]:
    """An operator's name and password."""
    async with pool.connection() as connection:
        await accounts.create(
            connection, "operator", Role.OPERATOR, "sungai ogan", now=clock.now(), token_bytes=not_random.token_bytes
        )
    return {"name": "operator", "password": "sungai ogan"}


async def _login(client: httpx.AsyncClient, form: dict[str, str], **headers: str) -> httpx.Response:
    return await client.post("/login", data=form, headers=headers)


async def test_a_right_password_leads_to_the_page(anonymous: httpx.AsyncClient, operator: dict[str, str]) -> None:
    answer = await _login(anonymous, operator)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert (await anonymous.get("/")).status_code == 200
    assert (await anonymous.get("/api/v1/summary")).status_code == 200


async def test_over_tls_the_cookie_stays_on_tls(app: FastAPI, operator: dict[str, str]) -> None:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="https://pantau.test") as client:
        assert "Secure" in (await _login(client, operator)).headers["set-cookie"]


@pytest.mark.parametrize(
    "wrong", [{"password": "x"}, {"name": "nobody"}, {"name": "operator'--"}, {"password": "\ufffd"}]
)
async def test_a_wrong_password_and_an_unknown_name_look_the_same(
    anonymous: httpx.AsyncClient, operator: dict[str, str], wrong: dict[str, str]
) -> None:
    answer = await _login(anonymous, operator | wrong)
    assert (answer.status_code, "set-cookie" in answer.headers) == (401, False)
    assert "Nama atau kata sandi salah" in answer.text


async def test_ten_wrong_passwords_make_even_the_right_one_wait(
    anonymous: httpx.AsyncClient, operator: dict[str, str], clock: Clock
) -> None:
    for _ in range(10):
        assert (await _login(anonymous, operator | {"password": "x"})).status_code == 401
    answer = await _login(anonymous, operator)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "301")
    clock.pass_seconds(301)
    assert (await _login(anonymous, operator)).status_code == 303


async def test_a_session_lives_twelve_hours_from_its_last_use(
    anonymous: httpx.AsyncClient, operator: dict[str, str], clock: Clock
) -> None:
    await _login(anonymous, operator)
    for _ in range(3):
        clock.pass_seconds(11.9 * 3_600)
        assert (await anonymous.get("/api/v1/summary")).status_code == 200
    clock.pass_seconds(12 * 3_600 + 1)
    assert (await anonymous.get("/api/v1/summary")).status_code == 401
    assert (await anonymous.get("/")).headers["location"] == "/login"


async def test_a_logout_ends_the_session_here_and_in_the_browser(
    anonymous: httpx.AsyncClient, operator: dict[str, str]
) -> None:
    await _login(anonymous, operator)
    secret = anonymous.cookies[COOKIE]
    assert (await anonymous.post("/logout", headers=OURS)).headers["location"] == "/login"
    assert COOKIE not in anonymous.cookies
    anonymous.cookies[COOKIE] = secret
    assert (await anonymous.get("/api/v1/summary")).status_code == 401


async def test_a_new_password_ends_what_the_old_one_opened(
    anonymous: httpx.AsyncClient,
    operator: dict[str, str],
    pool: AsyncConnectionPool,
    clock: Clock,
    not_random: NotRandom,
) -> None:
    await _login(anonymous, operator)
    async with pool.connection() as connection:
        await accounts.create(
            connection, "operator", Role.WALL, "gunung dempo", now=clock.now(), token_bytes=not_random.token_bytes
        )
    assert (await anonymous.get("/api/v1/summary")).status_code == 401
    await _login(anonymous, operator | {"password": "gunung dempo"})
    assert (await anonymous.post(ADOPT, headers=OURS)).status_code == 403


async def test_a_sessions_role_is_its_accounts_of_this_moment(
    anonymous: httpx.AsyncClient, operator: dict[str, str], city: City
) -> None:
    await _login(anonymous, operator)
    assert (await anonymous.post(ADOPT, headers=OURS)).status_code == 422
    await city.execute("update account set role = 'technician'")
    assert (await anonymous.post(ADOPT, headers=OURS)).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://evil.test"},
        {"Origin": "null"},
    ],
)
async def test_a_change_by_cookie_must_come_from_our_own_page(
    anonymous: httpx.AsyncClient, operator: dict[str, str], headers: dict[str, str]
) -> None:
    await _login(anonymous, operator)
    answer = await anonymous.post(ADOPT, headers=headers)
    assert (answer.status_code, answer.json()["detail"]) == (403, "This request comes from another site.")


async def test_our_own_page_is_known_by_its_origin_where_a_browser_says_no_more(
    anonymous: httpx.AsyncClient, operator: dict[str, str]
) -> None:
    await _login(anonymous, operator)
    assert (await anonymous.post(ADOPT, headers={"Origin": "http://pantau.test"})).status_code == 422


async def test_another_site_cannot_log_somebody_in(anonymous: httpx.AsyncClient, operator: dict[str, str]) -> None:
    assert (await _login(anonymous, operator, Origin="http://evil.test")).status_code == 403


async def test_a_password_of_seven_characters_is_refused(
    pool: AsyncConnectionPool, clock: Clock, not_random: NotRandom
) -> None:
    async with pool.connection() as connection:
        with pytest.raises(ValueError, match="at least 8"):
            await accounts.create(
                connection, "operator", Role.WALL, "1234567", now=clock.now(), token_bytes=not_random.token_bytes
            )


async def test_the_login_page_speaks_both_languages_and_is_complete_without_a_login(
    anonymous: httpx.AsyncClient,
) -> None:
    assert "Kata sandi" in (await anonymous.get("/login")).text
    page = (await anonymous.get("/login?lang=en")).text
    assert "Password" in page
    for path in ("/login/style.css", "/login/icon.svg"):
        assert path in page
        assert (await anonymous.get(path)).status_code == 200


@pytest.mark.parametrize(
    "form", [{}, {"name": "operator"}, {"name": "a\0", "password": "x"}, {"name": "x" * 99, "password": "x"}]
)
async def test_an_incomplete_form_is_422(anonymous: httpx.AsyncClient, form: dict[str, str]) -> None:
    answer = await _login(anonymous, form)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
