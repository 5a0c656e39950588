"""A password becomes a session, and a session is not a way in for other sites."""

import asyncio
from urllib.parse import urljoin

import httpx
import pytest
from fastapi import FastAPI
from psycopg_pool import AsyncConnectionPool

from dashboards.auth import COOKIE
from dashboards.rights import accounts
from dashboards.rights.throttle import OF_ADDRESS
from dashboards.roles import Role
from tests.dashboards.city import City, Clock, NotRandom

OURS = {"Sec-Fetch-Site": "same-origin"}
DAY = 86_400
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
    assert (await anonymous.get("/?lang=en")).headers["location"] == "/wall?lang=en"
    assert (await anonymous.get("/wall")).status_code == 200
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


OWN = "https://pantau.test"


@pytest.mark.parametrize(
    ("asked", "led"),
    [
        ("/phone", "/phone"),
        ("/desk/incidents/7?lang=en#notes", "/desk/incidents/7?lang=en#notes"),
        ("/", "/"),
        ("//evil.test", "/"),
        ("/\\evil.test", "/"),
        ("\\\\evil.test", "/"),
        ("/\t/evil.test", "/"),
        ("/ /evil.test", "/"),
        ("https://evil.test", "/"),
        ("https:evil.test", "/"),
        ("javascript:alert(1)", "/"),
        ("@evil.test", "/"),
        ("/x\r\nSet-Cookie: a=b", "/"),
        ("/" + "x" * 2_000, "/"),
        ("/login?next=/login", "/"),
        ("/logout", "/"),
        ("phone", "/"),
        ("", "/"),
    ],
)
async def test_a_login_leads_back_to_a_page_of_ours_and_nowhere_else(
    anonymous: httpx.AsyncClient, operator: dict[str, str], asked: str, led: str
) -> None:
    answer = await anonymous.post("/login", params={"next": asked}, data=operator)
    assert (answer.status_code, answer.headers["location"]) == (303, led)
    assert urljoin(f"{OWN}/login", answer.headers["location"]).startswith(f"{OWN}/")
    assert ("next=" in (await anonymous.get("/login", params={"next": asked})).text) is (led == asked)


async def test_the_way_back_stays_with_the_form_through_a_wrong_password(
    anonymous: httpx.AsyncClient, operator: dict[str, str]
) -> None:
    sent = await anonymous.get("/phone", params={"lang": "en"})
    assert sent.headers["location"] == "/login?next=%2Fphone%3Flang%3Den&lang=en"
    form = await anonymous.get(sent.headers["location"])
    action = 'action="/login?lang=en&amp;next=%2Fphone%3Flang%3Den"'
    assert action in form.text
    wrong = await anonymous.post("/login?lang=en&next=%2Fphone%3Flang%3Den", data=operator | {"password": "x"})
    assert (wrong.status_code, action in wrong.text) == (401, True)


async def test_a_remembered_phone_signs_in_again_thirty_days_after_its_last_use(
    anonymous: httpx.AsyncClient, operator: dict[str, str], clock: Clock
) -> None:
    answer = await _login(anonymous, operator | {"remember": "true"})
    assert f"Max-Age={30 * DAY}" in answer.headers["set-cookie"].split("; ")
    for _ in range(3):
        clock.pass_seconds(29.9 * DAY)
        again = await anonymous.get("/api/v1/summary")
        assert again.status_code == 200
        assert f"Max-Age={30 * DAY}" in again.headers["set-cookie"], "the browser keeps it for thirty days more"
        assert "set-cookie" not in (await anonymous.get("/api/v1/summary")).headers
    clock.pass_seconds(30 * DAY + 1)
    assert (await anonymous.get("/api/v1/summary")).status_code == 401


async def test_a_remembered_phone_that_logs_out_forgets_its_cookie(
    anonymous: httpx.AsyncClient, operator: dict[str, str], clock: Clock
) -> None:
    await _login(anonymous, operator | {"remember": "true"})
    clock.pass_seconds(DAY)
    answer = await anonymous.post("/logout", headers=OURS)
    assert len(answer.headers.get_list("set-cookie")) == 1
    assert COOKIE not in anonymous.cookies


async def test_what_is_not_to_be_remembered_ends_with_the_browser(
    anonymous: httpx.AsyncClient, operator: dict[str, str], clock: Clock
) -> None:
    assert "Max-Age" not in (await _login(anonymous, operator)).headers["set-cookie"]
    clock.pass_seconds(3_600)
    assert "set-cookie" not in (await anonymous.get("/")).headers


async def test_over_tls_only_a_cookie_with_the_prefix_opens_anything(app: FastAPI, operator: dict[str, str]) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=OWN) as client:
        cookie = (await _login(client, operator)).headers["set-cookie"]
        name, _, attributes = cookie.partition("=")
        assert (name, {"Secure", "Path=/", "HttpOnly"} <= set(attributes.split("; "))) == (
            "__Host-pantau_session",
            True,
        )
        assert "Domain" not in attributes
        secret = client.cookies[name]
        client.cookies.clear()
        client.cookies[COOKIE] = secret
        assert (await client.get("/api/v1/summary")).status_code == 401
        client.cookies[name] = secret
        left = await client.post("/logout", headers=OURS)
        assert left.headers["set-cookie"].startswith("__Host-pantau_session=; ")


async def test_a_link_of_another_site_finds_who_is_signed_in_still_signed_in(anonymous: httpx.AsyncClient) -> None:
    """A browser keeps a Strict cookie at home then; our own page asks again, and is given it."""
    answer = await anonymous.get("/desk/incidents/7?lang=en", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 200
    assert '<meta http-equiv="refresh" content="0;url=/desk/incidents/7?lang=en">' in answer.text
    again = await anonymous.get("/desk/incidents/7?lang=en", headers={"Sec-Fetch-Site": "same-origin"})
    assert (again.status_code, again.headers["location"].partition("?")[0]) == (303, "/login")
    hostile = await anonymous.get('/desk/a"><b>/7', headers={"Sec-Fetch-Site": "cross-site"})
    assert "<b>" not in hostile.text


async def test_names_tried_one_after_the_other_from_one_place_make_it_wait(
    anonymous: httpx.AsyncClient, operator: dict[str, str]
) -> None:
    for number in range(OF_ADDRESS):
        assert (await _login(anonymous, {"name": f"nobody-{number}", "password": "x"})).status_code == 401
    answer = await _login(anonymous, operator)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "301")


async def test_a_thousand_passwords_at_once_are_no_way_around_the_limit(
    anonymous: httpx.AsyncClient, operator: dict[str, str]
) -> None:
    guesses = [_login(anonymous, operator | {"password": f"guess-{number}"}) for number in range(40)]
    statuses = [answer.status_code for answer in await asyncio.gather(*guesses)]
    assert (statuses.count(401), statuses.count(429)) == (10, 30)
