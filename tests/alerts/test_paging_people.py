"""Pages to people: by policy, by contact, within a budget, and to the end."""

import asyncio
from datetime import timedelta

from alerts.alert import State
from alerts.oncall.rows import save_technicians
from alerts.paging.queries import ALONE
from alerts.paging.queries import WAITING as WAITING_TO_BE_DONE
from alerts.silences import rows as silences
from alerts.silences.silence import Match
from tests.alerts.city import DOWN, OPTICAL_LOW, City
from tests.alerts.people import AGUS, BUDI, MAILS, SITI, arrives, falls, passes, start, technician, wanted
from tests.patience import PATIENCE_SECONDS

WAITING = """
select 1 from pg_locks join pg_database on pg_database.oid = database
where datname = current_database() and locktype = 'advisory' and not granted
"""


async def test_the_first_step_is_told_at_once_and_the_next_when_nobody_acknowledged(city: City) -> None:
    await start(city)
    await falls(city, "fp-1")
    await arrives(city)
    assert await city.run(MAILS) == [("budi", "tg", "firing", 1)]
    await passes(city, 299)
    assert len(await city.run(MAILS)) == 1
    await passes(city, 6)
    assert await city.run(MAILS) == [
        ("budi", "tg", "firing", 1),
        ("siti", "tg", "firing", 2),
        (None, "ops", "firing", 2),
    ]


async def test_who_acknowledges_stops_the_ladder_and_everybody_who_was_told_hears_the_end(city: City) -> None:
    await start(city)
    await falls(city, "fp-1")
    await arrives(city)
    await passes(city, 306)
    await arrives(city)
    await city.run("update alert set state = 'acknowledged', changed = pg_current_xact_id()")
    await passes(city, 3_600, step=60)
    assert len(await city.run(MAILS)) == 3
    await city.says("online", "fp-1")
    await passes(city, 130, "fp-1")
    assert (await city.run(MAILS))[3:] == [
        ("budi", "tg", "resolved", 3),
        ("siti", "tg", "resolved", 3),
        (None, "ops", "resolved", 3),
    ]
    assert await city.run("select count(*) from page_group where closed_at is null") == [(0,)]


async def test_a_page_that_does_not_arrive_is_passed_on_and_then_the_next_step_is_told(city: City) -> None:
    await start(city)
    await falls(city, "fp-1")
    await passes(city, 59)
    assert await city.run(MAILS) == [("budi", "tg", "firing", 1)]
    await passes(city, 5)
    assert (await city.run(MAILS))[1:] == [("budi", "sms", "firing", 1)]
    await passes(city, 70)
    told = [mail[0] for mail in await city.run(MAILS)]
    assert told == ["budi", "budi", "siti", None]


async def test_what_is_no_page_stops_nobody_who_passes_pages_on(city: City) -> None:
    await start(city)
    await falls(city, "fp-1", "fp-2")
    await city.run("update notification set body = '{}' where id = 1")
    await passes(city, 64)
    assert ("budi", "sms") in await city.run("select technician, channel from notification where id > 2")


async def test_a_page_that_arrived_by_the_second_contact_is_a_page_that_arrived(city: City) -> None:
    await start(city)
    await falls(city, "fp-1")
    await passes(city, 64)
    await city.run("update notification set delivered_at = created_at where channel = 'sms'")
    await passes(city, 200)
    assert [mail[0] for mail in await city.run(MAILS)] == ["budi", "budi"]


async def test_somebody_whom_no_channel_reaches_is_skipped_at_once(city: City) -> None:
    await start(city, technician("budi", "fax"), SITI)
    await falls(city, "fp-1")
    await city.round()
    assert [mail[0] for mail in await city.run(MAILS)] == ["siti", None]


async def test_a_step_that_names_nobody_who_exists_tells_somebody_all_the_same(city: City) -> None:
    await start(city, AGUS)
    await falls(city, "fp-1")
    assert await city.run(MAILS) == [("agus", "sms", "firing", 1)]


async def test_a_night_of_many_alerts_is_a_few_pages_and_a_digest(city: City) -> None:
    await start(city)
    await falls(city, *(f"fp-{number}" for number in range(40)))
    await arrives(city)
    pages = await city.run("select count(*) from notification where technician = 'budi'")
    assert pages == [(5,)]
    assert await city.run("select count(*) from held_page where technician = 'budi' and digest_id is null") == [(35,)]
    city.clock.pass_(15 * 60)
    await city.round()
    ((title,),) = await city.run("select body ->> 'title' from notification where body ->> 'status' = 'digest'")
    assert title.startswith("RINGKASAN: 35 berita yang ditahan")
    assert await city.run("select count(*) from held_page where technician = 'budi' and digest_id is null") == [(0,)]


async def test_a_digest_that_does_not_arrive_is_passed_on(city: City) -> None:
    await start(city, technician("budi", quiet=("11:00", "13:00")), rules=[OPTICAL_LOW | {"for": "0s"}])
    await city.add("fp-1")
    await city.reads("fp-1", -30.0)
    await city.round()
    await passes(city, 3_600, step=3_600)
    digests = "select channel, sequence, address from notification where body ->> 'status' = 'digest'"
    (first,) = await city.run(digests)
    assert first == ("tg", 1, "budi@tg")
    await passes(city, 70)
    assert (await city.run(f"{digests} order by id"))[1:] == [("sms", 1, "budi@sms")], "known as a double by its number"
    await city.run("update notification set delivered_at = created_at where channel = 'sms'")
    await passes(city, 130)
    assert len(await city.run(digests)) == 2


async def test_quiet_hours_hold_back_what_is_not_critical_until_the_morning(city: City) -> None:
    # The tests' noon is that of Jakarta.
    await start(city, technician("budi", quiet=("11:00", "13:00")), rules=[OPTICAL_LOW | {"for": "0s"}])
    await city.add("fp-1")
    await city.reads("fp-1", -30.0)
    await city.round()
    assert await city.run(MAILS) == []
    city.clock.pass_(3_600)
    await city.round()
    assert ("budi", "tg", "digest", 1) in await city.run(MAILS)


async def test_what_is_critical_disturbs_quiet_hours(city: City) -> None:
    await start(city, technician("budi", quiet=("11:00", "13:00")))
    await falls(city, "fp-1")
    assert await city.run(MAILS) == [("budi", "tg", "firing", 1)]


async def test_each_page_has_a_code_of_its_own_for_each_person(city: City) -> None:
    await start(city)
    await falls(city, "fp-1", "fp-2")
    assert await city.run("select body ->> 'code' from notification order by id") == [("1",), ("2",)]


async def test_a_restart_repeats_nothing_and_forgets_nothing(city: City) -> None:
    await start(city)
    await falls(city, "fp-1")
    await arrives(city)
    await start(city)
    await passes(city, 30)
    assert len(await city.run(MAILS)) == 1
    await start(city)
    await passes(city, 280)
    assert [mail[0] for mail in await city.run(MAILS)] == ["budi", "siti", None]


async def test_an_acknowledgement_that_is_taken_back_calls_the_present_step_again(city: City) -> None:
    await start(city)
    await falls(city, "fp-1")
    await arrives(city)
    await city.run("update alert set state = 'acknowledged', changed = pg_current_xact_id()")
    await passes(city, 400, step=20)
    assert await city.run("select state from alert") == [(State.ACKNOWLEDGED,)]
    await city.run("update alert set state = 'firing', changed = pg_current_xact_id()")
    await passes(city, 5)
    assert [mail[0] for mail in await city.run(MAILS)] == ["budi", "budi"]


FAILED = "update notification set attempts = 5, last_error = 'HTTP 500' where channel = 'tg' and delivered_at is null"


async def test_a_channel_that_fails_is_an_alert_through_the_others(city: City) -> None:
    city.start(wanted(DOWN, channels=["ops", "tg"], policy=None))
    city.paging.learn({})
    await falls(city, "fp-1")
    await city.run(FAILED)
    await city.run("update notification set delivered_at = created_at where channel = 'ops'")
    await passes(city, 400, step=20)
    told = await city.run(
        "select channel, body ->> 'title' from notification where body ->> 'title' like '%%Saluran%%'"
    )
    assert told == [("ops", "KRITIS: Saluran tg gagal: pesan tidak sampai (HTTP 500)")]
    await city.run("update notification set delivered_at = %s", [city.clock.now()])
    await passes(city, 20)
    assert await city.run("select state from alert where rule = 'pantau:channel-failing'") == [(State.RESOLVED,)]


async def test_people_are_told_by_a_channel_that_works(city: City) -> None:
    await start(city)
    await falls(city, "fp-1")
    await city.run(FAILED)
    await passes(city, 400, step=20)
    await falls(city, "fp-2")
    (newest,) = await city.run(
        "select technician, channel from notification where technician = 'budi' order by id desc limit 1"
    )
    assert newest == ("budi", "sms")


async def silence(city: City, seconds: float, **match: str) -> None:
    now = city.clock.now()
    async with city.pool.connection() as connection:
        until = now + timedelta(seconds=seconds)
        await silences.add(
            connection, Match(**match), owner="siti", reason="pindah tiang", now=now, until=until, on_recovery=False
        )


async def test_a_silence_holds_back_the_telling_and_when_it_ends_it_is_told(city: City) -> None:
    await start(city)
    await silence(city, 600, below="fp-1")
    await falls(city, "fp-1")
    await passes(city, 590, step=10)
    assert await city.run(MAILS) == []
    await passes(city, 10)
    assert await city.run(MAILS) == [("budi", "tg", "firing", 1)]


async def test_a_silence_never_hides_the_end_of_what_was_told(city: City) -> None:
    await start(city)
    await falls(city, "fp-1")
    await arrives(city)
    await silence(city, 3_600, alertname="device-down")
    await passes(city, 400, step=20)
    assert len(await city.run(MAILS)) == 1, "nobody else is called while it is silenced"
    await city.says("online", "fp-1")
    await passes(city, 130, "fp-1")
    assert (await city.run(MAILS))[1:] == [("budi", "tg", "resolved", 2)]


async def test_what_was_told_and_then_silenced_is_called_for_again_when_the_silence_ends(city: City) -> None:
    await start(city)
    await falls(city, "fp-1")
    await arrives(city)
    await silence(city, 3_600, alertname="device-down")
    await passes(city, 3_590, step=10)
    assert len(await city.run(MAILS)) == 1
    await passes(city, 20)
    await arrives(city)
    assert (await city.run(MAILS))[1:] == [("budi", "tg", "firing", 2)], "nobody has taken it yet"
    await passes(city, 301, step=10)
    assert [mail[0] for mail in await city.run(MAILS)][2:] == ["siti", None]


FADED = OPTICAL_LOW | {"for": "0s"}
TAKE = "update alert set state = 'acknowledged', changed = pg_current_xact_id() where rule = 'optical-low'"


async def taken_before_it_was_told(city: City) -> None:
    """A fading fibre that somebody saw on a screen, and took, while its group still gathered."""
    city.start(wanted(FADED, DOWN, group_wait="30s"))
    async with city.pool.connection() as connection:
        await save_technicians(connection, (BUDI, SITI), who="tests", now=city.clock.now())
    await city.add("fp-1")
    await city.says("online", "fp-1")
    await stays_faded(city, 10)
    await city.run(TAKE)
    await stays_faded(city, 120)


async def stays_faded(city: City, seconds: int) -> None:
    for _ in range(seconds // 10):
        await city.reads("fp-1", -30.0)
        await city.round()
        city.clock.pass_(10)


async def test_nobody_is_paged_for_what_somebody_took_before_it_was_told_nor_hears_of_its_end(city: City) -> None:
    await taken_before_it_was_told(city)
    assert await city.run(MAILS) == []
    await passes(city, 60, "fp-1")
    assert await city.run("select state from alert") == [(State.RESOLVED,)]
    assert await city.run(MAILS) == []
    assert await city.run("select count(*) from page_group where closed_at is null") == [(0,)]


async def test_what_was_taken_before_it_was_told_is_told_when_it_is_given_back(city: City) -> None:
    await taken_before_it_was_told(city)
    await city.run("update alert set state = 'firing', changed = pg_current_xact_id()")
    await passes(city, 5)
    assert await city.run(MAILS) == [("budi", "tg", "firing", 1)]


async def test_what_was_taken_as_a_warning_is_paged_when_it_becomes_critical(city: City) -> None:
    await taken_before_it_was_told(city)
    await city.says("offline", "fp-1")
    await passes(city, 5)
    assert await city.run("select rule, state from alert order by id") == [
        ("optical-low", State.ACKNOWLEDGED),
        ("device-down", State.FIRING),
    ]
    assert await city.run(MAILS) == [("budi", "tg", "firing", 1)]
    assert await city.run("select body ->> 'severity' from notification") == [("critical",)]


async def test_a_channel_is_reminded_again_of_what_was_silenced_for_a_while(city: City) -> None:
    city.start(wanted(DOWN, policy=None, channels=["ops"]))
    await falls(city, "fp-1")
    await silence(city, 5 * 3_600, alertname="device-down")
    await passes(city, 5 * 3_600 - 60, step=60)
    assert await city.run(MAILS) == [(None, "ops", "firing", 1)]
    await passes(city, 120, step=60)
    assert await city.run(MAILS) == [(None, "ops", "firing", 1), (None, "ops", "firing", 2)]


async def test_a_round_that_tells_sees_the_silences_that_it_followed(city: City) -> None:
    """One that is added while the round goes on would be found by the telling, and not by what ends it on recovery."""
    await start(city)
    await city.add("fp-1")
    await city.says("online", "fp-1")
    await city.reads("fp-1", -20.0)
    await city.round()
    city.clock.pass_(1)
    await city.says("offline", "fp-1")
    async with city.pool.connection() as other:
        async with other.transaction():
            await other.execute(ALONE)
            going_on = asyncio.create_task(city.round())
            await _waits_for_its_turn(city)
            await silence(city, 600, below="fp-1")
        await going_on
    assert await city.run(MAILS) == [("budi", "tg", "firing", 1)]


async def _waits_for_its_turn(city: City) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await city.run(WAITING):
            await asyncio.sleep(0.01)


async def test_a_page_that_was_passed_on_does_not_arrive_long_after_all_is_over(city: City) -> None:
    """Its channel comes back hours later, where nothing would say that it was over long ago."""
    await start(city)
    await falls(city, "fp-1")
    await city.run(FAILED)
    await passes(city, 400, step=20)
    await city.run("update notification set delivered_at = %s where channel = 'sms'", [city.clock.now()])
    await city.says("online", "fp-1")
    await passes(city, 130, "fp-1")
    left = "select technician, channel, body ->> 'status', last_error from notification where delivered_at is null"
    told = await city.run(f"{left} and technician = 'budi' and body ->> 'title' not like '%%Saluran%%' order by id")
    assert told == [
        ("budi", "tg", "firing", "it was over before this arrived"),
        ("budi", "sms", "resolved", None),
    ]


async def test_a_page_that_nobody_has_heard_of_otherwise_is_still_sent_when_all_is_over(city: City) -> None:
    await start(city)
    await falls(city, "fp-1")
    await city.run(FAILED)
    await passes(city, 400, step=20)
    await city.says("online", "fp-1")
    await passes(city, 130, "fp-1")
    assert await city.run("select count(*) from notification where failed_at is not null") == [(0,)]


async def test_a_policy_that_left_the_settings_does_not_end_in_nobody(city: City) -> None:
    """It was renamed while one alert was silenced, so that nobody was told of it, and another waited for an answer."""
    await start(city)
    await silence(city, 600, below="fp-1")
    await falls(city, "fp-1", "fp-2")
    await arrives(city)
    renamed = wanted(DOWN, policy="day")
    assert [mail[0] for mail in await city.run(MAILS)] == ["budi"]
    city.start(renamed)
    await passes(city, 620, step=20)
    await arrives(city)
    told = await city.run("select technician, count(distinct group_id) from notification group by 1 order by 1")
    assert told == [("budi", 2), ("siti", 2)]


async def test_what_was_held_back_from_who_is_gone_does_not_keep_every_round_busy(city: City) -> None:
    await start(city, technician("budi", "tg", quiet=("00:00", "23:59")), SITI, rules=[OPTICAL_LOW])
    await city.add("fp-1")
    await city.reads("fp-1", -20.0)
    await city.round()
    for _ in range(4):
        city.clock.pass_(60)
        await city.reads("fp-1", -30.0)
        await city.round()
    now = {"now": city.clock.now(), "before": city.clock.now()}
    assert (await city.run("select count(*) from held_page where digest_id is null"))[0][0] > 0
    assert (await city.run(WAITING_TO_BE_DONE, now))[0][2]
    await city.run("delete from technician where id = 'budi'")
    assert not (await city.run(WAITING_TO_BE_DONE, now))[0][2]
