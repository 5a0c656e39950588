"""Replies that a gateway passes on: heard once each, by one process, and not from those who may not."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from alerts import replies
from alerts.notify.channels.kinds import open_all
from alerts.notify.channels.sender import HearingError
from alerts.notify.channels.settings import LONGEST_TIMEOUT_SECONDS
from alerts.notify.channels.sms_http import SmsHttp
from alerts.notify.hearing import listeners, speak, stranger, while_active
from alerts.notify.reply import Reply, Verb
from alerts.settings import AlertSettings
from tests.alerts.city import NOON, City
from tests.alerts.peers.bot_api import TOKEN
from tests.alerts.peers.http_server import HttpServer, Response, always, http_server
from tests.alerts.test_channel_telegram import Ear
from tests.patience import until

STORED = "select sender, answer, handled_at from reply order by id"


@dataclass(slots=True)
class Mouth:
    said: list[tuple[str, str, str]] = field(default_factory=list)

    async def say(self, channel: str, to: str, words: str) -> None:
        self.said.append((channel, to, words))


async def passed_on(city: City, *texts: str, channel: str = "sms") -> None:
    async with city.pool.connection() as connection:
        for text in texts:
            await replies.keep(connection, channel=channel, sender="+62812", text=text, received_at=NOON)


async def hear(city: City, ear: Ear, mouth: Mouth) -> int:
    return await replies.hear_waiting(city.pool, ear.hear, mouth.say, city.clock.now, channels=["sms"])


async def test_a_reply_is_heard_once_and_answered_to_who_sent_it(city: City) -> None:
    ear, mouth = Ear(), Mouth()
    await passed_on(city, "41a", "hm?")
    assert [await hear(city, ear, mouth), await hear(city, ear, mouth)] == [2, 0]
    assert [(heard.sender, heard.verb, heard.code) for heard in ear.replies] == [
        ("+62812", Verb.ACKNOWLEDGE, "41"),
        ("+62812", Verb.UNCLEAR, None),
    ]
    assert mouth.said == [("sms", "+62812", "Dicatat")] * 2
    assert await city.run(STORED) == [("+62812", "Dicatat", NOON)] * 2


async def test_what_could_not_be_done_is_heard_again_and_nothing_overtakes_it(city: City) -> None:
    ear, mouth = Ear(breaks=1), Mouth()
    await passed_on(city, "41a", "41c")
    with pytest.raises(ConnectionError):
        await hear(city, ear, mouth)
    assert mouth.said == []
    assert await hear(city, ear, mouth) == 2
    assert [heard.verb for heard in ear.replies] == [Verb.ACKNOWLEDGE, Verb.CLOSE]


async def test_a_gateway_cannot_speak_for_people_on_another_channel(city: City) -> None:
    ear, mouth = Ear(), Mouth()
    await passed_on(city, "41a", channel="telegram")
    assert await hear(city, ear, mouth) == 1
    assert (ear.replies, mouth.said) == ([], [])


async def test_what_waited_for_a_day_is_about_another_page(city: City) -> None:
    ear, mouth = Ear(), Mouth()
    await passed_on(city, "41c")
    city.clock.pass_(24 * 3_600)
    assert [await hear(city, ear, mouth), await hear(city, ear, mouth)] == [1, 0]
    assert (ear.replies, mouth.said) == ([], [])


async def test_for_a_stranger_nothing_is_done_but_a_line_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    said = Reply(channel="sms", sender="+62666\n", verb=Verb.CLOSE, at=NOON)
    assert await stranger(said) == ""
    (line,) = caplog.messages
    assert line == r"sms: a reply (close) from '+62666\n', whom nobody knows"


async def test_an_answer_goes_out_by_the_gateway_and_one_that_cannot_is_let_go(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with http_server(always(Response())) as good, http_server(always(Response(500))) as bad:
        channels = [_gateway("sms", good), _gateway("bad", bad)]
        async with open_all(channels) as senders:
            await speak(senders, "sms", "+62812", "Dicatat – #41")  # noqa: RUF001
            await speak(senders, "bad", "+62812", "Dicatat")
            await speak(senders, "gone", "+62812", "Dicatat")
    assert good.requests[0].json == {"to": "+62812", "text": "Dicatat - #41"}
    assert caplog.messages == ["bad: an answer could not be said: HTTP 500"]


def _gateway(name: str, server: HttpServer) -> SmsHttp:
    given = {"name": name, "kind": "sms_http", "url": server.url, "timeout_seconds": LONGEST_TIMEOUT_SECONDS}
    return SmsHttp.model_validate(given)


async def test_people_can_answer_on_a_bot_and_a_modem() -> None:
    given = [
        {"name": "ops", "kind": "webhook", "url": "http://h"},
        {"name": "tg", "kind": "telegram", "token": TOKEN},
        {"name": "gsm", "kind": "sms_modem", "port": "/dev/ttyUSB0"},
        {"name": "sms", "kind": "sms_http", "url": "http://h"},
        {"name": "mail", "kind": "email", "host": "h", "sender": "a@b"},
    ]
    async with open_all(AlertSettings.model_validate({"channels": given}).channels) as senders:
        assert list(listeners(senders)) == ["tg", "gsm"]


@dataclass(slots=True)
class Duty:
    active: bool = False
    running: int = 0

    async def attempt(self) -> None:
        self.running += 1
        try:
            await asyncio.Event().wait()
        finally:
            self.running -= 1


@pytest.fixture
async def duty() -> AsyncIterator[Duty]:
    duty = Duty()
    task = asyncio.create_task(while_active(lambda: duty.active, duty.attempt, look_seconds=0.01))
    yield duty
    task.cancel()
    await asyncio.wait([task])
    assert duty.running == 0


async def test_only_the_active_process_listens_and_stops_when_it_no_longer_is(duty: Duty) -> None:
    await asyncio.sleep(0.05)
    assert duty.running == 0
    for active in (True, False, True):
        duty.active = active
        await until(lambda: duty.running == int(duty.active))


async def test_what_ends_a_listener_is_told() -> None:
    async def refused() -> None:
        raise HearingError("Telegram 409: Conflict")

    with pytest.raises(HearingError, match="409"):
        await while_active(lambda: True, refused, look_seconds=0.01)
