"""Whose word it is: a technician's only from an account of which an admin said so, whatever anybody is called."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import httpx
import pytest
from fastapi import FastAPI
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool

from dashboards.rights import accounts, tokens
from dashboards.roles import Role
from tests.dashboards.city import START, City, Clock, NotRandom
from tests.dashboards.conftest import client_of

PASSWORD = "sungai ogan"
ACKNOWLEDGE = "/api/v1/alerts/1/acknowledge"
KEY = "c0ffee00-0000-4000-8000-000000000001"
INCIDENT = """
insert into incident (root, area, title, severity, state, class, place, affected, opened_at)
values ('fp-1', 'Lengkiti', 'Kabel putus', 'critical', 'open', 'fibre-cut', '{}', %s, %s)
"""
BUDI = """
insert into technician (id, place, name, contacts, language, areas, changed_at, changed_by)
values ('budi', 1, 'Budi Santoso', '[{"channel": "sms", "address": "+62811"}]', 'id', '["Lengkiti"]', now(), 'test')
"""
SignedIn = Callable[[str], AbstractAsyncContextManager[httpx.AsyncClient]]


@pytest.fixture
async def trouble(city: City) -> None:
    """In an area that the technician Budi covers."""
    await city.add("fp-1")
    await city.execute(BUDI)
    await city.execute(INCIDENT, Jsonb({}), START)
    await city.alerts("device-down", "fp-1")
    await city.execute("update alert set incident_id = 1")


@pytest.fixture
def signed_in(app: FastAPI, pool: AsyncConnectionPool, clock: Clock, not_random: NotRandom) -> SignedIn:
    """Somebody of that name, with an account that an admin has just made."""

    @asynccontextmanager
    async def entered(name: str) -> AsyncIterator[httpx.AsyncClient]:
        more = {"now": clock.now(), "token_bytes": not_random.token_bytes}
        async with pool.connection() as connection:
            await accounts.create(connection, name, Role.TECHNICIAN, PASSWORD, **more)  # type: ignore[arg-type]
        headers = {"Sec-Fetch-Site": "same-origin"}
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://pantau.test", headers=headers) as client:
            await client.post("/login", data={"name": name, "password": PASSWORD})
            yield client

    return entered


async def _shown(client: httpx.AsyncClient) -> tuple[object, object, list[object]]:
    told = (await client.get("/api/v1/phone")).json()
    return told["me"]["technician"], told["me"]["name"], [one["mine"] for one in told["incidents"]]


async def _link(admin: httpx.AsyncClient, name: str, technician: str | None) -> httpx.Response:
    return await admin.put(f"/api/v1/accounts/{name}/technician", json={"technician": technician})


async def test_a_technicians_name_makes_no_technician_and_an_admins_word_does(
    signed_in: SignedIn, admin: httpx.AsyncClient, trouble: None
) -> None:
    async with signed_in("budi") as client:
        assert await _shown(client) == (None, "account:budi", [False])
        assert (await client.get("/api/v1/city")).json()["visitor"]["technician"] is None
        taken = (await client.post(ACKNOWLEDGE)).json()
        assert taken["acknowledged_by"] == "account:budi"
        assert await _shown(client) == (None, "account:budi", [True]), "what one took oneself is one's own"
        linked = await _link(admin, "budi", "budi")
        assert (linked.status_code, linked.json()["technician"]) == (200, "budi")
        assert await _shown(client) == ("budi", "Budi Santoso", [True])
        assert (await client.get("/api/v1/city")).json()["visitor"]["technician"] == "budi"
        assert (await _link(admin, "budi", None)).json()["technician"] is None
        assert (await _shown(client))[0] is None


async def test_who_is_linked_speaks_as_that_technician_and_the_audit_log_keeps_the_account(
    signed_in: SignedIn, admin: httpx.AsyncClient, operator: httpx.AsyncClient, trouble: None
) -> None:
    async with signed_in("hp-lengkiti") as client:
        await _link(admin, "hp-lengkiti", "budi")
        assert (await client.post(ACKNOWLEDGE)).json()["acknowledged_by"] == "budi"
        note = {"key": KEY, "text": "tiang roboh"}
        assert (await client.post("/api/v1/incidents/1/notes", json=note)).json()["who"] == "budi"
        (shown,) = (await client.get("/api/v1/phone")).json()["incidents"]
        assert (shown["acknowledged_by"], shown["latest_note"]["who"]) == ("Budi Santoso", "Budi Santoso")
    lines = (await operator.get("/api/v1/audit", params={"who": "hp-lengkiti"})).json()["items"]
    assert {line["action"] for line in lines} == {"account.login", "alert.acknowledge", "incident.note"}
    (line,) = (await operator.get("/api/v1/audit", params={"action": "account.technician"})).json()["items"]
    assert (line["who"], line["subject"], line["detail"]) == ("admin", "hp-lengkiti", {"technician": "budi"})


@pytest.mark.parametrize(
    ("name", "voice"),
    [
        ("Budi Santoso", "account:Budi Santoso"),  # as by SMS, where he answers under his name
        (" budi-santoso.", "account: budi-santoso."),
        ("engine", "account:engine"),
        ("account:budi", "account:account:budi"),
        ("budi-2", "budi-2"),
    ],
)
async def test_nobody_reads_as_somebody_else(signed_in: SignedIn, trouble: None, name: str, voice: str) -> None:
    async with signed_in(name) as client:
        assert (await client.post(ACKNOWLEDGE)).json()["acknowledged_by"] == voice


async def test_a_token_is_no_technician(
    app: FastAPI, pool: AsyncConnectionPool, clock: Clock, not_random: NotRandom, trouble: None
) -> None:
    async with pool.connection() as connection:
        more = {"now": clock.now(), "token_bytes": not_random.token_bytes}
        secret = await tokens.create(connection, "budi", Role.TECHNICIAN, **more)  # type: ignore[arg-type]
    async with client_of(app, secret) as client:
        assert await _shown(client) == (None, "token:budi", [False])
        assert (await client.post(ACKNOWLEDGE)).json()["acknowledged_by"] == "token:budi"


async def test_who_leaves_the_list_of_technicians_is_nobodys_account_whoever_has_the_id_next(
    signed_in: SignedIn, admin: httpx.AsyncClient, city: City, trouble: None
) -> None:
    async with signed_in("hp-lengkiti") as client:
        await _link(admin, "hp-lengkiti", "budi")
        emptied = await admin.put("/api/v1/oncall/technicians", json={"items": []})
        assert emptied.status_code == 200
        await city.execute(BUDI)
        assert (await _shown(client))[0] is None


async def test_a_link_names_an_account_and_a_technician_that_are_there(
    admin: httpx.AsyncClient, operator: httpx.AsyncClient, signed_in: SignedIn, trouble: None
) -> None:
    assert (await _link(admin, "nobody", "budi")).status_code == 404
    async with signed_in("hp-lengkiti"):
        unknown = await _link(admin, "hp-lengkiti", "sari")
        assert (unknown.status_code, "sari" in unknown.json()["detail"]) == (422, True)
        assert (await _link(operator, "hp-lengkiti", "budi")).status_code == 403
        await _link(admin, "hp-lengkiti", "budi")
        await admin.put("/api/v1/accounts/hp-lengkiti", json={"role": "operator"})
        (shown,) = (await admin.get("/api/v1/accounts")).json()["items"]
        assert (shown["role"], shown["technician"]) == ("operator", "budi"), "a new role leaves the link"
