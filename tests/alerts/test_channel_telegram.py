"""A bot against a server that speaks the Bot API: limits, lost answers, buttons and words, and a rival."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from alerts.notify.channels.sender import Answer, Hearing, HearingError, Sender
from alerts.notify.channels.settings import LONGEST_TIMEOUT_SECONDS
from alerts.notify.channels.telegram import Telegram
from alerts.notify.page import Page
from alerts.notify.reply import Reply, Verb, button
from tests.alerts.city import NOON
from tests.alerts.peers.bot_api import TOKEN, BotApi, Fate, bot_api

CUT = Page(
    to="77",
    incident=41,
    sequence=2,
    status="firing",
    severity="critical",
    title="PUTUS: <Lengkiti> & FP-087",
    text="Sejak 12:00 WIB",
    code="41",
    url="http://pantau.test/i/41",
)
LATER = NOON + timedelta(days=30)


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with bot_api() as api:
        yield api


@asynccontextmanager
async def bot(api: BotApi, **changes: Any) -> AsyncIterator[Sender]:  # noqa: ANN401  keys of city.toml
    given = {
        "name": "tg",
        "kind": "telegram",
        "token": TOKEN,
        "api": api.url,
        "timeout_seconds": LONGEST_TIMEOUT_SECONDS,
    }
    async with Telegram.model_validate(given | changes).opened() as sender:
        yield sender


@dataclass(slots=True)
class Ear:
    """Keeps what was heard, and says `words`; breaks as often as it is told to."""

    words: str = "Dicatat"
    breaks: int = 0
    replies: list[Reply] = field(default_factory=list)

    async def hear(self, reply: Reply) -> str:
        if self.breaks:
            self.breaks -= 1
            raise ConnectionError("the database is away")
        self.replies.append(reply)
        return self.words


@asynccontextmanager
async def listening(sender: Sender, ear: Ear) -> AsyncIterator[asyncio.Task[None]]:
    assert isinstance(sender, Hearing)
    task = asyncio.create_task(sender.listen(ear.hear, now))
    yield task
    task.cancel()
    await asyncio.wait([task])


def now() -> datetime:
    return LATER


async def test_a_page_is_plain_text_with_its_number_and_three_buttons(api: BotApi) -> None:
    async with bot(api) as sender:
        assert await sender.send(CUT, NOON) == Answer()
    (sent,) = api.sent
    assert sent["chat_id"] == "77"
    assert sent["text"] == "#41.2 PUTUS: <Lengkiti> & FP-087\nSejak 12:00 WIB\nhttp://pantau.test/i/41"
    assert "parse_mode" not in sent
    (row,) = sent["reply_markup"]["inline_keyboard"]
    assert [button["text"] for button in row] == ["Terima", "Naikkan", "Tutup"]


async def test_what_is_over_has_no_buttons_and_what_is_long_is_cut(api: BotApi) -> None:
    async with bot(api, chat="-100123") as sender:
        assert await sender.send(replace(CUT, to=None, status="resolved", text="🌊" * 5_000), NOON) == Answer()
    (sent,) = api.sent
    assert sent["chat_id"] == "-100123"
    assert "reply_markup" not in sent


async def test_the_wait_that_telegram_asks_for_is_passed_on(api: BotApi) -> None:
    api.script = [35]
    async with bot(api) as sender:
        answer = await sender.send(CUT, NOON)
    assert answer == Answer(refused="Telegram 429: Too Many Requests: retry after 35", asked=timedelta(seconds=35))


@pytest.mark.parametrize(
    ("fate", "seconds", "reason"),
    [("lost", LONGEST_TIMEOUT_SECONDS, "RemoteProtocolError"), ("slow", 1, "TimeoutError")],
)
async def test_after_a_lost_answer_the_page_goes_again_and_its_number_shows_the_double(
    api: BotApi,
    fate: Fate,
    seconds: float,
    reason: str,
) -> None:
    async with bot(api, timeout_seconds=seconds) as sender:
        while not api.sent:  # the time may be over before the server has heard of it
            api.script = [fate]
            first = await sender.send(CUT, NOON)
            assert first.refused is not None
            assert reason in first.refused
            assert TOKEN not in first.refused
    api.script.clear()
    async with bot(api) as sender:
        assert await sender.send(CUT, NOON) == Answer()
    numbers = [sent["text"].split()[0] for sent in api.sent]
    assert len(numbers) >= 2
    assert set(numbers) == {"#41.2"}


async def test_somebody_elses_error_page_is_refused_by_its_status(api: BotApi) -> None:
    api.script = ["proxy"]
    async with bot(api) as sender:
        assert await sender.send(CUT, NOON) == Answer(refused="HTTP 502")


async def test_a_pressed_button_is_heard_and_answered_where_it_was_pressed(api: BotApi) -> None:
    ear = Ear(words="Dicatat: #41")
    async with bot(api) as sender, listening(sender, ear):
        await api.presses(button(CUT, Verb.ACKNOWLEDGE))
        await api.heard()
    assert ear.replies == [
        Reply(channel="tg", sender="77", verb=Verb.ACKNOWLEDGE, at=LATER, code="41", incident=41, sequence=2)
    ]
    assert [toast["text"] for toast in api.toasts] == ["Dicatat: #41"]


async def test_words_are_heard_with_the_time_they_were_said_at(api: BotApi) -> None:
    ear = Ear()
    async with bot(api) as sender, listening(sender, ear):
        await api.types("41 naik")
        await api.types("ok", reply_to_message={"text": "#41.2 PUTUS"})
        await api.types("apa kabar?")
        await api.heard()
    assert [(heard.verb, heard.code, heard.incident) for heard in ear.replies] == [
        (Verb.ESCALATE, "41", None),
        (Verb.ACKNOWLEDGE, None, 41),
        (Verb.UNCLEAR, None, None),
    ]
    assert {heard.said_at for heard in ear.replies} == {datetime.fromtimestamp(1_772_427_000, NOON.tzinfo)}
    assert [sent["text"] for sent in api.sent] == ["Dicatat"] * 3


async def test_to_small_talk_in_a_group_and_to_strangers_nothing_is_said(api: BotApi) -> None:
    ear = Ear(words="")
    async with bot(api) as sender, listening(sender, ear):
        await api.types("apa kabar?", chat={"id": -5, "type": "group"})
        await api.types("41a", person=666)
        await api.heard()
    assert [heard.sender for heard in ear.replies] == ["666"]
    assert not api.sent


async def test_what_could_not_be_done_is_not_confirmed_and_heard_again(api: BotApi) -> None:
    ear = Ear(breaks=1)
    async with bot(api) as sender:
        async with listening(sender, ear) as first:
            await api.types("41a")
            with pytest.raises(ConnectionError):
                await first
        assert len(api.updates) == 1
        async with listening(sender, ear):
            await api.heard()
    assert len(ear.replies) == 1


async def test_a_rival_on_the_same_bot_is_told_as_a_conflict(api: BotApi) -> None:
    async with bot(api, poll_seconds=50) as sender, bot(api) as rival, listening(sender, Ear()) as first:
        await api.polled(1)
        async with listening(rival, Ear()):
            with pytest.raises(HearingError, match="Telegram 409: Conflict"):
                await first


async def test_a_check_tells_a_token_that_is_no_longer_good_without_showing_it(api: BotApi) -> None:
    async with bot(api) as sender:
        assert await sender.check() is None
    async with bot(api, token="1:old-secret") as sender:
        assert await sender.check() == "Telegram 401: Unauthorized"
    assert not api.sent


def test_a_token_is_never_shown() -> None:
    assert TOKEN not in repr(Telegram.model_validate({"name": "tg", "kind": "telegram", "token": TOKEN}))
    with pytest.raises(ValidationError) as refused:
        Telegram.model_validate({"name": "tg", "kind": "telegram", "token": f"{TOKEN}/../x"})
    assert TOKEN not in str(refused.value)


async def test_an_update_that_cannot_be_read_does_not_keep_those_behind_it_waiting(
    api: BotApi, caplog: pytest.LogCaptureFixture
) -> None:
    ear = Ear()
    async with bot(api) as sender, listening(sender, ear):
        await api.types("41a", at=10**12)
        await api.happens(callback_query={"id": "q", "data": "a:41:2:41"})
        await api.types("41c")
        await api.heard()
    assert [heard.verb for heard in ear.replies] == [Verb.CLOSE]
    assert caplog.messages == ["tg: a reply is set aside, it cannot be dealt with"] * 2
