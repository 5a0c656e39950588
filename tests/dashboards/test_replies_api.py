"""What a gateway passes on is taken from those who may, kept as it came, and written down."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI
from psycopg_pool import AsyncConnectionPool

from dashboards.roles import Role
from tests.dashboards.conftest import client_of

PATH = "/api/v1/replies/sms"
SAID = {"from": "+62812", "text": "41a"}
KEPT = "select channel, sender, text, said_at < received_at from reply"
AUDITED = "select who, action, subject from audit order by id desc limit 1"


@pytest.fixture
async def gateway(app: FastAPI, secrets: dict[Role, str]) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(app, secrets[Role.TECHNICIAN]) as client:
        yield client


async def test_a_reply_is_taken_for_who_hears_it_later(gateway: httpx.AsyncClient, pool: AsyncConnectionPool) -> None:
    answer = await gateway.post(PATH, json=SAID | {"at": "2026-11-21T13:00:00Z", "id": "gw-7"})
    assert answer.status_code == 202
    async with pool.connection() as connection:
        kept = await (await connection.execute(KEPT)).fetchall()
        audited = await (await connection.execute(AUDITED)).fetchone()
    assert kept == [("sms", "+62812", "41a", True)]
    assert audited == ("technician", "reply.add", "1")


@pytest.mark.parametrize(
    "wrong", [{"from": None}, {"from": ""}, {"text": "x" * 1_001}, {"text": "\x00"}, {"text": 5}, {"at": 5}]
)
async def test_what_is_no_reply_is_refused(gateway: httpx.AsyncClient, wrong: dict[str, object]) -> None:
    assert (await gateway.post(PATH, json=SAID | wrong)).status_code == 422


async def test_who_may_only_look_may_not_answer(wall: httpx.AsyncClient) -> None:
    assert (await wall.post(PATH, json=SAID)).status_code == 403
