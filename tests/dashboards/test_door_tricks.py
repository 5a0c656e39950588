"""What somebody sends who wants to get in, or to keep others out, and what the door makes of it."""

import asyncio
import socket
from collections.abc import AsyncIterator

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from psycopg_pool import AsyncConnectionPool

from dashboards.app import TABLE
from dashboards.auth import Guard
from dashboards.rights import accounts
from dashboards.rights.cookies import KIOSK, SESSION
from dashboards.roles import Role
from tests.dashboards.city import Clock, NotRandom
from tests.patience import PATIENCE_SECONDS

PASSWORD = "sungai ogan"
SUMMARY = "/api/v1/summary"


@pytest.mark.parametrize(
    "origin", ["http://[", "http://[pantau.test]x", "null", "", "http://", "://", "http://pantau.test:x"]
)
async def test_an_origin_that_is_none_is_another_site_and_no_failure_of_ours(
    anonymous: httpx.AsyncClient, origin: str
) -> None:
    answer = await anonymous.post("/login", data={"name": "a", "password": "b"}, headers={"Origin": origin})
    # An empty header says nothing, as none does.
    assert answer.status_code == (403 if origin else 401)


async def test_an_empty_host_is_the_same_as_no_origin_of_ours(anonymous: httpx.AsyncClient) -> None:
    headers = {"Origin": "null", "Host": ""}
    assert (await anonymous.post("/login", data={"name": "a", "password": "b"}, headers=headers)).status_code == 403


@pytest.mark.parametrize("cookie", [SESSION, KIOSK])
async def test_a_token_in_a_cookie_opens_nothing(
    anonymous: httpx.AsyncClient, secrets: dict[Role, str], cookie: str
) -> None:
    """A browser sends cookies for whatever page asks it to: a token's rights to change things are for who says it."""
    anonymous.cookies.set(cookie, secrets[Role.ADMIN])
    assert (await anonymous.get(SUMMARY)).status_code == 401
    assert (await anonymous.post("/api/v1/tokens", json={"name": "x", "role": "admin"})).status_code == 401


async def test_a_cookie_of_one_kind_is_none_of_the_other_and_nothing_of_it_comes_back(
    anonymous: httpx.AsyncClient, pool: AsyncConnectionPool, clock: Clock, not_random: NotRandom
) -> None:
    """What is given again is the cookie that opened: never what stands in another, which may hold a line's end."""
    async with pool.connection() as connection:
        more = {"now": clock.now(), "token_bytes": not_random.token_bytes}
        await accounts.create(connection, "sari", Role.OPERATOR, PASSWORD, **more)  # type: ignore[arg-type]
    login = {"name": "sari", "password": PASSWORD, "remember": "true"}
    await anonymous.post("/login", data=login)
    secret = anonymous.cookies[SESSION]
    anonymous.cookies.clear()
    spoilt = {"Cookie": f'{SESSION}="a\\015\\012Set-Cookie: b=c"; {KIOSK}={secret}'}
    answer = await anonymous.get("/desk", headers=spoilt)
    assert (answer.status_code, answer.headers.get("set-cookie")) == (303, None)


@pytest.fixture
async def hurried(app: FastAPI) -> AsyncIterator[tuple[str, int]]:
    """The application behind a real server, before a door that waits for hardly anything."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        door = Guard(app, routes=TABLE, centre=app.state.centre, piece_seconds=0.2)
        server = uvicorn.Server(uvicorn.Config(door, log_level="warning", lifespan="off"))
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started:
            await asyncio.sleep(0.01)
        yield listening.getsockname()
        server.should_exit = True
        await serving


async def _begin(
    where: tuple[str, int], secret: str, path: str, kind: str
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection(*where)
    head = f"POST {path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {secret}\r\nContent-Type: {kind}\r\n"
    writer.write(f"{head}Content-Length: 1000\r\n\r\n".encode() + b"a")
    return reader, writer


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/login", "application/x-www-form-urlencoded"),
        ("/api/v1/incidents/1/acknowledge", "application/json"),
        ("/api/v1/incidents/1/photos?key=c0ffee00-0000-4000-8000-000000000001", "image/jpeg"),
    ],
)
async def test_a_body_that_comes_no_further_ends_and_its_connection_too(
    hurried: tuple[str, int], secrets: dict[Role, str], path: str, kind: str
) -> None:
    """Whoever drives out of reach while he sends a photo never says so."""
    reader, writer = await _begin(hurried, secrets[Role.TECHNICIAN], path, kind)
    async with asyncio.timeout(PATIENCE_SECONDS):
        answer = await reader.read()
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"application/problem+json" in answer
    writer.close()


async def test_a_token_that_is_revoked_opens_nothing_though_it_was_shown_with_others(
    anonymous: httpx.AsyncClient, admin: httpx.AsyncClient, secrets: dict[Role, str]
) -> None:
    await admin.delete("/api/v1/tokens/operator")
    headers = {"Authorization": f"Bearer {secrets[Role.OPERATOR]}"}
    anonymous.cookies.set(KIOSK, secrets[Role.WALL])
    assert (await anonymous.get(SUMMARY, headers=headers)).status_code == 401
