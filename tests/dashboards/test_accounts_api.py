"""Accounts through the API: who may sign in, as what; and never nobody who gives rights."""

import asyncio

import httpx
import pytest
from fastapi import FastAPI
from psycopg_pool import AsyncConnectionPool

from dashboards.rights import accounts
from dashboards.roles import Role
from tests.dashboards.city import City, Clock, NotRandom

PATH = "/api/v1/accounts"
OURS = {"Sec-Fetch-Site": "same-origin"}


async def _put(client: httpx.AsyncClient, name: str, role: str, password: str | None = None) -> httpx.Response:
    return await client.put(f"{PATH}/{name}", json={"role": role} | ({"password": password} if password else {}))


async def _sign_in(client: httpx.AsyncClient, name: str, password: str) -> httpx.Response:
    return await client.post("/login", data={"name": name, "password": password})


async def _lines(pool: AsyncConnectionPool, action: str) -> list[tuple[object, ...]]:
    async with pool.connection() as connection:
        query = "select who, origin, action, subject, detail from audit where starts_with(action, %s) order by id"
        return await (await connection.execute(query, [action])).fetchall()


async def test_an_account_is_made_changed_listed_and_removed_and_each_change_is_in_the_audit_log(
    admin: httpx.AsyncClient, anonymous: httpx.AsyncClient, pool: AsyncConnectionPool
) -> None:
    made = await _put(admin, "sari", "operator", "sungai ogan")
    assert (made.status_code, made.json()["role"], made.json()["sessions"]) == (200, "operator", 0)
    assert (await _sign_in(anonymous, "sari", "sungai ogan")).status_code == 303
    assert (await anonymous.get("/api/v1/audit")).status_code == 200
    assert (await _put(admin, "sari", "technician")).json()["sessions"] == 1
    assert (await anonymous.get("/api/v1/audit")).status_code == 403, "from the next request on"
    (shown,) = (await admin.get(PATH)).json()["items"]
    assert shown == {
        "name": "sari",
        "role": "technician",
        "signs_in": "password",
        "technician": None,
        "created_at": "2026-11-21T14:02:10Z",
        "sessions": 1,
    }
    assert (await admin.delete(f"{PATH}/sari")).status_code == 204
    assert (await admin.delete(f"{PATH}/sari")).status_code == 404
    assert (await anonymous.get("/api/v1/summary")).status_code == 401
    assert await _lines(pool, "account") == [
        ("admin", "127.0.0.1", "account.put", "sari", {"role": "operator", "password": True}),
        ("sari", "127.0.0.1", "account.login", "sari", {"remember": False}),
        ("admin", "127.0.0.1", "account.put", "sari", {"role": "technician", "password": False}),
        ("admin", "127.0.0.1", "account.remove", "sari", {}),
    ]


async def test_a_password_is_kept_as_argon2_and_shown_nowhere(
    admin: httpx.AsyncClient, pool: AsyncConnectionPool
) -> None:
    await _put(admin, "sari", "operator", "sungai ogan")
    async with pool.connection() as connection:
        row = await (await connection.execute("select password_hash from account")).fetchone()
        kept = await (await connection.execute("select audit::text from audit")).fetchall()
    assert row is not None
    assert row[0].startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert "sungai" not in f"{kept}{(await admin.get(PATH)).text}"


@pytest.mark.parametrize(
    ("name", "body", "status"),
    [
        ("sari", {"role": "operator"}, 422),
        ("sari", {"role": "operator", "password": "1234567"}, 422),
        ("sari", {"role": "root", "password": "sungai ogan"}, 422),
        ("sari", {"role": "operator", "password": "sungai ogan", "issuer": "x"}, 422),
        ("sari", {"role": "operator", "password": "x" * 1_001}, 422),
        ("..%2e", {"role": "operator", "password": "sungai ogan"}, 422),
        ("a%00b", {"role": "operator", "password": "sungai ogan"}, 422),
        ("x" * 65, {"role": "operator", "password": "sungai ogan"}, 422),
        ("a%2Fb", {"role": "operator", "password": "sungai ogan"}, 404),
    ],
)
async def test_a_senseless_account_is_refused(
    admin: httpx.AsyncClient, name: str, body: dict[str, str], status: int
) -> None:
    answer = await admin.put(f"{PATH}/{name}", json=body)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert "sungai" not in answer.text


async def test_many_accounts_come_in_pages(admin: httpx.AsyncClient, city: City) -> None:
    query = "insert into account (name, role, password_hash, created_at) values (%s, 'wall', 'x', now())"
    for number in range(5):
        await city.execute(query, f"orang-{number}")
    names, cursor = [], ""
    while cursor is not None:
        page = (await admin.get(PATH, params={"limit": 2, "cursor": cursor})).json()
        names += [item["name"] for item in page["items"]]
        cursor = page["next"]
    assert names == [f"orang-{number}" for number in range(5)]


async def test_the_last_admin_is_neither_removed_nor_demoted(admin: httpx.AsyncClient) -> None:
    await _put(admin, "sari", "admin", "sungai ogan")
    for refused in (await admin.delete(f"{PATH}/sari"), await _put(admin, "sari", "operator")):
        assert (refused.status_code, "last admin" in refused.json()["detail"]) == (409, True)
    assert (await _put(admin, "sari", "admin", "gunung dempo")).status_code == 200
    await _put(admin, "budi", "admin", "bukit barisan")
    assert (await admin.delete(f"{PATH}/sari")).status_code == 204
    assert (await _put(admin, "budi", "wall", "bukit barisan")).status_code == 409


async def test_admins_who_demote_each_other_at_once_leave_one(
    pool: AsyncConnectionPool, admin: httpx.AsyncClient
) -> None:
    left = ""
    for turn in range(5):
        names = [f"{name}-{turn}" for name in ("sari", "budi", "tono")]
        for name in names:
            await _put(admin, name, "admin", "sungai ogan")
        if turn:
            assert (await admin.delete(f"{PATH}/{left}")).status_code == 204
        changes = [_put(admin, names[0], "operator"), _put(admin, names[1], "wall"), admin.delete(f"{PATH}/{names[2]}")]
        statuses = sorted(answer.status_code for answer in await asyncio.gather(*changes))
        assert statuses in ([200, 200, 409], [200, 204, 409])
        (left,) = [item["name"] for item in (await admin.get(PATH)).json()["items"] if item["role"] == "admin"]


async def test_one_changes_ones_own_password_and_stays_while_other_sessions_end(
    admin: httpx.AsyncClient, app: FastAPI, anonymous: httpx.AsyncClient, pool: AsyncConnectionPool
) -> None:
    await _put(admin, "sari", "wall", "sungai ogan")
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://pantau.test") as phone:
        for client in (anonymous, phone):
            await _sign_in(client, "sari", "sungai ogan")
        change = {"old": "sungai ogan", "new": "gunung dempo"}
        assert (await anonymous.put("/api/v1/password", json=change)).status_code == 403, "from another site"
        assert (await anonymous.put("/api/v1/password", json=change, headers=OURS)).status_code == 204
        assert (await anonymous.get("/api/v1/summary")).status_code == 200
        assert (await phone.get("/api/v1/summary")).status_code == 401
        assert (await _sign_in(phone, "sari", "sungai ogan")).status_code == 401
        assert (await _sign_in(phone, "sari", "gunung dempo")).status_code == 303
    assert [line[2:4] for line in await _lines(pool, "account.password")] == [("account.password", "sari")]


async def test_a_wrong_old_password_changes_nothing_and_cannot_be_guessed(
    admin: httpx.AsyncClient, anonymous: httpx.AsyncClient, clock: Clock
) -> None:
    await _put(admin, "sari", "operator", "sungai ogan")
    await _sign_in(anonymous, "sari", "sungai ogan")
    guess = {"old": "guessed", "new": "gunung dempo"}
    statuses = [(await anonymous.put("/api/v1/password", json=guess, headers=OURS)).status_code for _ in range(11)]
    assert statuses == [403] * 10 + [429]
    clock.pass_seconds(301)
    right = guess | {"old": "sungai ogan"}
    assert (await anonymous.put("/api/v1/password", json=right, headers=OURS)).status_code == 204


async def test_a_token_has_no_password(operator: httpx.AsyncClient) -> None:
    answer = await operator.put("/api/v1/password", json={"old": "x", "new": "gunung dempo"})
    assert (answer.status_code, "A token has no password" in answer.json()["detail"]) == (403, True)


async def test_who_signs_in_at_a_provider_has_role_and_password_from_there(
    admin: httpx.AsyncClient, city: City, pool: AsyncConnectionPool, clock: Clock, not_random: NotRandom
) -> None:
    await city.execute(
        "insert into account (name, role, issuer, subject, created_at) values ('rina', 'operator', 'i', 's', now())"
    )
    for password in (None, "sungai ogan"):
        answer = await _put(admin, "rina", "admin", password)
        assert (answer.status_code, "provider" in answer.json()["detail"]) == (409, True)
    (shown,) = (await admin.get(PATH)).json()["items"]
    assert (shown["role"], shown["signs_in"]) == ("operator", "provider")
    async with pool.connection() as connection:
        with pytest.raises(accounts.SignsInElsewhere):
            await accounts.create(
                connection, "rina", Role.ADMIN, "sungai ogan", now=clock.now(), token_bytes=not_random.token_bytes
            )
    assert (await admin.delete(f"{PATH}/rina")).status_code == 204
