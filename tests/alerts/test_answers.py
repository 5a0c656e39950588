"""What people answer: by code, by the number of a page, or about themselves; and what strangers achieve."""

from datetime import datetime
from typing import Any

import psycopg
import pytest
from prometheus_client import REGISTRY
from psycopg_pool import AsyncConnectionPool

from alerts import replies
from alerts.alert import State
from alerts.notify.reply import Reply, Verb
from alerts.paging.answers import Answers
from alerts.paging.mails import CODE_MEMORY
from alerts.paging.phone import same_address
from tests.alerts.city import City
from tests.alerts.people import BUDI, MAILS, arrives, falls, passes, start, technician

STATES = "select state, acknowledged_by from alert order by id"


async def says(city: City, verb: Verb, sender: str = "budi@tg", said_at: datetime | None = None, **about: Any) -> str:  # noqa: ANN401  fields of a reply
    answers = Answers(pool=city.pool, now=city.clock.now, policies=city.paging.policies)
    channel = sender.rpartition("@")[2]
    at = city.clock.now()
    return await answers.hear(Reply(channel=channel, sender=sender, verb=verb, at=at, said_at=said_at, **about))


async def test_a_code_acknowledges_what_it_stood_for(city: City) -> None:
    await start(city)
    await falls(city, "fp-1", "fp-2")
    assert await says(city, Verb.ACKNOWLEDGE, code="2") == "2 diterima atas nama Budi."
    assert sorted(await city.run(STATES)) == [(State.ACKNOWLEDGED, "Budi"), (State.FIRING, None)]


async def test_a_button_means_the_incident_of_its_page(city: City) -> None:
    await start(city)
    await falls(city, "fp-1")
    ((incident,),) = await city.run("select incident_id from alert")
    assert await says(city, Verb.ACKNOWLEDGE, incident=incident, sequence=1) == f"#{incident} diterima atas nama Budi."
    assert await city.run(STATES) == [(State.ACKNOWLEDGED, "Budi")]


async def test_a_code_is_the_persons_own(city: City) -> None:
    await start(city)
    await falls(city, "fp-1")
    assert await says(city, Verb.CLOSE, "siti@tg", code="1") == "1: tidak ada gangguan dengan nomor ini."
    assert await city.run(STATES) == [(State.FIRING, None)]


async def test_a_stranger_does_nothing_and_hears_nothing(city: City) -> None:
    await start(city)
    await falls(city, "fp-1")
    assert await says(city, Verb.CLOSE, "somebody@tg", code="1") == ""
    assert await city.run(STATES) == [(State.FIRING, None)]


async def test_an_acknowledgement_from_a_valley_has_both_times(city: City) -> None:
    await start(city)
    await falls(city, "fp-1")
    said = city.clock.now()
    city.clock.pass_(900)
    await says(city, Verb.ACKNOWLEDGE, code="1", said_at=said)
    ((at, said_at),) = await city.run("select at, said_at from alert_transition where to_state = 'acknowledged'")
    assert (at, said_at) == (city.clock.now(), said)


async def test_who_asks_for_it_has_the_next_called_at_once(city: City) -> None:
    await start(city)
    await falls(city, "fp-1")
    await arrives(city)
    assert await says(city, Verb.ESCALATE, code="1") == "1: petugas berikutnya dipanggil."
    await city.round()
    assert [mail[0] for mail in await city.run(MAILS)] == ["budi", "siti", None]


async def test_who_is_awake_is_given_half_an_hour(city: City) -> None:
    await start(city)
    await falls(city, "fp-1")
    await arrives(city)
    assert await says(city, Verb.AWAKE) == "Baik, Budi: 30 menit tidak ada eskalasi."
    await passes(city, 29 * 60, step=60)
    assert [mail[0] for mail in await city.run(MAILS)] == ["budi"]
    await passes(city, 61, step=61)
    assert [mail[0] for mail in await city.run(MAILS)] == ["budi", "siti", None]


async def test_what_is_closed_though_it_lasts_is_told_anew(city: City) -> None:
    await start(city)
    await falls(city, "fp-1")
    await arrives(city)
    await says(city, Verb.CLOSE, code="1")
    await city.round()
    assert await city.run(MAILS) == [("budi", "tg", "firing", 1), ("budi", "tg", "firing", 2)]
    assert await city.run(STATES) == [(State.RESOLVED, None), (State.FIRING, None)]


async def test_an_answer_to_what_is_over_says_so(city: City) -> None:
    await start(city)
    await falls(city, "fp-1")
    await city.says("online", "fp-1")
    await passes(city, 150, "fp-1")
    assert await says(city, Verb.ACKNOWLEDGE, code="1") == "1 sudah selesai."


async def test_what_cannot_be_read_is_answered_with_how_to_ask(city: City) -> None:
    await start(city, technician("budi"))
    answers = Answers(pool=city.pool, now=city.clock.now, policies=city.paging.policies)
    unread = Reply(channel="tg", sender="budi@tg", verb=Verb.UNCLEAR, at=city.clock.now())
    assert (await answers.hear(unread)).startswith("Tidak dimengerti.")
    assert await answers.hear(unread) == "", "two phones that answer by themselves would go on for ever"
    city.clock.pass_(3_600)
    assert await answers.hear(unread) != ""


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("+6281234567890", "081234567890", True),
        ("+62 812-3456-7890", "6281234567890", True),
        ("081234567890", "+6281234567891", False),
        ("123", "123", True),
        ("noc@oku.example", "noc@oku.example", True),
        ("0812", "+62812", False),
    ],
)
def test_a_number_is_the_same_however_it_is_dialled(one: str, other: str, *, same: bool) -> None:
    assert same_address(one, other) is same


# An escalation that nobody can read: a row made by hand, or by a version of ours that is to come.
BREAKS = """update page_group set escalation = '{"strange": true}' where id = (select max(id) from page_group)"""


def set_aside() -> float:
    return REGISTRY.get_sample_value("pantau_alerts_replies_set_aside_total", {"channel": "tg"}) or 0.0


async def test_a_reply_that_breaks_us_is_set_aside_and_those_behind_it_are_heard(
    city: City, caplog: pytest.LogCaptureFixture
) -> None:
    await start(city)
    await falls(city, "fp-1", "fp-2")
    await city.run(BREAKS)
    before, said = set_aside(), []

    async def say(*words: str) -> None:
        said.append(words[-1])

    async with city.pool.connection() as connection:
        for text in ("bangun", "1a"):
            await replies.keep(connection, channel="tg", sender="budi@tg", text=text, received_at=city.clock.now())
    hear = Answers(pool=city.pool, now=city.clock.now, policies=city.paging.policies).hear
    assert await replies.hear_waiting(city.pool, hear, say, city.clock.now, channels=["tg"]) == 2
    assert said == ["Gagal karena kesalahan sistem, hubungi ruang kendali.", "1 diterima atas nama Budi."]
    assert set_aside() == before + 1
    assert caplog.messages == ["tg: a reply is set aside, it cannot be dealt with"]
    held = await city.run("select count(*) from page_group where escalation ->> 'held_until' is not null")
    assert held == [(0,)], "it is done whole or not at all"


async def test_an_answer_is_not_lost_while_the_database_is_away(city: City) -> None:
    await start(city)
    await falls(city, "fp-1")
    before = set_aside()
    away = AsyncConnectionPool("host=127.0.0.1 port=1 dbname=none", open=False)
    reply = Reply(channel="tg", sender="budi@tg", verb=Verb.ACKNOWLEDGE, at=city.clock.now(), code="1")
    with pytest.raises(psycopg.OperationalError):
        await Answers(pool=away, now=city.clock.now, policies={}).hear(reply)
    assert set_aside() == before


async def test_an_answer_is_not_lost_to_a_lock_that_another_holds(city: City) -> None:
    await start(city)
    await falls(city, "fp-1")
    before = set_aside()
    async with city.pool.connection() as other, other.transaction():
        await other.execute("select from alert for update")
        async with AsyncConnectionPool(city.pool.conninfo, kwargs={"options": "-c lock_timeout=50ms"}) as hasty:
            reply = Reply(channel="tg", sender="budi@tg", verb=Verb.ACKNOWLEDGE, at=city.clock.now(), code="1")
            with pytest.raises(psycopg.OperationalError):
                await Answers(pool=hasty, now=city.clock.now, policies={}).hear(reply)
    assert set_aside() == before
    assert await says(city, Verb.ACKNOWLEDGE, code="1") == "1 diterima atas nama Budi."


async def test_a_button_of_long_ago_does_nothing_to_what_has_its_code_by_now(city: City) -> None:
    await start(city)
    await falls(city, "fp-1")
    await arrives(city)
    ((old,),) = await city.run("select incident_id from alert")
    await city.says("online", "fp-1")
    await passes(city, 150, "fp-1")
    city.clock.pass_(CODE_MEMORY.total_seconds() + 60)
    await city.reads("fp-1", -20.0)
    await falls(city, "fp-2")
    ((new,),) = await city.run("select incident_id from alert where device = 'fp-2'")
    assert await city.run("select code from reply_code") == [(1,)], "it stands for the new one now"
    assert await says(city, Verb.CLOSE, code="1", incident=old, sequence=1) == f"#{old} sudah selesai."
    assert await city.run("select state from alert where device = 'fp-2'") == [(State.FIRING,)]
    assert await says(city, Verb.CLOSE, code="1", incident=new, sequence=1) == f"#{new} ditutup oleh Budi."


async def test_who_asks_for_the_next_when_all_is_over_is_told_so(city: City) -> None:
    await start(city)
    await falls(city, "fp-1")
    await city.says("online", "fp-1")
    await passes(city, 150, "fp-1")
    assert await says(city, Verb.ESCALATE, code="1") == "1 sudah selesai."


async def escalates_to_the_end(city: City) -> None:
    """Two steps, gone through twice: budi, siti, budi, siti."""
    for _ in range(3):
        await arrives(city)
        assert await says(city, Verb.ESCALATE, code="1") == "1: petugas berikutnya dipanggil."
        city.clock.pass_(1)
        await city.round()
    assert [mail[0] for mail in await city.run(MAILS)] == ["budi", "siti", None, "budi", "siti", None]


async def test_who_asks_for_the_next_at_the_very_end_is_told_that_there_is_nobody(city: City) -> None:
    await start(city, BUDI, technician("siti", language="en"))
    await falls(city, "fp-1")
    await escalates_to_the_end(city)
    told = await city.run(MAILS)
    assert await says(city, Verb.ESCALATE, code="1") == "1: tidak ada lagi petugas berikutnya, hubungi ruang kendali."
    said = await says(city, Verb.ESCALATE, "siti@tg", code="1")
    assert said == "1: there is nobody further to call, call the control room."
    assert await city.run("select asked from page_group") == [(False,)], "nothing is promised in the record either"
    await city.round()
    assert await city.run(MAILS) == told


async def test_when_a_policy_is_used_up_there_is_nobody_further(city: City) -> None:
    await start(city)
    await falls(city, "fp-1")
    await escalates_to_the_end(city)
    await arrives(city)
    await passes(city, 15 * 60, step=60)
    assert await says(city, Verb.ESCALATE, code="1") == "1: tidak ada lagi petugas berikutnya, hubungi ruang kendali."
    assert await says(city, Verb.ACKNOWLEDGE, code="1") == "1 diterima atas nama Budi."


async def test_who_asks_for_the_next_of_what_was_just_closed_is_told_that_it_is_over(city: City) -> None:
    await start(city)
    await falls(city, "fp-1")
    await says(city, Verb.CLOSE, code="1")
    assert await says(city, Verb.ESCALATE, code="1") == "1 sudah selesai.", "though no round has seen it yet"
