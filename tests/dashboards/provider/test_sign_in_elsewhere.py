"""Somebody signs in at the real oidc-provider, and is here what it says; what it did not say opens nothing."""

import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit, urlunsplit

import httpx
import pytest
from psycopg_pool import AsyncConnectionPool
from pydantic import SecretStr

from dashboards.rights import accounts, tokens
from dashboards.rights.provider.provider_api import CALLBACK
from dashboards.rights.provider.settings import ProviderSettings
from dashboards.rights.throttle import OF_ADDRESS
from dashboards.roles import Role
from dashboards.settings import DashboardsSettings
from deploy.local.ports import free_port
from tests.dashboards.application import make_app
from tests.dashboards.city import City, Clock, NotRandom
from tests.dashboards.provider import op
from tests.patience import PATIENCE_SECONDS

DAY = 86_400
Browser = Callable[[], AbstractAsyncContextManager[httpx.AsyncClient]]


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[op.OpenIdProvider]:
    with op.running(tmp_path_factory.mktemp("provider")) as running:
        yield running


@pytest.fixture
def clock() -> Clock:
    """As the provider's: it signs the time into what it says."""
    return Clock(datetime.now(UTC))


def _settings(issuer: str, **more: object) -> DashboardsSettings:
    roles = {"technician": "teknisi", "operator": "pantau-operator", "admin": "pantau-admin"}
    asked = {"issuer": issuer, "client_id": op.CLIENT, "roles": roles, "answer_within_seconds": PATIENCE_SECONDS}
    oidc = ProviderSettings.model_validate(asked | more)
    return DashboardsSettings(oidc=oidc, database_wait_seconds=PATIENCE_SECONDS)


@pytest.fixture
def browser(provider: op.OpenIdProvider, pool: AsyncConnectionPool, clock: Clock, tmp_path: Path) -> Browser:
    """A browser that has never been here, before an application that knows the provider."""
    secret = SecretStr(op.SECRET)
    app = make_app(pool, _settings(provider.url), tmp_path, clock, NotRandom(), oidc_secret=secret)

    @asynccontextmanager
    async def opened() -> AsyncIterator[httpx.AsyncClient]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://pantau.test") as client:
            yield client

    return opened


async def _sign_in(provider: op.OpenIdProvider, client: httpx.AsyncClient, who: str, **asked: str) -> httpx.Response:
    sent = await client.get("/login/oidc", params=asked)
    return await client.get(await provider.sign_in(sent.headers["location"], who))


def _changed(url: str, **changes: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(query=urlencode(dict(parse_qsl(parts.query)) | changes)))


async def _rows(pool: AsyncConnectionPool, query: str) -> list[tuple[Any, ...]]:
    async with pool.connection() as connection:
        return await (await connection.execute(query)).fetchall()


async def test_who_signs_in_at_the_provider_has_an_account_without_password_and_the_highest_role_given(
    provider: op.OpenIdProvider, browser: Browser, pool: AsyncConnectionPool
) -> None:
    provider.knows("s-1", preferred_username="sari", roles=["teknisi", "pantau-operator", "other"])
    async with browser() as client:
        form = (await client.get("/login", params={"next": "/desk/oncall"})).text
        assert 'href="/login/oidc?lang=id&amp;next=%2Fdesk%2Foncall"' in form
        sent = await client.get("/login/oidc", params={"next": "/desk/oncall"})
        asked = parse_qs(urlsplit(sent.headers["location"]).query)
        assert (asked["response_type"], asked["code_challenge_method"], sent.status_code) == (["code"], ["S256"], 303)
        assert len({*asked["state"], *asked["nonce"], *asked["code_challenge"]}) == 3
        assert {"HttpOnly", "SameSite=Lax", "Max-Age=900"} <= set(sent.headers["set-cookie"].split("; "))
        back = await client.get(await provider.sign_in(sent.headers["location"], "s-1"))
        assert back.status_code == 200
        assert '<meta http-equiv="refresh" content="0;url=/desk/oncall">' in back.text
        session, dropped = back.headers.get_list("set-cookie")
        assert "SameSite=Strict" in session
        assert dropped.startswith("pantau_oidc=; ")
        assert (await client.get("/api/v1/audit")).status_code == 200
        assert (await client.get("/api/v1/accounts")).status_code == 403
        change, ours = {"old": "x", "new": "sungai ogan"}, {"Sec-Fetch-Site": "same-origin"}
        assert (await client.put("/api/v1/password", json=change, headers=ours)).status_code == 409
    assert await _rows(pool, "select name, role, password_hash, issuer, subject from account") == [
        ("sari", "operator", None, provider.url, "s-1")
    ]
    lines = await _rows(pool, "select who, origin, action, subject, detail ->> 'role' from audit order by id")
    assert lines == [
        ("sari", "127.0.0.1", "account.put", "sari", "operator"),
        ("sari", "127.0.0.1", "account.login", "sari", None),
    ]


async def test_codes_are_not_tried_for_ever_and_what_is_no_sign_in_of_this_browser_locks_nobody_out(
    provider: op.OpenIdProvider, browser: Browser
) -> None:
    provider.knows("s-9", preferred_username="rina", roles=["teknisi"])
    async with browser() as client, browser() as stranger:
        for _ in range(OF_ADDRESS + 1):  # as another site's page can make it ask
            forged = await stranger.get(CALLBACK, params={"code": "guess", "state": "guess"})
            assert forged.status_code == 400
        assert (await _sign_in(provider, client, "s-9")).status_code == 200
        for _ in range(OF_ADDRESS):
            sent = await client.get("/login/oidc")
            state = parse_qs(urlsplit(sent.headers["location"]).query)["state"][0]
            assert (await client.get(CALLBACK, params={"code": "guess", "state": state})).status_code == 403
        late = await _sign_in(provider, client, "s-9")
        assert (late.status_code, late.headers["retry-after"]) == (429, "301")
        assert "Terlalu banyak percobaan" in late.text


async def test_roles_follow_the_provider_at_each_sign_in_and_who_has_none_left_is_out_everywhere(
    provider: op.OpenIdProvider, browser: Browser, pool: AsyncConnectionPool
) -> None:
    provider.knows("s-2", preferred_username="budi", roles="pantau-admin")
    async with browser() as desk, browser() as phone:
        await _sign_in(provider, desk, "s-2")
        assert (await desk.get("/api/v1/accounts")).status_code == 200
        provider.knows("s-2", preferred_username="budi-baru", roles=["teknisi"])
        await _sign_in(provider, phone, "s-2")
        assert (await desk.get("/api/v1/accounts")).status_code == 403
        assert await _rows(pool, "select name, role from account") == [("budi", "technician")]
        provider.knows("s-2", preferred_username="budi-baru", roles=["other"])
        refused = await _sign_in(provider, phone, "s-2")
        assert (refused.status_code, "tidak diberi peran" in refused.text) == (403, True)
        assert (await desk.get("/api/v1/summary")).status_code == 401
        assert (await phone.get("/api/v1/summary")).status_code == 401


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        ({"preferred_username": "tono"}, "tidak diberi peran"),
        ({"preferred_username": "tono", "roles": 7}, "tidak diberi peran"),
        ({"roles": ["teknisi"]}, "tidak mempunyai nama"),
        ({"preferred_username": "../x", "roles": ["teknisi"]}, "tidak mempunyai nama"),
    ],
)
async def test_who_has_no_role_or_no_name_is_told_so_and_leaves_no_account(
    provider: op.OpenIdProvider, browser: Browser, pool: AsyncConnectionPool, claims: dict[str, Any], words: str
) -> None:
    provider.knows("s-3", **claims)
    async with browser() as client:
        refused = await _sign_in(provider, client, "s-3")
        assert (refused.status_code, words in refused.text) == (403, True)
        assert '<form method="post"' in refused.text, "with a password one may still come in"
        assert (await client.get("/api/v1/summary")).status_code == 401
    assert await _rows(pool, "select name from account") == []


async def test_a_name_at_the_provider_is_no_way_into_an_account_of_ours(
    provider: op.OpenIdProvider, browser: Browser, pool: AsyncConnectionPool, clock: Clock, not_random: NotRandom
) -> None:
    async with pool.connection() as connection:
        await accounts.create(
            connection, "kepala", Role.ADMIN, "sungai ogan", now=clock.now(), token_bytes=not_random.token_bytes
        )
    provider.knows("s-4", preferred_username="kepala", roles=["teknisi"])
    async with browser() as client:
        refused = await _sign_in(provider, client, "s-4")
        assert (refused.status_code, "sudah dipakai" in refused.text) == (403, True)
        assert await _rows(pool, "select name, role, issuer from account") == [("kepala", "admin", None)]
        entered = await client.post("/login", data={"name": "kepala", "password": "sungai ogan"})
        assert entered.status_code == 303


async def test_a_name_at_the_provider_makes_no_technician_until_an_admin_says_so(
    provider: op.OpenIdProvider, browser: Browser, pool: AsyncConnectionPool, city: City
) -> None:
    await city.execute(
        "insert into technician (id, place, name, contacts, language, changed_at, changed_by)"
        " values ('budi', 1, 'Budi Santoso', '[]', 'id', now(), 'test')"
    )
    provider.knows("s-9", preferred_username="budi", roles=["teknisi"])
    provider.knows("s-10", preferred_username="kepala", roles=["pantau-admin"])
    async with browser() as phone, browser() as desk:
        await _sign_in(provider, phone, "s-9")
        assert (await phone.get("/api/v1/phone")).json()["me"]["technician"] is None
        await _sign_in(provider, desk, "s-10")
        ours = {"Sec-Fetch-Site": "same-origin"}
        await desk.put("/api/v1/accounts/budi/technician", json={"technician": "budi"}, headers=ours)
        assert (await phone.get("/api/v1/phone")).json()["me"]["technician"] == "budi"
        await _sign_in(provider, phone, "s-9")
        assert (await phone.get("/api/v1/phone")).json()["me"]["technician"] == "budi", "and it stays so"


@pytest.mark.parametrize("name", ["engine", "cli", "lobi"])
async def test_nobody_comes_in_from_the_provider_under_a_tokens_name_or_the_engines(
    provider: op.OpenIdProvider, browser: Browser, pool: AsyncConnectionPool, clock: Clock, name: str
) -> None:
    async with pool.connection() as connection:
        await tokens.create(connection, "lobi", Role.WALL, now=clock.now(), token_bytes=NotRandom().token_bytes)
    provider.knows("s-11", preferred_username=name, roles=["teknisi"])
    async with browser() as client:
        assert (await _sign_in(provider, client, "s-11")).status_code == 403
    assert await _rows(pool, "select name from account") == []


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"nonce": "of-another-sign-in"}, 400),
        ({"state": "of-another-sign-in"}, 400),
        ({"code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"}, 403),
        ({"client_id": "another"}, 403),
    ],
)
async def test_an_answer_to_another_question_opens_nothing(
    provider: op.OpenIdProvider, browser: Browser, changes: dict[str, str], status: int
) -> None:
    provider.knows("s-5", preferred_username="rina", roles=["pantau-admin"])
    async with browser() as client:
        sent = await client.get("/login/oidc")
        back = await provider.sign_in(_changed(sent.headers["location"], **changes), "s-5")
        refused = await client.get(back)
        assert refused.status_code == status
        assert (await client.get("/api/v1/summary")).status_code == 401


async def test_an_answer_is_for_the_browser_that_asked_once_and_from_this_provider(
    provider: op.OpenIdProvider, browser: Browser
) -> None:
    provider.knows("s-6", preferred_username="rina", roles=["pantau-admin"])
    async with browser() as client, browser() as stranger:
        sent = await client.get("/login/oidc")
        back = await provider.sign_in(sent.headers["location"], "s-6")
        assert (await stranger.get(back)).status_code == 400
        seed = client.cookies["pantau_oidc"]
        assert (await client.get(_changed(back, iss="https://elsewhere.test"))).status_code == 400
        assert "pantau_oidc" not in client.cookies
        client.cookies["pantau_oidc"] = seed
        assert (await client.get(back)).status_code == 200
        stranger.cookies["pantau_oidc"] = seed
        assert (await stranger.get(back)).status_code == 403, "a code is good once"
        for spoilt in ("", ".", "x.y.z", "é", f"{seed.partition('.')[0]}.\xff.1"):
            headers = {b"Cookie": f"pantau_oidc={spoilt}".encode("latin-1")}
            assert (await stranger.get("/login/oidc/callback?state=x&code=y", headers=headers)).status_code == 400


async def test_an_answer_that_comes_too_late_opens_nothing(
    provider: op.OpenIdProvider, browser: Browser, clock: Clock
) -> None:
    provider.knows("s-7", preferred_username="rina", roles=["teknisi"])
    async with browser() as client:
        sent = await client.get("/login/oidc")
        back = await provider.sign_in(sent.headers["location"], "s-7")
        clock.pass_seconds(661)
        refused = await client.get(back)
        assert (refused.status_code, "kedaluwarsa" in refused.text) == (400, True)


async def test_who_gives_up_at_the_provider_is_back_at_the_form(provider: op.OpenIdProvider, browser: Browser) -> None:
    async with browser() as client:
        sent = await client.get("/login/oidc")
        refused = await client.get(await provider.give_up(sent.headers["location"]))
        assert (refused.status_code, "tidak mengizinkan" in refused.text) == (403, True)


async def test_however_much_a_session_is_used_the_provider_is_asked_again(
    provider: op.OpenIdProvider, browser: Browser, clock: Clock
) -> None:
    provider.knows("s-8", preferred_username="joko", roles=["teknisi"])
    async with browser() as desk, browser() as phone:
        await _sign_in(provider, desk, "s-8")
        remembered = await _sign_in(provider, phone, "s-8", remember="true")
        assert f"Max-Age={30 * DAY}" in remembered.headers.get_list("set-cookie")[0]
        for _ in range(2):
            clock.pass_seconds(11.5 * 3_600)
            assert (await desk.get("/api/v1/summary")).status_code == 200
        clock.pass_seconds(3_601)
        assert (await desk.get("/api/v1/summary")).status_code == 401
        assert (await phone.get("/api/v1/summary")).status_code == 200
        clock.pass_seconds(28.9 * DAY)
        assert (await phone.get("/api/v1/summary")).status_code == 200
        clock.pass_seconds(DAY)
        assert (await phone.get("/api/v1/summary")).status_code == 401


async def test_where_the_provider_is_away_a_page_says_so_and_passwords_still_open(
    pool: AsyncConnectionPool, clock: Clock, not_random: NotRandom, tmp_path: Path, city: City
) -> None:
    settings = _settings(f"http://127.0.0.1:{free_port()}")
    app = make_app(pool, settings, tmp_path, clock, not_random, oidc_secret=SecretStr(op.SECRET))
    async with pool.connection() as connection:
        await accounts.create(
            connection, "sari", Role.OPERATOR, "sungai ogan", now=clock.now(), token_bytes=not_random.token_bytes
        )
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://pantau.test") as client:
        away = await client.get("/login/oidc", params={"next": "/phone"})
        assert (away.status_code, "tidak dapat dihubungi" in away.text) == (503, True)
        entered = await client.post("/login?next=/phone", data={"name": "sari", "password": "sungai ogan"})
        assert (entered.status_code, entered.headers["location"]) == (303, "/phone")


async def test_a_provider_that_hears_and_does_not_answer_is_waited_for_as_long_as_the_city_says(
    pool: AsyncConnectionPool, clock: Clock, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        settings = _settings(url, answer_within_seconds=0.2)
        app = make_app(pool, settings, tmp_path, clock, NotRandom(), oidc_secret=SecretStr(op.SECRET))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://pantau.test") as client:
            away = await client.get("/login/oidc")
            assert (away.status_code, "tidak dapat dihubungi" in away.text) == (503, True)


async def test_a_provider_that_names_itself_otherwise_is_not_asked_anything(
    provider: op.OpenIdProvider, pool: AsyncConnectionPool, clock: Clock, not_random: NotRandom, tmp_path: Path
) -> None:
    settings = _settings(provider.url.replace("127.0.0.1", "localhost"))
    app = make_app(pool, settings, tmp_path, clock, not_random, oidc_secret=SecretStr(op.SECRET))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://pantau.test") as client:
        assert (await client.get("/login/oidc")).status_code == 503


async def test_without_a_provider_there_is_no_button_and_nothing_behind_it(anonymous: httpx.AsyncClient) -> None:
    assert "/login/oidc" not in (await anonymous.get("/login")).text
    for path in ("/login/oidc", "/login/oidc/callback?code=x&state=y"):
        assert (await anonymous.get(path)).status_code == 404
