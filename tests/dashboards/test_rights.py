"""Who may: every route for every role, and a door that asks before anything else."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, APIWebSocketRoute
from psycopg_pool import AsyncConnectionPool

from dashboards.rights import accounts, tokens
from dashboards.roles import Role
from dashboards.routes import ROUTES
from dashboards.routing import CALENDAR, WEBSOCKET, Route
from dashboards.settings import DashboardsSettings
from deploy.database import open_pool
from tests.dashboards.application import make_app
from tests.dashboards.city import Clock, NotRandom
from tests.dashboards.knocking import knock
from tests.patience import PATIENCE_SECONDS

# What a route answers to somebody who may: nothing of what is asked for is there, and no body says anything.
VALID = {200, 201, 202, 204, 303, 304, 404, 409, 415, 422, 503}


# The pages before the door, and what says whether this process lives.
OPEN = {
    *("GET /healthz", "GET /readyz"),
    *("GET /login", "GET /login/style.css", "GET /login/icon.svg", "GET /login/oidc", "GET /login/oidc/callback"),
}
SAID_ON_THE_ROAD = re.compile(r"/(acknowledge|unacknowledge|resolve|comment|notes|photos|replies/\{channel\}|alerts)$")
READS = {"GET", WEBSOCKET}
NOT_SIGNED_IN, SENT_TO_LOGIN, FORBIDDEN = {401}, {303}, {403}
# Bearer tokens of each role; a kiosk; somebody signed in, on our pages and lured to another site; nobody.
BEARERS = {role.word: role for role in Role}
CELLS = (*BEARERS, "kiosk", "session", "session elsewhere", "nobody")
PASSWORD = "sungai ogan"


def _name(route: Route) -> str:
    return f"{route.method} {route.path}"


def _least(name: str) -> Role | None:
    return next(route.least for route in ROUTES if _name(route) == name)


def _expected(route: Route, who: str) -> set[int]:
    changes = route.method not in READS
    if route.method != "GET" and who == "session elsewhere":
        return FORBIDDEN
    if route.least is None:
        return VALID
    if who == "nobody":
        return SENT_TO_LOGIN if route.page else NOT_SIGNED_IN
    role = BEARERS.get(who, Role.WALL if who == "kiosk" else Role.ADMIN)
    only_reads = who in {"wall", "kiosk"}
    return FORBIDDEN if role < route.least or (changes and only_reads) else VALID


class Somewhere(dict[str, str]):
    """Whatever a path has a place for."""

    def __missing__(self, name: str) -> str:
        return "1"


class Everybody:
    """A client for each sort of visitor, before one application and one database."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app
        self.clients = {who: self._client() for who in (*CELLS, "preflight")}

    async def arrive(self, pool: AsyncConnectionPool, clock: Clock, dice: NotRandom) -> None:
        more: dict[str, Any] = {"now": clock.now(), "token_bytes": dice.token_bytes}
        async with pool.connection() as connection:
            await accounts.create(connection, "sari", Role.ADMIN, PASSWORD, **more)
            for who, role in BEARERS.items():
                secret = await tokens.create(connection, who, role, **more)
                self.clients[who].headers["Authorization"] = f"Bearer {secret}"
        token = self.clients["wall"].headers["Authorization"].removeprefix("Bearer ")
        await self.clients["kiosk"].get("/wall", params={"token": token})
        for who, site in (("session", "same-origin"), ("session elsewhere", "cross-site")):
            await self.clients[who].post("/login", data={"name": "sari", "password": PASSWORD})
            self.clients[who].headers["Sec-Fetch-Site"] = site

    async def ask(self, route: Route) -> AsyncIterator[tuple[str, httpx.Response]]:
        path = route.path.format_map(Somewhere(device="fp-001", channel="sms"))
        for who in CELLS:
            client, headers = (
                self.clients[who],
                {"Origin": "http://elsewhere.test"} if who == "session elsewhere" else {},
            )
            if route.method == WEBSOCKET:
                # A browser always says of whose page it is asked for one.
                asked = client.build_request("GET", path, headers={"Origin": "http://pantau.test"} | headers)
                yield who, await knock(self._app, asked)
                continue
            yield who, await client.request(route.method, path, headers=headers)
        before = {"Origin": "http://elsewhere.test", "Access-Control-Request-Method": route.method}
        yield "preflight", await self.clients["preflight"].options(path, headers=before)

    def _client(self) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self._app, raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url="http://pantau.test")


async def _ask_everything(url: str, folder: Path) -> dict[tuple[str, str], httpx.Response]:
    clock, dice = Clock(), NotRandom()
    async with open_pool(url, size=2) as pool:
        everybody = Everybody(
            make_app(pool, DashboardsSettings(database_wait_seconds=PATIENCE_SECONDS), folder, clock, dice)
        )
        await everybody.arrive(pool, clock, dice)
        # Whoever signs out is nobody afterwards.
        routes = sorted(ROUTES, key=lambda route: route.path == "/logout")
        return {(_name(route), who): answer for route in routes async for who, answer in everybody.ask(route)}


@pytest.fixture(scope="module")
def answers(
    shared_database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Mapping[tuple[str, str], httpx.Response]:
    """What every route answers to everybody, asked once."""
    return asyncio.run(_ask_everything(shared_database_url, tmp_path_factory.mktemp("frames")))


def test_everything_that_changes_something_needs_a_technician_at_least_but_for_ones_own_session() -> None:
    changes = {_name(route) for route in ROUTES if route.method not in READS and route.least is not None}
    assert {_name(route) for route in ROUTES if route.method == "POST" and route.least is None} == {"POST /login"}
    assert {name for name in changes if _least(name) is Role.WALL} == {"POST /logout", "PUT /api/v1/password"}
    for name in (name for name in changes if _least(name) is Role.TECHNICIAN):
        assert SAID_ON_THE_ROAD.search(name), f"{name} is more than what a technician says"


def test_what_tells_of_people_and_their_rights_is_not_for_everybody() -> None:
    above = {_name(route): route.least for route in ROUTES if route.method == "GET" and route.least != Role.WALL}
    assert {name for name, least in above.items() if least is Role.ADMIN} == {
        "GET /api/v1/accounts",
        "GET /api/v1/tokens",
        "GET /api/v1/frame-access",
    }
    assert above["GET /api/v1/audit"] is Role.OPERATOR
    assert {name for name, least in above.items() if least is None} == OPEN


@pytest.mark.parametrize("who", CELLS)
@pytest.mark.parametrize("route", ROUTES, ids=_name)
def test_every_route_answers_everybody_as_their_role_may(
    route: Route, who: str, answers: Mapping[tuple[str, str], httpx.Response]
) -> None:
    answer = answers[_name(route), who]
    expected = _expected(route, who)
    assert answer.status_code in expected, answer.text
    if expected is NOT_SIGNED_IN:
        challenge = 'Basic realm="pantau", charset="UTF-8"' if route.media == CALENDAR else "Bearer"
        assert answer.headers["www-authenticate"] == challenge
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
    if expected is SENT_TO_LOGIN:
        assert answer.headers["location"].partition("?")[0] == "/login"


@pytest.mark.parametrize("route", ROUTES, ids=_name)
def test_no_answer_lets_another_site_read_it(route: Route, answers: Mapping[tuple[str, str], httpx.Response]) -> None:
    """There is no CORS here: neither for who asks with an Origin, nor before they ask (Fetch, section 3.3)."""
    for who in (*CELLS, "preflight"):
        headers = answers[_name(route), who].headers
        assert not [name for name in headers if name.startswith("access-control-")], who
        assert headers["cross-origin-resource-policy"] == "same-origin"
    assert answers[_name(route), "preflight"].status_code in {401, 405}


def test_every_route_of_the_application_is_in_the_table(app: FastAPI) -> None:
    routes = [route for route in app.routes if isinstance(route, APIRoute)]
    sockets = [route for route in app.routes if isinstance(route, APIWebSocketRoute)]
    assert len(routes) + len(sockets) == len(app.routes)
    served = {(method, route.path) for route in routes for method in route.methods or ()}
    served |= {(WEBSOCKET, socket.path) for socket in sockets}
    assert served == {(route.method, route.path) for route in ROUTES}


@pytest.mark.parametrize("path", ["/metrics", "/docs", "/openapi.json", "/api/v1", "/api/v1/devices/", "/static/"])
async def test_what_is_not_there_is_401_for_strangers_and_404_for_others(
    path: str, anonymous: httpx.AsyncClient, wall: httpx.AsyncClient
) -> None:
    assert (await anonymous.get(path)).status_code == 401
    answer = await wall.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


async def test_a_host_header_cannot_lend_a_request_another_path(anonymous: httpx.AsyncClient) -> None:
    for host in ("pantau.test/healthz?", "pantau.test/healthz#", "/healthz"):
        answer = await anonymous.get("/api/v1/summary", headers={"Host": host})
        assert answer.status_code == 401, host


async def test_a_wrong_method_is_401_then_405_with_what_is_allowed(
    anonymous: httpx.AsyncClient, wall: httpx.AsyncClient
) -> None:
    assert (await anonymous.delete("/api/v1/devices")).status_code == 401
    answer = await wall.delete("/api/v1/devices")
    assert (answer.status_code, answer.headers["allow"], answer.json()["title"]) == (405, "GET", "Method Not Allowed")


async def test_a_path_for_websockets_says_so(anonymous: httpx.AsyncClient, wall: httpx.AsyncClient) -> None:
    assert (await anonymous.get("/api/v1/live")).status_code == 401
    answer = await wall.get("/api/v1/live")
    assert (answer.status_code, answer.headers["upgrade"]) == (426, "websocket")


async def test_who_may_is_decided_before_what_is_valid(anonymous: httpx.AsyncClient, wall: httpx.AsyncClient) -> None:
    adopt = "/api/v1/unknown-devices/NOT%20AN%20ID/adopt"
    assert (await anonymous.post(adopt, content=b"{")).status_code == 401
    assert (await wall.post(adopt, content=b"{")).status_code == 403
    assert (await anonymous.get("/api/v1/devices?limit=x")).status_code == 401


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer ", "Bearer x y", "Basic eDp5", "bearer \xff", "Bearer " + "x" * 9_000]
)
async def test_what_is_no_token_opens_nothing(
    anonymous: httpx.AsyncClient, secrets: dict[Role, str], header: str
) -> None:
    answer = await anonymous.get("/api/v1/summary", headers={b"Authorization": header.encode("latin-1")})
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, 'Bearer error="invalid_token"')


async def test_a_revoked_token_opens_nothing_from_the_next_request_on(
    wall: httpx.AsyncClient, pool: AsyncConnectionPool, clock: Clock
) -> None:
    assert (await wall.get("/api/v1/summary")).status_code == 200
    async with pool.connection() as connection:
        assert await tokens.revoke(connection, "wall", now=clock.now())
        assert not await tokens.revoke(connection, "wall", now=clock.now())
    assert (await wall.get("/api/v1/summary")).status_code == 401


async def test_a_name_is_free_again_after_its_token_was_revoked(
    pool: AsyncConnectionPool, clock: Clock, not_random: NotRandom, secrets: dict[Role, str]
) -> None:
    async with pool.connection() as connection:
        make = partial(tokens.create, connection, "wall", now=clock.now(), token_bytes=not_random.token_bytes)
        with pytest.raises(tokens.NameTaken):
            await make(role=Role.ADMIN)
        await tokens.revoke(connection, "wall", now=clock.now())
        await make(role=Role.TECHNICIAN)
        listed = [(token.name, token.role, token.revoked_at is None) for token in await tokens.list_all(connection)]
    assert listed[0] == ("wall", "technician", True)
    assert ("wall", "wall", False) in listed


async def test_the_secret_is_kept_nowhere_and_every_change_is_in_the_audit_log(
    pool: AsyncConnectionPool, secrets: dict[Role, str]
) -> None:
    async with pool.connection() as connection:
        rows = await (await connection.execute("select token::text from token")).fetchall()
        assert not [row for (row,) in rows for secret in secrets.values() if secret in row]
        lines = await (
            await connection.execute("select who, origin, action, subject from audit order by id")
        ).fetchall()
    assert lines == [("cli", "cli", "token.create", role.word) for role in Role]


async def test_the_last_use_of_a_token_is_known_to_the_minute(
    wall: httpx.AsyncClient, pool: AsyncConnectionPool, clock: Clock
) -> None:
    for _ in range(3):
        await wall.get("/api/v1/summary")
        clock.pass_seconds(40)
    async with pool.connection() as connection:
        listed = {token.name: token.last_used_at for token in await tokens.list_all(connection)}
    assert listed["wall"] == clock.now() - timedelta(seconds=40)
    assert listed["admin"] is None


@pytest.mark.parametrize(("length", "status"), [("65537", 413), ("9" * 40, 413), ("x", 411)])
async def test_a_body_too_large_is_refused_before_it_is_read(
    operator: httpx.AsyncClient, length: str, status: int
) -> None:
    answer = await operator.post("/api/v1/unknown-devices/fp-1/adopt", headers={"Content-Length": length})
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


async def test_every_answer_carries_the_headers_that_keep_a_browser_safe(
    anonymous: httpx.AsyncClient, wall: httpx.AsyncClient
) -> None:
    for answer in (await anonymous.get("/login"), await anonymous.get("/api/v1/summary"), await wall.get("/nowhere")):
        policy = dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))
        assert policy == {
            "default-src": "'self'",
            "connect-src": "'self'",
            "img-src": "'self' blob:",
            "object-src": "'none'",
            "base-uri": "'none'",
            "form-action": "'self'",
            "frame-ancestors": "'none'",
        }
        for feature in ("camera", "geolocation", "microphone"):
            assert f"{feature}=()" in answer.headers["permissions-policy"].split(", ")
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert answer.headers["cache-control"] == "no-store"


async def test_a_calendar_logs_in_with_a_token_for_its_password_and_only_reads(
    anonymous: httpx.AsyncClient, secrets: dict[Role, str]
) -> None:
    login = httpx.BasicAuth("anybody", secrets[Role.OPERATOR])
    assert (await anonymous.get("/api/v1/oncall/rotas", auth=login)).status_code == 200
    assert (await anonymous.post("/api/v1/maintenance", auth=login, json={})).status_code == 401
    wrong = await anonymous.get("/api/v1/oncall/rotas", auth=httpx.BasicAuth("anybody", "guessed"))
    assert wrong.status_code == 401
    for spoilt in ("Basic", "Basic !", "Basic dG9rZW4=", "Basic /w=="):
        assert (await anonymous.get("/api/v1/oncall/rotas", headers={"Authorization": spoilt})).status_code == 401
