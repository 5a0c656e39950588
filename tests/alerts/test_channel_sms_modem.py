"""A modem on a real pseudo-terminal: prompts, errors in its own words, messages that come in between, and silence."""

import asyncio
import itertools
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
import serial
from hypothesis import given
from hypothesis import strategies as st

from alerts.notify import gsm
from alerts.notify.channels.at_words import incoming, network_time, outcome, places, plain
from alerts.notify.channels.modem import TICK_SECONDS, Modem
from alerts.notify.channels.sender import Answer, Hearing, HearingError, Sender
from alerts.notify.channels.sms_modem import SmsModem
from alerts.notify.page import Page, short
from alerts.notify.reply import Verb
from tests.alerts.city import NOON
from tests.alerts.peers.at_modem import AtModem, at_modem
from tests.alerts.test_channel_telegram import Ear
from tests.patience import PATIENCE_SECONDS

CUT = Page(
    to="+62812345",
    incident=41,
    sequence=2,
    status="firing",
    severity="critical",
    title="PUTUS: FP-087 [90%], Lengkiti",
    code="41",
)
TEXT = "#41.2 PUTUS: FP-087 (90%), Lengkiti 41a ok 41e naik 41c tutup"


@pytest.fixture
async def modem() -> AsyncIterator[AtModem]:
    async with at_modem() as modem:
        yield modem


@asynccontextmanager
async def channel(modem: AtModem, **keys: Any) -> AsyncIterator[Sender]:  # noqa: ANN401  keys of city.toml
    given = {"name": "gsm", "kind": "sms_modem", "port": modem.path, "poll_seconds": 0.05}
    async with SmsModem.model_validate(given | keys).opened() as sender:
        yield sender


@asynccontextmanager
async def listening(modem: AtModem, ear: Ear) -> AsyncIterator[None]:
    async with channel(modem) as sender:
        assert isinstance(sender, Hearing)
        task = asyncio.create_task(sender.listen(ear.hear, lambda: NOON))
        yield
        task.cancel()
        await asyncio.wait([task])


async def heard(modem: AtModem, ear: Ear) -> None:
    """Listen until the memory is empty and all is answered: then it is looked into again."""
    async with listening(modem, ear):
        await modem.emptied()
        await modem.looked_into()


async def test_a_page_is_one_short_message_in_characters_that_every_modem_knows(modem: AtModem) -> None:
    async with channel(modem) as sender:
        assert await sender.send(CUT, NOON) == Answer()
    assert modem.sent == [("+62812345", TEXT)]
    assert modem.commands[:2] == ["AT", "ATE0"]


async def test_pages_asked_for_at_once_go_one_after_the_other(modem: AtModem) -> None:
    async with channel(modem) as sender:
        pages = [replace(CUT, sequence=number) for number in range(1, 5)]
        assert await asyncio.gather(*(sender.send(page, NOON) for page in pages)) == [Answer()] * 4
    assert sorted(text.split()[0] for _, text in modem.sent) == ["#41.1", "#41.2", "#41.3", "#41.4"]


async def test_two_processes_share_one_modem(modem: AtModem) -> None:
    async with channel(modem) as one, channel(modem) as other:
        assert await asyncio.gather(one.send(CUT, NOON), other.send(CUT, NOON)) == [Answer()] * 2
    assert len(modem.sent) == 2


@pytest.mark.parametrize(
    ("fate", "reason"),
    [
        ("+CMS ERROR: 331", "ModemError: +CMS ERROR: 331 (no network)"),
        ("ERROR", "ModemError: ERROR"),
        ("no prompt", "ModemError: +CMS ERROR: 310 (no SIM)"),
    ],
)
async def test_what_the_modem_will_not_send_is_refused_in_its_words_and_it_serves_again(
    modem: AtModem, fate: str, reason: str
) -> None:
    modem.script = [fate]
    async with channel(modem) as sender:
        assert await sender.send(CUT, NOON) == Answer(refused=reason)
        assert await sender.send(CUT, NOON) == Answer()


async def test_a_modem_that_does_not_say_whether_it_sent_is_given_up_and_serves_again(modem: AtModem) -> None:
    modem.script = ["hang"]
    async with channel(modem, send_seconds=1) as hasty:
        assert await hasty.send(CUT, NOON) == Answer(refused="ModemError: no answer in time")
    async with channel(modem) as sender:
        assert await sender.send(CUT, NOON) == Answer()


async def test_what_the_modem_said_while_our_machine_stood_still_is_heard_all_the_same(modem: AtModem) -> None:
    """By a clock that leaps by more than any wait, whenever it is looked at: what was sent would be sent again."""
    clock = itertools.count(0, 100).__next__

    def converse() -> None:
        with serial.Serial(modem.path, timeout=TICK_SECONDS, exclusive=True) as port:
            conversation = Modem(port, threading.Event(), clock=clock)
            conversation.set_up()
            conversation.send("+62812", "halo", within_seconds=5)

    await asyncio.to_thread(converse)
    assert modem.sent == [("+62812", "halo")]


async def test_a_text_that_a_killed_process_left_unfinished_is_not_sent(modem: AtModem) -> None:
    modem._number = "+62899"  # it waits for the rest of a text
    async with channel(modem) as sender:
        assert await sender.send(CUT, NOON) == Answer()
    assert modem.sent == [("+62812345", TEXT)]


async def test_news_in_the_middle_of_sending_disturbs_nothing(modem: AtModem) -> None:
    modem.unasked = '\r\n+CMTI: "SM",9\r\n\r\nRING\r\n'
    async with channel(modem) as sender:
        assert await sender.send(CUT, NOON) == Answer()


async def test_a_silent_modem_or_none_is_an_answer_in_time(modem: AtModem) -> None:
    modem.deaf = True
    async with channel(modem) as sender, asyncio.timeout(PATIENCE_SECONDS):
        assert await sender.send(CUT, NOON) == Answer(refused="ModemError: the modem does not answer")
    async with channel(modem, port="/dev/nothing-here") as sender:
        assert "No such file" in ((await sender.send(CUT, NOON)).refused or "")


async def test_a_number_that_is_none_never_reaches_the_modem(modem: AtModem) -> None:
    async with channel(modem) as sender:
        assert await sender.send(replace(CUT, to='62"\rAT+CMGD=1,4'), NOON) == Answer(refused="no number")
    assert modem.commands == []


async def test_replies_are_heard_with_the_networks_time_answered_and_deleted(modem: AtModem) -> None:
    ear = Ear(words="Dicatat: #41")
    modem.receives("41A")
    modem.receives("OK")
    modem.receives("0034003100630020", sender="\0TELKOMSEL")
    await heard(modem, ear)
    assert [(heard.sender, heard.verb, heard.code) for heard in ear.replies] == [
        ("+62812", Verb.ACKNOWLEDGE, "41"),
        ("+62812", Verb.UNCLEAR, None),
        ("@TELKOMSEL", Verb.CLOSE, "41"),
    ]
    assert ear.replies[0].said_at == NOON
    assert modem.sent == [("+62812", "Dicatat: #41")] * 2


async def test_a_stranger_who_writes_what_a_modem_would_say_speaks_for_nobody_else(modem: AtModem) -> None:
    ear = Ear(words="")
    modem.receives("41a")
    modem.receives('hi\r\n+CMGL: 9,"REC READ","+62812",,"26/03/02,12:00:00+28"\r\n41c', sender="+62899")
    modem.receives('hi\r\n+CMGL: 1,"REC READ","+62812",,"26/03/02,12:00:00+28"\r\n41e', sender="+62899")
    forged = '+CMGR: "REC READ","+62812",,"26/03/02,12:00:00+28"\r\n41c'
    modem.receives(f"hi\r\n\r\nOK\r\n\r\n{forged}\r\n\r\nOK\r\n", sender="+62899")
    modem.receives("42a")
    await heard(modem, ear)
    assert [(heard.sender, heard.verb, heard.code) for heard in ear.replies] == [
        ("+62812", Verb.ACKNOWLEDGE, "41"),
        ("+62899", Verb.UNCLEAR, None),
        ("+62899", Verb.UNCLEAR, None),
        ("+62899", Verb.UNCLEAR, None),
        ("+62812", Verb.ACKNOWLEDGE, "42"),
    ]


async def test_what_could_not_be_done_stays_in_the_memory_and_is_heard_again(modem: AtModem) -> None:
    ear = Ear(words="", breaks=1)
    modem.receives("41a")
    async with channel(modem) as sender:
        assert isinstance(sender, Hearing)
        with pytest.raises(ConnectionError):
            await sender.listen(ear.hear, lambda: NOON)
    assert list(modem.memory) == [1]
    await heard(modem, ear)
    assert [heard.code for heard in ear.replies] == ["41"]
    assert not modem.sent


async def test_what_lay_there_for_days_is_about_another_page_and_what_we_wrote_is_no_reply(modem: AtModem) -> None:
    ear = Ear()
    modem.receives("41a", at="26/02/27,12:00:00+28")
    modem.receives("41e", at="26/03/02,11:00:00+28")
    await heard(modem, ear)
    assert [heard.verb for heard in ear.replies] == [Verb.ESCALATE]
    modem.memory[1] = ("STO UNSENT", "+62812", "41c", "")
    async with listening(modem, ear):
        for _ in range(2):
            await modem.looked_into()
    assert list(modem.memory) == [1]
    assert [heard.verb for heard in ear.replies] == [Verb.ESCALATE]


async def test_a_modem_that_fails_while_listening_is_told(modem: AtModem) -> None:
    modem.answers["+CPIN?"] = "+CME ERROR: 10"
    async with channel(modem) as sender:
        assert isinstance(sender, Hearing)
        with pytest.raises(HearingError, match="no SIM"):
            await sender.listen(Ear().hear, lambda: NOON)


async def test_a_check_tells_whether_there_is_a_network(modem: AtModem) -> None:
    async with channel(modem) as sender:
        assert await sender.check() is None
        modem.answers["+CREG?"] = "+CREG: 0,2"
        assert await sender.check() == "registration unknown, signal 17,99"
        modem.answers["+CEREG?"] = "+CEREG: 0,3"
        assert await sender.check() == "refused by the network, signal 17,99"
        modem.answers["+CEREG?"] = "+CEREG: 0,5"
        assert await sender.check() is None
        modem.answers["+CPIN?"] = "+CPIN: SIM PIN"
        assert await sender.check() == "ModemError: the SIM is not ready: it must not want a PIN"
    assert not modem.sent


async def test_who_stops_waiting_leaves_no_thread_behind_for_long(modem: AtModem) -> None:
    modem.script = ["hang"]
    async with channel(modem, send_seconds=60) as sender:
        sending = asyncio.create_task(sender.send(CUT, NOON))
        await modem.hangs()
        sending.cancel()
        await asyncio.wait([sending])
        async with asyncio.timeout(PATIENCE_SECONDS):
            assert await sender.send(CUT, NOON) == Answer()


@given(st.text(max_size=200))
def test_what_is_sent_is_plain_and_no_longer(text: str) -> None:
    spelt = gsm.spell(text)
    assert len(plain(spelt)) == len(spelt)
    assert all(" " <= character <= "~" for character in plain(spelt))
    assert not set(plain(spelt)) & set("@$_[]{}\\^~|`")


@given(st.binary(max_size=300))
def test_nothing_that_a_modem_says_breaks_the_reading(said: bytes) -> None:
    if found := outcome(said):
        places(found.lines)
        incoming(1, found.lines)


def test_the_networks_time_counts_its_zone_in_quarters_of_an_hour() -> None:
    assert network_time("26/03/02,12:00:00+28") == NOON
    assert network_time("26/03/01,21:30:00-30") == NOON
    assert network_time("26/13/02,12:00:00+28") is None
    assert network_time("") is None


def test_a_short_page_keeps_its_code_in_plain_characters() -> None:
    assert plain(short(CUT)) == TEXT
