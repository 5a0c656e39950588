"""Rounds of the engine over a real database, with a clock turned by hand."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta

import psycopg
import pytest

from alerts import engine, store
from alerts.alert import Change, EndReason
from alerts.paging.queries import MEMBERS
from deploy.database import open_pool
from tests.alerts.city import OPTICAL_LOW, SILENT, City, judging, settings
from tests.patience import PATIENCE_MS, PATIENCE_SECONDS

URLS = {"ops": "http://127.0.0.1:9/"}
# Of the test's own sessions those that wait in a statement.
ASLEEP = "select 1 from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'"
MESSAGES = "select body ->> 'status', channel, sequence from notification order by id"


async def test_a_silent_sensor_raises_one_alert_not_many(city: City) -> None:
    city.start(settings(SILENT, urls=URLS))
    await city.add("fp-1")
    await city.reads("fp-1", -20.0)
    await city.reads("fp-1", 0.01, metric="rtt_seconds", age=30)
    for _ in range(5):
        city.clock.pass_(40)
        await city.round()
    assert await city.states() == [("silent", "fp-1", "firing")]
    assert await city.run(MESSAGES) == [("firing", "ops", 1)]


async def test_what_began_to_fire_is_told_once_to_whoever_asks_after_the_last(city: City) -> None:
    city.start(settings(SILENT))
    await city.add("fp-1")
    await city.reads("fp-1", -20.0)
    async with city.pool.connection() as connection:
        before = city.clock.now()
        assert await store.fired(connection, before) == (frozenset(), before)
        city.clock.pass_(91)
        await city.round()
        devices, newest = await store.fired(connection, before)
        assert (devices, newest) == ({"fp-1"}, city.clock.now())
        assert await store.newest_fired(connection) == newest
        assert await store.fired(connection, newest) == (frozenset(), newest)


async def test_one_metric_that_still_comes_is_life_enough(city: City) -> None:
    city.start(settings(SILENT))
    await city.add("fp-1")
    await city.reads("fp-1", -20.0, age=500)
    await city.reads("fp-1", 0.01, metric="rtt_seconds")
    assert await city.round() == []


async def test_a_device_never_heard_from_raises_nothing(city: City) -> None:
    city.start(settings(SILENT, OPTICAL_LOW))
    await city.add("fp-1")
    city.clock.pass_(10_000)
    assert await city.round() == []


async def test_a_clock_that_runs_ahead_does_not_hide_silence(city: City) -> None:
    city.start(settings(SILENT))
    await city.add("fp-1")
    await city.reads("fp-1", -20.0, age=-240)
    city.clock.pass_(91)
    await city.round()
    assert await city.states() == [("silent", "fp-1", "firing")]


async def test_a_silence_ends_when_the_device_speaks_and_the_page_has_its_resolve(city: City) -> None:
    city.start(settings(SILENT, urls=URLS))
    await city.add("fp-1")
    await city.reads("fp-1", -20.0)
    city.clock.pass_(91)
    await city.round()
    await city.reads("fp-1", -20.0)
    await city.round()
    assert await city.states() == [("silent", "fp-1", "resolved")]
    assert await city.run(MESSAGES) == [("firing", "ops", 1), ("resolved", "ops", 2)]


async def test_a_threshold_fires_after_for_and_ends_at_clear(city: City) -> None:
    city.start(settings(OPTICAL_LOW, urls=URLS))
    await city.add("fp-1")
    seen = []
    for value in (-28.0, -28.1, -28.2, -28.3, -28.4, -26.5, -26.0):
        await city.reads("fp-1", value)
        await city.round()
        seen.append((await city.states())[-1][2])
        city.clock.pass_(30)
    assert seen == ["pending"] * 4 + ["firing"] * 2 + ["resolved"]
    assert await city.run(MESSAGES) == [("firing", "ops", 1), ("resolved", "ops", 2)]
    assert await city.run("select summary, value, ends_at - starts_at = '3 minutes' from alert") == [
        ("FP-1: daya optik -28.4 dBm", -28.4, True)
    ]


async def test_a_pending_alert_that_clears_is_told_to_nobody(city: City) -> None:
    city.start(settings(OPTICAL_LOW, urls=URLS))
    await city.add("fp-1")
    await city.reads("fp-1", -28.0)
    await city.round()
    city.clock.pass_(30)
    await city.reads("fp-1", -20.0)
    await city.round()
    assert await city.run("select state, fired_at from alert") == [("resolved", None)]
    assert await city.run(MESSAGES) == []


async def test_nothing_fires_from_readings_that_arrive_late(city: City) -> None:
    city.start(settings(OPTICAL_LOW | {"for": "0s"}))
    await city.add("fp-1")
    await city.reads("fp-1", -28.0, age=600)
    assert await city.round() == []


async def test_a_rule_asks_only_about_the_devices_it_matches(city: City) -> None:
    city.start(settings(OPTICAL_LOW | {"for": "0s"}))
    await city.add("fp-1")
    await city.add("fp-2", area="Baturaja Timur")
    await city.add("hs-1", kind="hotspot")
    for device in ("fp-1", "fp-2", "hs-1"):
        await city.reads(device, -28.0)
    await city.round()
    assert await city.states() == [("optical-low", "fp-1", "firing")]


async def test_for_goes_on_across_a_restart(city: City) -> None:
    city.start(settings(OPTICAL_LOW, urls=URLS))
    await city.add("fp-1")
    await city.reads("fp-1", -28.0)
    await city.round()
    city.clock.pass_(60)
    await city.reads("fp-1", -28.0)
    city.start(settings(OPTICAL_LOW, urls=URLS))
    await city.round()
    assert await city.run(MESSAGES) == []
    city.clock.pass_(60)
    await city.round()
    assert await city.run(MESSAGES) == [("firing", "ops", 1)]


async def test_a_restart_does_not_page_twice(city: City) -> None:
    city.start(settings(SILENT, urls=URLS))
    await city.add("fp-1")
    await city.reads("fp-1", -20.0)
    for _ in range(3):
        city.clock.pass_(91)
        city.start(settings(SILENT, urls=URLS))
        await city.round()
    assert await city.run(MESSAGES) == [("firing", "ops", 1)]


async def test_the_same_trouble_later_is_another_alert(city: City) -> None:
    city.start(settings(SILENT))
    await city.add("fp-1")
    for _ in range(2):
        await city.reads("fp-1", -20.0)
        await city.round()
        city.clock.pass_(91)
        await city.round()
    assert [state for _, _, state in await city.states()] == ["resolved", "firing"]


@pytest.mark.parametrize(
    ("change", "rules", "reason"),
    [
        ("select 1", [OPTICAL_LOW], "rule-removed"),
        ("delete from device where id = 'fp-1'", [SILENT], "device-removed"),
        ("update device set kind = 'gone' where id = 'fp-1'", [SILENT], "device-removed"),
        ("update device set kind = 'hotspot' where id = 'fp-1'", [SILENT], "unmatched"),
    ],
)
async def test_an_alert_nobody_asks_about_any_more_ends_with_that_reason(
    city: City, change: str, rules: list[dict[str, object]], reason: str
) -> None:
    city.start(settings(SILENT, urls=URLS))
    await city.add("fp-1")
    await city.reads("fp-1", -20.0)
    city.clock.pass_(91)
    await city.round()
    if rules != [SILENT]:
        city.start(settings(*rules, urls=URLS))
    await city.run(change)
    await city.round()
    assert await city.run("select state, end_reason from alert") == [("resolved", reason)]
    # Whoever was paged hears the end of it, though no route may lead there any more.
    assert await city.run(MESSAGES) == [("firing", "ops", 1), ("resolved", "ops", 2)]


async def test_a_device_adopted_while_the_engine_runs_is_judged_with_what_it_already_said(city: City) -> None:
    city.start(settings(SILENT))
    await city.reads("fp-1", -20.0)
    city.clock.pass_(91)
    assert await city.round() == []
    await city.add("fp-1")
    await city.round()
    assert await city.states() == [("silent", "fp-1", "firing")]


async def test_a_device_that_moves_into_a_rules_area_is_judged_by_it_at_once(city: City) -> None:
    city.start(settings(OPTICAL_LOW | {"for": "0s"}))
    await city.add("fp-1", area="Baturaja Timur")
    await city.reads("fp-1", -28.0)
    assert await city.round() == []
    await city.run("update device set area = 'Lengkiti'")
    await city.round()
    assert await city.states() == [("optical-low", "fp-1", "firing")]


async def test_the_end_goes_to_those_who_were_told_of_the_beginning_whatever_the_routes_say_now(city: City) -> None:
    city.start(settings(SILENT, urls=URLS))
    await city.add("fp-1")
    await city.reads("fp-1", -20.0)
    city.clock.pass_(91)
    await city.round()
    city.start(settings(SILENT, urls={"other": "http://127.0.0.1:9/"}))
    await city.reads("fp-1", -20.0)
    await city.round()
    assert await city.run(MESSAGES) == [("firing", "ops", 1), ("resolved", "ops", 2)]


async def test_an_acknowledged_alert_is_not_paged_again_and_resolves(city: City) -> None:
    city.start(settings(SILENT, urls=URLS))
    await city.add("fp-1")
    await city.reads("fp-1", -20.0)
    city.clock.pass_(91)
    await city.round()
    await city.run("update alert set state = 'acknowledged'")
    assert await city.round() == []
    await city.reads("fp-1", -20.0)
    await city.round()
    assert await city.run(MESSAGES) == [("firing", "ops", 1), ("resolved", "ops", 2)]


async def test_an_alert_that_somebody_ended_meanwhile_is_left_as_they_left_it(city: City) -> None:
    city.start(settings(SILENT))
    await city.add("fp-1")
    await city.reads("fp-1", -20.0)
    city.clock.pass_(91)
    await city.round()
    await city.round()
    (alert,) = city.reader.alerts.values()
    async with city.pool.connection() as connection:
        await connection.execute("update alert set state = 'resolved', ends_at = starts_at, end_reason = 'cleared'")
        stale = Change(before=alert, after=alert.resolve(city.clock.now(), EndReason.RULE_REMOVED))
        assert await store.save(connection, [stale], city.clock.now()) == []
    assert await city.run("select end_reason from alert") == [("cleared",)]


async def test_labels_annotations_and_who_took_it_are_read_back_after_a_restart(city: City) -> None:
    city.start(settings(SILENT))
    await city.add("fp-1")
    await city.reads("fp-1", -20.0)
    city.clock.pass_(91)
    await city.round()
    await city.run("""
        update alert set state = 'acknowledged', acknowledged_at = fired_at, acknowledged_by = 'sari',
            labels = '{"team": "jaringan"}', annotations = '{"description": "Periksa catu daya."}'
    """)
    city.start(settings(SILENT))
    await city.round()
    (alert,) = city.reader.alerts.values()
    assert (alert.labels, alert.annotations) == ({"team": "jaringan"}, {"description": "Periksa catu daya."})
    assert (alert.acknowledged_at, alert.acknowledged_by) == (city.clock.now(), "sari")


async def test_a_round_that_fails_leaves_nothing_behind(city: City) -> None:
    city.start(settings(SILENT, urls=URLS))
    await city.add("fp-1")
    await city.reads("fp-1", -20.0)
    city.clock.pass_(91)
    await city.run("alter table notification add constraint broken check (channel <> 'ops')")
    with pytest.raises(psycopg.errors.CheckViolation):
        await city.round()
    assert await city.states() == []
    await city.run("alter table notification drop constraint broken")
    city.start(settings(SILENT, urls=URLS))
    await city.round()
    assert await city.run(MESSAGES) == [("firing", "ops", 1)]


async def test_a_reading_committed_late_by_a_slow_writer_is_not_missed(city: City, database_url: str) -> None:
    """Its transaction began before the engine's last look and ended after it."""
    city.start(settings(OPTICAL_LOW | {"for": "0s"}))
    await city.add("fp-1")
    await city.reads("fp-1", -20.0)
    async with await psycopg.AsyncConnection.connect(database_url) as slow:
        await slow.execute("update latest set value = -28.0, changed = pg_current_xact_id()")
        await city.add("fp-2")
        await city.reads("fp-2", -20.0)
        assert await city.round() == []
        assert await city.round() == []
        await slow.commit()
    await city.round()
    assert await city.states() == [("optical-low", "fp-1", "firing")]


async def test_one_engine_judges_and_another_takes_over_when_it_dies(city: City, database_url: str) -> None:
    await city.add("fp-1")
    await city.reads("fp-1", -20.0)
    city.clock.pass_(91)
    wanted = judging(settings(SILENT), city.clock.now)
    first, second = engine.Duty(), engine.Duty()

    async def first_wakes() -> AsyncIterator[None]:
        yield
        async with open_pool(database_url) as pool:
            await engine.run(pool, wanted, second_wakes(), now=city.clock.now, duty=second)
        yield

    async def second_wakes() -> AsyncIterator[None]:
        yield
        assert (first.active, second.active) == (True, False)
        await city.run(
            "select pg_terminate_backend(pid, %s) from pg_locks where locktype = 'advisory' and objid = %s",
            [int(PATIENCE_MS), engine.ENGINE_LOCK],
        )
        yield
        assert second.active
        assert second.judged_at == city.clock.now()

    async with open_pool(database_url) as pool:
        with pytest.raises(psycopg.OperationalError):
            await engine.run(pool, wanted, first_wakes(), now=city.clock.now, duty=first)
    assert not first.active
    assert not second.active
    assert await city.states() == [("silent", "fp-1", "firing")]


async def test_an_engine_that_stops_gives_the_lock_back_with_its_connection(city: City) -> None:
    async def once() -> AsyncIterator[None]:
        yield

    wanted = judging(settings(SILENT), city.clock.now)
    for _ in range(2):
        duty = engine.Duty()
        await engine.run(city.pool, wanted, once(), now=city.clock.now, duty=duty)
        assert duty.judged_at is not None
    assert await city.run("select count(*) from pg_locks where locktype = 'advisory'") == [(0,)]


async def test_a_clock_that_was_set_back_loses_no_end(city: City) -> None:
    city.start(settings(SILENT, urls=URLS))
    await city.add("fp-1")
    await city.reads("fp-1", -20.0)
    city.clock.pass_(91)
    await city.round()
    city.clock.pass_(-2)
    await city.reads("fp-1", -20.0)
    await city.round()
    city.clock.pass_(3_600)
    await city.round()
    told = await city.run("select body ->> 'status' from notification where group_id = 1 order by id")
    assert told == [("firing",), ("resolved",)]


async def test_the_second_page_about_an_incident_never_bears_the_number_of_the_first(city: City) -> None:
    low = OPTICAL_LOW | {"for": "0s"}
    dark = low | {"name": "optical-dark", "below": -30.0, "clear": -29.0, "severity": "critical"}
    routes = [{"channels": ["ops"], "match": {"severity": "critical"}}]
    city.start(settings(low, dark, urls=URLS, routes=routes))
    await city.add("fp-1")
    for power in (-31.0, -28.0, -31.0, -28.0):
        await city.reads("fp-1", power)
        await city.round()
        city.clock.pass_(30)
    told = await city.run(
        "select body -> 'incident', body -> 'sequence', body ->> 'status' from notification order by id"
    )
    assert told == [(1, 1, "firing"), (1, 2, "resolved"), (1, 3, "firing"), (1, 4, "resolved")]


async def test_what_ended_untold_is_not_read_again_and_again(city: City) -> None:
    low = OPTICAL_LOW | {"for": "0s"}
    routes = [{"channels": ["ops"], "group_by": ["area"], "group_wait": "1h"}]
    city.start(settings(low, urls=URLS, routes=routes))
    await city.add("fp-1")
    await city.add("fp-2")
    await city.reads("fp-1", -28.0)
    for power in (-28.0, -20.0, -28.0, -20.0):
        await city.reads("fp-2", power)
        await city.round()
        city.clock.pass_(10)
    assert len(await city.run("select 1 from page_member")) == 3
    assert len(await city.run(MEMBERS, {"groups": [1]})) == 1


@pytest.mark.parametrize(
    ("doing", "ended"),
    [
        ("select 1", 1),  # and then nothing: stopped between two rounds
        ("begin; select 1", 0),  # in a round, and there are devices to reckon for
        ("begin; select 1 / 0", 1),
    ],
)
async def test_who_holds_the_lock_and_says_nothing_is_relieved(
    city: City, database_url: str, doing: str, ended: int
) -> None:
    await city.add("fp-1")
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as silent:
        await silent.execute("select pg_advisory_lock(%s)", [engine.ENGINE_LOCK])
        with contextlib.suppress(psycopg.errors.DivisionByZero):
            await silent.execute(doing)
        async with city.pool.connection() as standby:
            assert await engine.relieve(standby, timedelta(hours=1), timedelta()) == 0
            assert await engine.relieve(standby, timedelta(), timedelta(hours=1)) == ended
            if not ended:
                assert await engine.relieve(standby, timedelta(), timedelta()) == 1
        with pytest.raises(psycopg.OperationalError):
            await silent.execute("select 1")


async def test_who_waits_for_the_database_with_the_lock_is_left_alone(city: City, database_url: str) -> None:
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as busy:
        await busy.execute("select pg_advisory_lock(%s)", [engine.ENGINE_LOCK])
        waiting = asyncio.create_task(busy.execute("select pg_sleep(3600)"))
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not await city.run(ASLEEP):
                await asyncio.sleep(0.01)
        async with city.pool.connection() as standby:
            assert await engine.relieve(standby, timedelta(), timedelta()) == 0
        busy.cancel()
        with pytest.raises(psycopg.errors.QueryCanceled):
            await waiting


async def test_only_the_lock_of_this_engine_in_this_database_counts(city: City, database_url: str) -> None:
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as other:
        await other.execute("select pg_advisory_lock(%s), pg_advisory_lock(0, %s)", [engine.ENGINE_LOCK + 1] * 2)
        async with city.pool.connection() as standby:
            assert await engine.relieve(standby, timedelta(), timedelta()) == 0
        await other.execute("select 1")
