"""A night in which everything fails: 500 alerts, and one technician who must still be able to read what he is told.

At second 0 the light fades on 500 points that have nothing in common. Budi's phone shows five messages and then keeps
still; when his budget allows it again, one digest tells him of the rest. In the morning all are well again, and that is
one digest too. The office's own system, which is no person, has heard of each.
"""

import asyncio
import json
import time
from pathlib import Path

from alerts.paging.budget import BUDGET
from deploy.local.mosquitto import Mosquitto
from devices.device import Device
from devices.topics import Channel
from tests.alerts.peers.bot_api import TOKEN, BotApi, bot_api
from tests.patience import PATIENCE_SECONDS
from tests.scenarios.story import Story, telling

COUNT = 500
FADED, WELL = -35.0, -20.0
BURST = BUDGET[0]
CITY = """
[city]
name = "OKU"
devices = "devices.csv"

[mqtt]
root = "{root}"

[[rules]]
name = "optical-low"
kind = "threshold"
metric = "rx_power_dbm"
below = -27.0
severity = "critical"

[[channels]]
name = "tg"
kind = "telegram"
token = "{token}"
api = "{telegram}"
poll_seconds = 1
timeout_seconds = 15

[[channels]]
name = "office"
kind = "webhook"
url = "{webhook}"
timeout_seconds = 15

[[policies]]
name = "night"
steps = [{ after_minutes = 60, notify = ["technician:budi"] }]

[[routes]]
channels = ["office"]
policy = "night"
"""
BUDI = {"id": "budi", "name": "Budi", "contacts": [{"channel": "tg", "address": "77"}]}
POINTS = [Device(id=f"fp-{n:03}", kind="fibre_point", name=f"FP-{n:03}", area="Lengkiti") for n in range(COUNT)]
# What the budget remembers of Budi is so much longer ago.
LATER = "update notification set created_at = created_at - %s where technician = 'budi'"
ON_THE_WAY = "select count(*) from notification where technician = 'budi' and delivered_at is null"
HELD = "select count(*) from held_page where digest_id is null"


async def test_five_pages_and_a_digest_are_what_one_technician_gets(
    tmp_path: Path, database_url: str, mosquitto_server: Mosquitto
) -> None:
    async with (
        bot_api() as telegram,
        telling(
            tmp_path,
            database_url,
            mosquitto_server.url,
            city=CITY.replace("{token}", TOKEN).replace("{telegram}", telegram.url),
            devices=POINTS,
        ) as story,
    ):
        answer = await story.api.put("/api/v1/oncall/technicians", json={"items": [BUDI]})
        assert answer.is_success, answer.text

        await all_say(story, FADED)
        await until_told(story, "firing")
        await until_none_is_on_its_way(story)
        assert len(telegram.sent) == BURST.count
        assert all("KRITIS" in message["text"] for message in telegram.sent)

        await fifteen_minutes_pass(story)
        await until_held(story, 0)
        digest = await last_message(telegram, BURST.count + 1)
        assert f"RINGKASAN: {COUNT - BURST.count} berita" in digest

        await all_say(story, WELL)
        await until_told(story, "resolved")
        await until_none_is_on_its_way(story)
        told = len(telegram.sent)
        assert told <= 2 * BURST.count, "the end of each is news within the same budget"
        await fifteen_minutes_pass(story)
        await until_held(story, 0)
        assert "RINGKASAN" in await last_message(telegram, told + 1)


async def all_say(story: Story, value: float) -> None:
    payload = json.dumps({"ts": time.time_ns() // 1_000_000, "values": {"rx_power_dbm": value}})
    async with story.client() as client:
        for point in POINTS:
            await client.publish(story.grammar.format(point.id, Channel.TELEMETRY), payload, qos=1)


async def until_told(story: Story, status: str) -> None:
    """Return once the office was told that of every point, each once."""
    told: list[str] = []
    async with asyncio.timeout(PATIENCE_SECONDS):
        while len(told) < COUNT:
            await asyncio.sleep(0.1)
            told = [device for said, _, device in story.pages() if said == status]
    assert sorted(told) == [point.id for point in POINTS]


async def fifteen_minutes_pass(story: Story) -> None:
    await story.rows(f"{LATER} returning 1", BURST.within)


async def until_held(story: Story, count: int) -> None:
    await story.until_rows(HELD, lambda found: found == [(count,)])


async def until_none_is_on_its_way(story: Story) -> None:
    """The office may have heard of all before Budi has heard what is meant for him."""
    await story.until_rows(ON_THE_WAY, lambda found: found == [(0,)])


async def last_message(telegram: BotApi, count: int) -> str:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while len(telegram.sent) < count:
            await asyncio.sleep(0.05)
    assert len(telegram.sent) == count
    return str(telegram.sent[-1]["text"])
