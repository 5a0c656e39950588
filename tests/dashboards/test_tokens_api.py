"""Tokens through the API: shown once, kept as a hash, gone when revoked."""

import httpx
import pytest
from fastapi import FastAPI
from psycopg_pool import AsyncConnectionPool

from tests.dashboards.city import Clock
from tests.dashboards.conftest import client_of

PATH = "/api/v1/tokens"


async def test_a_token_is_shown_once_opens_what_its_role_may_and_is_revoked(
    admin: httpx.AsyncClient, app: FastAPI, pool: AsyncConnectionPool, clock: Clock
) -> None:
    clock.pass_seconds(1)
    made = await admin.post(PATH, json={"name": "lobi", "role": "wall"})
    assert (made.status_code, made.headers["cache-control"]) == (201, "no-store")
    secret = made.json()["token"]
    async with client_of(app, secret) as lobby:
        assert (await lobby.get("/api/v1/summary")).status_code == 200
        assert (await lobby.get("/api/v1/audit")).status_code == 403
        listed = (await admin.get(PATH)).json()["items"]
        assert listed[0] == {
            "name": "lobi",
            "role": "wall",
            "created_at": "2026-11-21T14:02:11Z",
            "last_used_at": "2026-11-21T14:02:11Z",
            "revoked_at": None,
            "kiosks": 0,
        }
        assert (await admin.delete(f"{PATH}/lobi")).status_code == 204
        assert (await lobby.get("/api/v1/summary")).status_code == 401
    assert (await admin.delete(f"{PATH}/lobi")).status_code == 404
    assert len((await admin.get(PATH, params={"active": "true"})).json()["items"]) == 4
    assert (await admin.get(PATH)).json()["items"][0]["revoked_at"] == "2026-11-21T14:02:11Z"
    async with pool.connection() as connection:
        lines = await (
            await connection.execute("select who, origin, action, subject from audit where who = 'admin' order by id")
        ).fetchall()
        kept = await (
            await connection.execute("select token::text, (select json_agg(audit) from audit)::text from token")
        ).fetchall()
    assert lines == [
        ("admin", "127.0.0.1", "token.create", "lobi"),
        ("admin", "127.0.0.1", "token.revoke", "lobi"),
    ]
    assert secret not in f"{kept}{(await admin.get(PATH)).text}"


async def test_a_name_in_use_is_refused(admin: httpx.AsyncClient) -> None:
    answer = await admin.post(PATH, json={"name": "wall", "role": "admin"})
    assert (answer.status_code, "exists" in answer.json()["detail"]) == (409, True)


@pytest.mark.parametrize(
    "body",
    [
        {"name": "", "role": "wall"},
        {"name": " ", "role": "wall"},
        {"name": "a/b", "role": "wall"},
        {"name": "..", "role": "wall"},
        {"name": "a\0", "role": "wall"},
        {"name": "x" * 65, "role": "wall"},
        {"name": "lobi", "role": "root"},
        {"name": "lobi"},
        {"name": "lobi", "role": "wall", "token": "mine"},
    ],
)
async def test_a_senseless_token_is_refused(admin: httpx.AsyncClient, body: dict[str, str]) -> None:
    assert (await admin.post(PATH, json=body)).status_code == 422


async def test_many_tokens_come_in_pages_the_newest_first(admin: httpx.AsyncClient, clock: Clock) -> None:
    for number in range(3):
        clock.pass_seconds(1)
        await admin.post(PATH, json={"name": f"layar-{number}", "role": "wall"})
    first = (await admin.get(PATH, params={"limit": 2})).json()
    second = (await admin.get(PATH, params={"limit": 2, "cursor": first["next"]})).json()
    names = [item["name"] for item in first["items"] + second["items"]]
    assert (names[:3], len(names)) == (["layar-2", "layar-1", "layar-0"], 4)
