"""What a channel answers is what the outbox does next: waits as long as it was asked to, sends a lost page again."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from psycopg.types.json import Jsonb

from alerts.notify.channels.sender import Sender
from alerts.notify.outbox import Outbox, drain
from alerts.notify.page import to_json
from tests.alerts.city import City
from tests.alerts.peers.bot_api import BotApi, bot_api
from tests.alerts.test_channel_telegram import CUT
from tests.alerts.test_channel_telegram import bot as open_bot

ADD = """
insert into notification (channel, sequence, body, created_at, next_attempt_at) values ('tg', 1, %s, %s, %s)
"""
OUTCOMES = "select attempts, delivered_at is not null, next_attempt_at, last_error from notification"


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with bot_api() as api:
        yield api


@pytest.fixture
async def bot(api: BotApi) -> AsyncIterator[Sender]:
    async with open_bot(api) as sender:
        yield sender


@pytest.fixture
async def outbox(city: City) -> Outbox:
    now = city.clock.now()
    await city.run(ADD, [Jsonb(to_json(CUT)), now, now])
    return Outbox(pool=city.pool, clock=city.clock.of_all, jitter=lambda: 1.0)


async def test_a_page_waits_as_long_as_telegram_asks_and_then_goes(
    city: City, api: BotApi, bot: Sender, outbox: Outbox
) -> None:
    api.script = [35]
    await drain(outbox, "tg", bot)
    due = city.clock.now() + timedelta(seconds=35)
    assert await city.run(OUTCOMES) == [(1, False, due, "Telegram 429: Too Many Requests: retry after 35")]
    city.clock.pass_(34)
    await drain(outbox, "tg", bot)
    assert api.sent == []
    city.clock.pass_(1)
    await drain(outbox, "tg", bot)
    assert [sent["text"].split()[0] for sent in api.sent] == ["#41.2"]


async def test_a_page_whose_answer_was_lost_goes_again_under_the_same_number(
    city: City, api: BotApi, bot: Sender, outbox: Outbox
) -> None:
    api.script = ["lost"]
    await drain(outbox, "tg", bot)
    city.clock.pass_(1)
    await drain(outbox, "tg", bot)
    assert [sent["text"].split()[0] for sent in api.sent] == ["#41.2", "#41.2"]
    ((attempts, delivered, _, error),) = await city.run(OUTCOMES)
    assert (attempts, delivered, error) == (2, True, None)
