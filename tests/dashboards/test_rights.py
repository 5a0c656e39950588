"""Who may: every route for every role, and a door that asks before anything else."""

from datetime import timedelta
from functools import partial

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from psycopg_pool import AsyncConnectionPool

from dashboards import tokens
from dashboards.roles import Role
from dashboards.routes import ROUTES
from dashboards.routing import CALENDAR, Route
from tests.dashboards.city import Clock, NotRandom

# Requests that are answered at once; the stream has its own tests.
ASKED = [route for route in ROUTES if not route.path.endswith("/events")]
# What each route answers to somebody who may: nothing of what is asked for is there.
VALID = {200, 201, 303, 404, 422, 503}


def _name(route: Route) -> str:
    return f"{route.method} {route.path}"


async def _ask(client: httpx.AsyncClient, route: Route, secret: str | None = None) -> httpx.Response:
    path = route.path.format(id="1", device="fp-001", name="page.js", channel="sms", section="oncall")
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    return await client.request(route.method, path, headers=headers)


@pytest.mark.parametrize("route", ASKED, ids=_name)
async def test_every_route_is_for_its_role_and_those_above(
    route: Route, anonymous: httpx.AsyncClient, secrets: dict[Role, str]
) -> None:
    for role, secret in secrets.items():
        answer = await _ask(anonymous, route, secret)
        may = route.least is None or role >= route.least
        assert (answer.status_code in VALID) if may else (answer.status_code == 403), (role, answer.text)


@pytest.mark.parametrize("route", ROUTES, ids=_name)
async def test_nothing_but_health_and_the_login_answers_without_a_token(
    route: Route, anonymous: httpx.AsyncClient
) -> None:
    answer = await _ask(anonymous, route)
    if route.path.startswith(("/healthz", "/readyz", "/login")):
        assert answer.status_code in VALID
    elif route.page:
        assert (answer.status_code, answer.headers["location"]) == (303, "/login")
    else:
        challenge = 'Basic realm="pantau", charset="UTF-8"' if route.media == CALENDAR else "Bearer"
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, challenge)
        assert answer.headers["content-type"] == "application/problem+json"


def test_every_route_of_the_application_is_in_the_table(app: FastAPI) -> None:
    routes = [route for route in app.routes if isinstance(route, APIRoute)]
    assert len(routes) == len(app.routes)
    served = {(method, route.path) for route in routes for method in route.methods or ()}
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
        assert "default-src 'self'" in answer.headers["content-security-policy"]
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
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
