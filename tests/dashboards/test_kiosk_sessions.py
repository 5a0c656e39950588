"""A wall without hands: it shows its token once, and stays for as long as that token opens anything."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from psycopg_pool import AsyncConnectionPool

from dashboards.live.live import Live
from dashboards.rights import tokens
from dashboards.rights.kiosk import KIOSKS_MAX
from dashboards.roles import Role
from dashboards.settings import DashboardsSettings
from tests.dashboards.application import make_app
from tests.dashboards.city import City, Clock, NotRandom

DAY = 86_400
BUILT_OR_NOT = {200, 503}


@pytest.fixture
async def screen(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that has never been here."""
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://pantau.test") as client:
        yield client


async def _sign_in(screen: httpx.AsyncClient, secret: str, **more: str) -> httpx.Response:
    return await screen.get("/wall", params={"token": secret} | more)


async def _kiosks(pool: AsyncConnectionPool) -> int:
    async with pool.connection() as connection:
        row = await (await connection.execute("select count(*) from token where kind = 'kiosk'")).fetchone()
    assert row is not None
    return int(row[0])


async def test_a_walls_token_becomes_a_cookie_and_leaves_the_address(
    screen: httpx.AsyncClient, secrets: dict[Role, str], pool: AsyncConnectionPool
) -> None:
    answer = await _sign_in(screen, secrets[Role.WALL], lang="en", scene="network")
    assert (answer.status_code, answer.headers["location"]) == (303, "/wall?lang=en&scene=network")
    name, _, attributes = answer.headers["set-cookie"].partition("=")
    assert name == "pantau_kiosk"
    assert {"HttpOnly", "SameSite=Strict", "Path=/", f"Max-Age={400 * DAY}"} <= set(attributes.split("; "))
    assert secrets[Role.WALL] not in answer.headers["set-cookie"]
    assert (await screen.get("/wall?lang=en")).status_code in BUILT_OR_NOT
    assert (await screen.get("/api/v1/summary")).status_code == 200
    async with pool.connection() as connection:
        row = await (await connection.execute("select who, subject from audit where action = 'token.kiosk'")).fetchone()
    assert row == ("wall", "wall")


async def test_a_kiosk_reads_and_does_nothing_else(screen: httpx.AsyncClient, secrets: dict[Role, str]) -> None:
    await _sign_in(screen, secrets[Role.WALL])
    ours = {"Sec-Fetch-Site": "same-origin"}
    assert (await screen.get("/phone")).status_code == 403
    assert (await screen.post("/logout", headers=ours)).status_code == 403
    password = {"old": "x", "new": "gunung dempo"}
    assert (await screen.put("/api/v1/password", headers=ours, json=password)).status_code == 403
    assert (await screen.get("/api/v1/summary")).status_code == 200


async def test_a_kiosk_lives_for_months_and_its_cookie_begins_anew_at_every_load(
    screen: httpx.AsyncClient, secrets: dict[Role, str], clock: Clock
) -> None:
    await _sign_in(screen, secrets[Role.WALL])
    secret = screen.cookies["pantau_kiosk"]
    for _ in range(3):
        clock.pass_seconds(300 * DAY)
        again = await screen.get("/wall")
        assert again.headers["set-cookie"].startswith(f"pantau_kiosk={secret}; ")
        assert f"Max-Age={400 * DAY}" in again.headers["set-cookie"]
        assert "set-cookie" not in (await screen.get("/api/v1/summary")).headers
        # Nobody has read the database yet; a stream that is let in answers with the same head.
        stream = await screen.get("/api/v1/events")
        assert (stream.status_code, "set-cookie" in stream.headers) == (503, True)
        assert "set-cookie" in (await screen.get("/wall")).headers


async def test_a_kiosk_survives_a_restart_of_the_server(
    screen: httpx.AsyncClient,
    secrets: dict[Role, str],
    pool: AsyncConnectionPool,
    settings: DashboardsSettings,
    clock: Clock,
    tmp_path: Path,
) -> None:
    await _sign_in(screen, secrets[Role.WALL])
    another = make_app(pool, settings, tmp_path, clock, NotRandom())
    transport, base = httpx.ASGITransport(another), "http://pantau.test"
    async with httpx.AsyncClient(transport=transport, base_url=base, cookies=dict(screen.cookies)) as after:
        assert (await after.get("/api/v1/summary")).status_code == 200


async def test_a_kiosk_ends_with_its_token_and_so_does_its_stream(
    screen: httpx.AsyncClient, secrets: dict[Role, str], pool: AsyncConnectionPool, clock: Clock, live: Live
) -> None:
    await live.look()
    await _sign_in(screen, secrets[Role.WALL])
    async with pool.connection() as connection:
        row = await (await connection.execute("select id from token where kind = 'kiosk'")).fetchone()
        assert row is not None
        with live.joined(row[0], "a", None) as client:
            stream = live.bundles(client)
            await anext(stream)
            await tokens.revoke(connection, "wall", now=clock.now())
            await live.look()
            assert [bundle async for bundle in stream] == []
    assert (await screen.get("/api/v1/summary")).status_code == 401
    assert (await screen.get("/wall")).headers["location"] == "/login?next=%2Fwall"


async def test_of_a_token_that_was_revoked_no_screens_are_kept(
    screen: httpx.AsyncClient,
    admin: httpx.AsyncClient,
    secrets: dict[Role, str],
    pool: AsyncConnectionPool,
    clock: Clock,
) -> None:
    await admin.put("/api/v1/accounts/sari", json={"role": "operator", "password": "sungai ogan"})
    await _sign_in(screen, secrets[Role.WALL])
    assert await _kiosks(pool) == 1
    await admin.delete("/api/v1/tokens/wall")
    clock.pass_seconds(1)
    await screen.post("/login", data={"name": "sari", "password": "sungai ogan"})
    assert await _kiosks(pool) == 0


async def test_a_kiosk_whose_stream_is_open_stays_used(
    screen: httpx.AsyncClient, secrets: dict[Role, str], pool: AsyncConnectionPool, clock: Clock, live: Live
) -> None:
    await live.look()
    await _sign_in(screen, secrets[Role.WALL])
    async with pool.connection() as connection:
        query = "select id, last_used_at, expires_at from token where kind = 'kiosk'"
        (number, _, _) = await (await connection.execute(query)).fetchone() or (0, None, None)
        with live.joined(number, "a", None):
            clock.pass_seconds(DAY)
            await live.look()
        assert await (await connection.execute(query)).fetchone() == (number, clock.now(), None)


@pytest.mark.parametrize("token", ["", "guessed", "pantau_\0", "é" * 3])
async def test_a_wrong_token_says_so_and_tries_again_by_itself_without_script(
    screen: httpx.AsyncClient, secrets: dict[Role, str], token: str
) -> None:
    answer = await _sign_in(screen, token)
    assert (answer.status_code, answer.headers["content-type"]) == (401, "text/html; charset=utf-8")
    assert '<meta http-equiv="refresh" content="30">' in answer.text
    assert "dicabut" in answer.text
    assert "<script" not in answer.text
    assert "set-cookie" not in answer.headers
    assert "revoked" in (await _sign_in(screen, token, lang="en")).text


@pytest.mark.parametrize("role", [Role.TECHNICIAN, Role.OPERATOR, Role.ADMIN])
async def test_only_a_walls_token_makes_a_kiosk(
    screen: httpx.AsyncClient, secrets: dict[Role, str], role: Role
) -> None:
    answer = await _sign_in(screen, secrets[role])
    assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)
    assert "bukan token layar" in answer.text


async def test_a_token_in_the_address_of_another_page_opens_nothing(
    screen: httpx.AsyncClient, secrets: dict[Role, str]
) -> None:
    answer = await screen.get("/desk", params={"token": secrets[Role.WALL], "lang": "en"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?next=%2Fdesk%3Flang%3Den&lang=en")
    assert (await screen.get("/api/v1/summary", params={"token": secrets[Role.WALL]})).status_code == 401


async def test_a_screen_that_comes_back_is_the_same_one_and_one_without_memory_adds_no_end_of_rows(
    screen: httpx.AsyncClient, secrets: dict[Role, str], pool: AsyncConnectionPool, city: City, clock: Clock
) -> None:
    for _ in range(3):
        clock.pass_seconds(60)
        await _sign_in(screen, secrets[Role.WALL])
    assert await _kiosks(pool) == 1
    await city.execute(
        "insert into token (hash, kind, name, role, parent, created_at, last_used_at) "
        "select sha256(n::text::bytea), 'kiosk', 'wall', 'wall', parent, created_at, created_at - n * interval '1 day' "
        "from token, generate_series(1, 300) n where kind = 'kiosk'"
    )
    kept = dict(screen.cookies)
    screen.cookies.clear()
    await _sign_in(screen, secrets[Role.WALL])
    assert await _kiosks(pool) == KIOSKS_MAX
    screen.cookies.clear()
    screen.cookies.update(kept)
    assert (await screen.get("/api/v1/summary")).status_code == 200


async def test_who_signs_in_at_a_wall_is_themselves_until_they_leave_and_then_it_is_the_wall_again(
    screen: httpx.AsyncClient, admin: httpx.AsyncClient, secrets: dict[Role, str], clock: Clock
) -> None:
    await admin.put("/api/v1/accounts/sari", json={"role": "operator", "password": "sungai ogan"})
    await _sign_in(screen, secrets[Role.WALL])
    await screen.post("/login", data={"name": "sari", "password": "sungai ogan"})
    assert (await screen.get("/api/v1/audit")).status_code == 200
    clock.pass_seconds(13 * 3_600)
    assert (await screen.get("/api/v1/audit")).status_code == 403
    assert (await screen.get("/api/v1/summary")).status_code == 200


async def test_a_wall_that_starts_before_the_database_waits_for_it(
    screen: httpx.AsyncClient, secrets: dict[Role, str], pool: AsyncConnectionPool
) -> None:
    await _sign_in(screen, secrets[Role.WALL])
    await pool.close()
    for path in ("/wall", "/wall?token=x"):
        answer = await screen.get(path)
        assert (answer.status_code, answer.headers["content-type"]) == (503, "text/html; charset=utf-8")
        assert '<meta http-equiv="refresh" content="30">' in answer.text
    assert (await screen.get("/api/v1/summary")).headers["content-type"] == "application/problem+json"


async def test_over_tls_the_cookies_carry_the_prefix_that_keeps_them_there(
    app: FastAPI, secrets: dict[Role, str]
) -> None:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="https://pantau.test") as screen:
        cookie = (await _sign_in(screen, secrets[Role.WALL])).headers["set-cookie"]
        assert cookie.startswith("__Host-pantau_kiosk=")
        assert "Secure" in cookie.split("; ")
        assert (await screen.get("/api/v1/summary")).status_code == 200
        secret = screen.cookies["__Host-pantau_kiosk"]
        screen.cookies.clear()
        screen.cookies["pantau_kiosk"] = secret
        assert (await screen.get("/api/v1/summary")).status_code == 401, "set by somebody on a line without TLS"
