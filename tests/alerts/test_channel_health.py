"""When a channel counts as failing, so that another one tells it."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from alerts.notify.asking import keep_asking
from alerts.notify.channels.kinds import open_all
from alerts.notify.health import Record, failing
from alerts.notify.receipts import records, unreachable
from tests.alerts.city import DOWN, NOON, City, settings
from tests.alerts.peers.http_server import HttpServer, Response, always, http_server
from tests.patience import until

FIVE = timedelta(minutes=5)
SILENT = Record(channel="sms", delivered_at=None, failures=3, failing_since=NOON - FIVE, reason="HTTP 500")
ADD = """
insert into notification (channel, sequence, body, created_at, next_attempt_at, attempts, delivered_at, failed_at,
    last_error)
values (%s, 1, '{}', %s, %s, %s, %s, %s, %s)
"""


def test_three_failures_and_nothing_delivered_for_five_minutes_is_a_channel_that_fails() -> None:
    assert failing([SILENT], NOON) == {"sms": "HTTP 500"}
    assert failing([replace(SILENT, delivered_at=NOON - FIVE)], NOON) == {"sms": "HTTP 500"}


def test_a_single_failure_a_fresh_one_or_a_delivery_since_is_none() -> None:
    for record in (
        replace(SILENT, failures=2),
        replace(SILENT, failing_since=NOON - FIVE + timedelta(seconds=1)),
        replace(SILENT, delivered_at=NOON - timedelta(minutes=1)),
        replace(SILENT, failures=0, failing_since=None, reason=None),
    ):
        assert failing([record], NOON) == {}


def test_a_channel_that_cannot_be_reached_fails_before_anything_is_sent() -> None:
    assert failing([], NOON, {"tg": "Telegram 401: Unauthorized"}) == {"tg": "Telegram 401: Unauthorized"}
    assert failing([SILENT], NOON, {"sms": "no network"}) == {"sms": "HTTP 500"}


async def test_receipts_tell_of_each_channel_what_was_tried_in_vain(city: City) -> None:
    hour, minute = timedelta(hours=1), timedelta(minutes=1)
    rows = [
        ("sms", NOON - hour, NOON, 1, NOON - hour, None, None),
        ("sms", NOON - 9 * minute, NOON, 4, None, None, "HTTP 500"),
        ("sms", NOON - 8 * minute, NOON, 1, None, None, "HTTP 503"),
        ("sms", NOON - minute, NOON, 1, None, None, None),
        ("sms", NOON - 25 * hour, NOON, 99, None, NOON, "yesterday"),
        ("ops", NOON - minute, NOON, 2, NOON, None, "HTTP 500"),
    ]
    for row in rows:
        await city.run(ADD, row)
    async with city.pool.connection() as connection:
        found = await records(connection, ["sms", "ops", "new"], NOON)
    assert sorted(found, key=lambda record: record.channel) == [
        Record(channel="new", delivered_at=None, failures=0, failing_since=None, reason=None),
        Record(channel="ops", delivered_at=NOON, failures=0, failing_since=None, reason=None),
        Record(
            channel="sms",
            delivered_at=NOON - hour,
            failures=5,
            failing_since=NOON - 9 * minute,
            reason="HTTP 503",
        ),
    ]
    assert failing(found, NOON) == {"sms": "HTTP 503"}


async def test_all_channels_are_asked_whether_they_can_be_reached() -> None:
    async with http_server(always(Response())) as server:
        gone = HttpServer(always(Response()), port=9)
        urls = {"ops": server.url, "gone": gone.url}
        async with open_all(settings(urls=urls).channels) as senders:
            assert await unreachable(senders) == {"gone": "ConnectError: All connection attempts failed"}


async def test_a_channel_that_cannot_be_reached_is_told_once_though_the_process_is_restarted(city: City) -> None:
    """A process that was just started has asked no channel yet: that is no news of any."""
    states = "select state from alert where rule = 'pantau:channel-failing'"
    wanted = settings(DOWN, urls={"ops": "http://ops", "tg": "http://tg"})
    city.start(wanted)
    city.paging.learn({"tg": "ConnectError"})
    await city.round()
    assert await city.run(states) == [("firing",)]
    city.start(wanted)
    for _ in range(3):
        city.clock.pass_(30)
        await city.round()
    assert await city.run(states) == [("firing",)]
    city.paging.learn({})
    city.clock.pass_(30)
    await city.round()
    assert await city.run(states) == [("resolved",)]


async def test_the_alert_about_a_channel_that_was_removed_ends(city: City) -> None:
    city.start(settings(DOWN, urls={"ops": "http://ops", "tg": "http://tg"}))
    city.paging.learn({"tg": "ConnectError"})
    await city.round()
    city.start(settings(DOWN, urls={"ops": "http://ops"}))
    await city.round()
    assert await city.run("select state from alert where rule = 'pantau:channel-failing'") == [("resolved",)]


async def test_one_asking_teaches_nothing(city: City) -> None:
    """What was not reached once may be one lost packet, and what was reached then says nothing of the time before."""
    taught: list[Mapping[str, str]] = []
    gone = HttpServer(always(Response()), port=9)
    async with open_all(settings(urls={"gone": gone.url}).channels) as senders:
        asking = asyncio.create_task(keep_asking(senders, taught.append, lambda: True, every_seconds=0.01))
        await until(lambda: bool(taught))
        asking.cancel()
        await asyncio.wait([asking])
    assert taught[0] == {"gone": "ConnectError: All connection attempts failed"}
