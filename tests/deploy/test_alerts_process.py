"""The alerts process as it runs: what people answer reaches it by a bot and by a gateway, and is confirmed."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import psycopg
import pytest
from psycopg.rows import TupleRow

from alerts import replies
from deploy.local.ports import free_port
from deploy.processes import alerts
from deploy.settings import read_settings
from tests.alerts.city import NOON
from tests.alerts.peers.bot_api import TOKEN, BotApi, bot_api
from tests.patience import PATIENCE_SECONDS

CITY = """
[city]
name = "Kota"
devices = "devices.csv"
[[channels]]
name = "tg"
kind = "telegram"
token_file = "tg.token"
api = "{url}"
poll_seconds = 1
[[channels]]
name = "sms"
kind = "sms_http"
url = "http://127.0.0.1:9/"
"""
HEARD = "select answer from reply where handled_at is not null"


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with bot_api() as api:
        yield api


@pytest.fixture
async def process(api: BotApi, tmp_path: Path, database_url: str) -> AsyncIterator[asyncio.Task[None]]:
    (tmp_path / "city.toml").write_text(CITY.format(url=api.url))
    (tmp_path / "tg.token").write_text(f"{TOKEN}\n")
    environ = {
        "PANTAU_CONFIG": str(tmp_path / "city.toml"),
        "PANTAU_DATABASE_URL": database_url,
        "PANTAU_OPS_LISTEN": f"127.0.0.1:{free_port()}",
    }
    task = asyncio.create_task(alerts.run(read_settings(environ)))
    yield task
    task.cancel()
    await asyncio.wait([task])


async def test_replies_by_a_bot_and_by_a_gateway_are_heard_by_the_process_that_judges(
    process: asyncio.Task[None], api: BotApi, database_url: str
) -> None:
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as connection:
        await replies.keep(connection, channel="sms", sender="+62666", text="41a", received_at=NOON)
        await api.types("41a", person=666)
        await api.heard()
        assert await _heard(connection) == [("",)]
    assert api.sent == []
    assert not process.done()


async def _heard(connection: psycopg.AsyncConnection[TupleRow]) -> list[TupleRow]:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not (rows := await (await connection.execute(HEARD)).fetchall()):
            await asyncio.sleep(0.05)
    return rows
