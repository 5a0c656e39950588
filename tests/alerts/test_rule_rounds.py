"""Rules in rounds of the engine: events, groups, what was ended by hand, rules that fail, rules of operators."""

from typing import Any

import pytest
from prometheus_client import REGISTRY
from psycopg.types.json import Jsonb

from alerts.measuring import Hurry
from tests.alerts.city import DOWN, OPTICAL_LOW, SILENT, City, settings

PANIC = {"name": "panic", "kind": "event", "event": "panic_button", "severity": "critical"}
NOW_LOW = OPTICAL_LOW | {"for": "0s"}
WINDOW = {"name": "w", "kind": "window", "metric": "rx_power_dbm", "below": -27.0, "over": "5m"}
# One statement takes longer than what a round spends.
IN_A_HURRY = Hurry(statement_seconds=0.3, round_seconds=0.2)
HOTSPOTS = {"name": "hotspots", "kind": "ratio", "above": 0.3, "by": ["area"], "match": {"kind": "hotspot"}}
EVENT = "insert into event (time, device_id, type, data, received_at) values (%s, %s, %s, null, %s)"
BY_HAND = """
update alert set state = 'resolved', ends_at = starts_at, end_reason = 'by-hand', changed = pg_current_xact_id()
where state <> 'resolved'
"""
ADD_RULE = """
insert into rule (name, body, created_at, created_by, changed_at, changed_by)
values (%s, %s, now(), 'sari', now(), 'sari')
"""


async def happens(city: City, device: str, type_: str, *, age: float = 0, heard: float = 0) -> None:
    now = city.clock.now().timestamp()
    at, received = (city.at(now - back - city.noon.timestamp()) for back in (age, heard))
    await city.run(EVENT, [at, device, type_, received])


def counted(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


class TestEvents:
    @pytest.fixture(autouse=True)
    async def cabinet(self, city: City) -> None:
        city.start(settings(PANIC))
        await city.add("fp-1")
        await city.reads("fp-1", -20.0)
        await city.round()

    async def test_a_button_is_told_once_and_is_over_ten_minutes_later(self, city: City) -> None:
        await happens(city, "fp-1", "panic_button")
        for _ in range(3):
            await city.round()
            city.clock.pass_(100)
        assert await city.states() == [("panic", "fp-1", "firing")]
        city.clock.pass_(400)
        await city.round()
        await city.round()
        assert await city.states() == [("panic", "fp-1", "resolved")]

    async def test_one_that_comes_late_pages_nobody(self, city: City) -> None:
        await happens(city, "fp-1", "panic_button", age=301)
        assert await city.round() == []

    async def test_one_from_a_clock_that_runs_ahead_happened_when_it_was_received(self, city: City) -> None:
        await happens(city, "fp-1", "panic_button", age=-240)
        await city.round()
        assert await city.run("select starts_at from alert") == [(city.clock.now(),)]

    async def test_stamped_anew_by_a_gateway_that_repeats_it_it_is_still_one_alert(self, city: City) -> None:
        for _ in range(5):
            await happens(city, "fp-1", "panic_button")
            await city.round()
            city.clock.pass_(60)
        assert await city.states() == [("panic", "fp-1", "firing")]

    async def test_neither_a_restart_nor_a_hand_makes_two_of_one(self, city: City) -> None:
        await happens(city, "fp-1", "panic_button")
        await city.round()
        city.start(settings(PANIC))
        await city.round()
        assert await city.states() == [("panic", "fp-1", "firing")]
        await city.run(BY_HAND)
        await city.round()
        city.start(settings(PANIC))
        await city.round()
        assert await city.states() == [("panic", "fp-1", "resolved")]
        city.clock.pass_(1)
        await happens(city, "fp-1", "panic_button")
        await city.round()
        assert [state for *_, state in await city.states()] == ["resolved", "firing"]

    async def test_in_maintenance_it_is_held_back(self, city: City) -> None:
        await city.run(
            "insert into maintenance (since, until, match, owner, reason, created_at)"
            " values (%s, %s, %s, 'o', 'r', %s)",
            [city.at(-60), city.at(3600), Jsonb({"id": "fp-1"}), city.at(-60)],
        )
        await happens(city, "fp-1", "panic_button")
        await city.round()
        assert await city.states() == []
        assert await city.run("select rule, cause from suppression") == [("panic", "maintenance")]


class TestEndedByHand:
    @pytest.mark.parametrize("terms", [DOWN, SILENT, NOW_LOW, WINDOW])
    async def test_what_goes_on_is_judged_again_and_is_another_alert(self, city: City, terms: dict[str, Any]) -> None:
        city.start(settings(terms))
        await city.add("fp-1")
        await city.reads("fp-1", -28.0, age=200)
        await city.reads("fp-1", -28.0)
        if terms in (DOWN, SILENT):
            city.clock.pass_(91)
        await city.round()
        await city.run(BY_HAND)
        await city.round()
        ends = await city.run("select state, end_reason from alert order by id")
        assert ends == [("resolved", "by-hand"), ("firing", None)]

    async def test_what_is_over_stays_over(self, city: City) -> None:
        city.start(settings(NOW_LOW))
        await city.add("fp-1")
        await city.reads("fp-1", -28.0)
        await city.round()
        await city.run(BY_HAND)
        await city.reads("fp-1", -20.0)
        assert await city.round() == []


class TestGroups:
    @pytest.fixture(autouse=True)
    async def square(self, city: City) -> None:
        city.start(settings(HOTSPOTS))
        for number in range(1, 5):
            await city.add(f"hs-{number}", kind="hotspot")
            await city.reads(f"hs-{number}", 0.01, metric="rtt_seconds")
        await city.round()

    async def test_a_group_is_one_alert_with_an_incident_and_ends_with_its_members(self, city: City) -> None:
        await city.says("offline", "hs-1", "hs-2")
        await city.round()
        city.clock.pass_(4)
        await city.round()
        assert await city.states() == []
        city.clock.pass_(1)
        await city.round()
        assert await city.states() == [("hotspots", "group:hotspot:Lengkiti", "firing")]
        assert await city.run("select title, root from incident") == [
            ("hotspot, Lengkiti: hotspots, 2 dari 4", "group:hotspot:Lengkiti")
        ]
        await city.says("online", "hs-1")
        city.clock.pass_(6)
        await city.round()
        assert await city.states() == [("hotspots", "group:hotspot:Lengkiti", "resolved")]

    async def test_ended_by_hand_it_is_judged_again(self, city: City) -> None:
        await city.says("offline", "hs-1", "hs-2")
        city.clock.pass_(5)
        await city.round()
        await city.run(BY_HAND)
        await city.round()
        assert [state for *_, state in await city.states()] == ["resolved", "firing"]

    async def test_after_a_restart_it_is_the_same_alert(self, city: City) -> None:
        await city.says("offline", "hs-1", "hs-2")
        for _ in range(2):
            city.clock.pass_(5)
            city.start(settings(HOTSPOTS))
            await city.round()
        assert await city.states() == [("hotspots", "group:hotspot:Lengkiti", "firing")]

    async def test_without_its_last_member_it_is_over(self, city: City) -> None:
        await city.says("offline", "hs-1", "hs-2")
        city.clock.pass_(5)
        await city.round()
        await city.run("update device set kind = 'camera'")
        await city.round()
        assert await city.run("select state, end_reason from alert") == [("resolved", "device-removed")]


class TestFailures:
    async def test_a_rule_that_fails_is_counted_logged_once_and_stops_no_other(
        self, city: City, caplog: pytest.LogCaptureFixture
    ) -> None:
        """Its bounds are texts: no settings let that pass, so it is made behind their back."""
        city.start(settings(NOW_LOW | {"name": "broken"}, NOW_LOW))
        broken = city.reader.view.rules[0]
        object.__setattr__(broken, "below", "cold")
        await city.add("fp-1")
        before = counted("pantau_alerts_rule_failures_total", rule="broken")
        for _ in range(3):
            await city.reads("fp-1", -28.0)
            await city.round()
            city.clock.pass_(1)
        assert await city.states() == [("optical-low", "fp-1", "firing")]
        assert counted("pantau_alerts_rule_failures_total", rule="broken") - before >= 3
        assert len([one for one in caplog.records if "rule broken failed" in one.message]) == 1

    async def test_a_statement_that_fails_or_takes_too_long_fails_alone(self, city: City) -> None:
        """The window is put as a text that is none; the other waits for a lock that nobody gives."""
        city.start(settings(WINDOW | {"name": "broken"}, WINDOW, NOW_LOW))
        broken = city.reader.view.rules[0]
        object.__setattr__(broken, "metric", 5)
        await city.add("fp-1")
        await city.reads("fp-1", -28.0, age=200)
        await city.reads("fp-1", -28.0)
        await city.round()
        assert [rule for rule, *_ in await city.states()] == ["optical-low", "w"]

    async def test_a_slow_statement_is_cut_off(self, city: City) -> None:
        city.start(settings(WINDOW, NOW_LOW), hurry=IN_A_HURRY)
        await city.add("fp-1")
        await city.reads("fp-1", -28.0)
        async with city.pool.connection() as other, other.transaction():
            await other.execute("lock table reading in access exclusive mode")
            await city.round()
        assert city.reader.view.failures.known == {"w"}
        assert await city.states() == [("optical-low", "fp-1", "firing")]

    async def test_slow_statements_share_the_time_of_one_and_all_get_their_turn(self, city: City) -> None:
        """Round after round each is cut off; and between them what asks for no statement is judged."""
        names = {f"w{number}" for number in range(3)}
        wanted = settings(*(WINDOW | {"name": name, "over": "1m"} for name in names), NOW_LOW)
        city.start(wanted, hurry=IN_A_HURRY)
        await city.add("fp-1")
        await city.reads("fp-1", -28.0)
        async with city.pool.connection() as other, other.transaction():
            await other.execute("lock table reading in access exclusive mode")
            await city.round()
            assert len(city.reader.view.failures.known) == 1, "with the first the round has spent enough"
            assert await city.states() == [("optical-low", "fp-1", "firing")]
            for _ in range(2):
                city.clock.pass_(6)
                await city.run("update latest set changed = pg_current_xact_id()")
                await city.round()
        assert city.reader.view.failures.known == names


class TestOperators:
    async def test_their_rules_come_change_and_go_without_a_restart(self, city: City) -> None:
        city.start(settings(SILENT))
        await city.add("fp-1")
        await city.reads("fp-1", -26.5)
        await city.round()
        body = {"kind": "threshold", "metric": "rx_power_dbm", "below": -27.0}
        await city.run(ADD_RULE, ["dim", Jsonb(body)])
        assert await city.round() == []
        await city.run("update rule set body = %s", [Jsonb(body | {"below": -26.0})])
        await city.round()
        assert await city.states() == [("dim", "fp-1", "firing")]
        await city.run("update rule set enabled = false")
        await city.round()
        assert await city.run("select state, end_reason from alert") == [("resolved", "rule-removed")]

    async def test_one_gone_bad_is_left_out_counted_and_logged(
        self, city: City, caplog: pytest.LogCaptureFixture
    ) -> None:
        city.start(settings(SILENT))
        before = counted("pantau_alerts_rules_refused_total")
        await city.add("fp-1")
        await city.reads("fp-1", -28.0)
        await city.run(ADD_RULE, ["a", Jsonb({"kind": "threshold", "metric": "gone", "below": 1})])
        await city.run(ADD_RULE, ["b", Jsonb({"kind": "threshold", "metric": "rx_power_dbm", "below": -27.0})])
        await city.round()
        assert await city.states() == [("b", "fp-1", "firing")]
        assert counted("pantau_alerts_rules_refused_total") == before + 1
        assert "rule a is left out: metric: no kind of device has a metric gone" in caplog.text

    async def test_a_name_of_the_city_is_the_citys(self, city: City) -> None:
        city.start(settings(NOW_LOW))
        await city.add("fp-1")
        await city.reads("fp-1", -20.0)
        body = {"kind": "threshold", "metric": "rx_power_dbm", "below": 0.0}
        await city.run(ADD_RULE, ["optical-low", Jsonb(body)])
        assert await city.round() == []

    async def test_an_event_from_before_the_rule_is_heard_if_it_may_still_matter(self, city: City) -> None:
        city.start(settings(SILENT))
        await city.add("fp-1")
        await happens(city, "fp-1", "panic_button", age=200, heard=200)
        await city.round()
        await city.run(ADD_RULE, ["panic", Jsonb({"kind": "event", "event": "panic_button"})])
        await city.round()
        assert await city.states() == [("panic", "fp-1", "firing")]


async def test_no_data_is_told_and_ends_with_the_next_reading(city: City) -> None:
    """The device speaks on, but not of this."""
    city.start(settings(NOW_LOW | {"no_data": "alert"}))
    await city.add("fp-1")
    await city.reads("fp-1", -20.0)
    await city.round()
    for _ in range(4):
        city.clock.pass_(30)
        await city.reads("fp-1", 0.01, metric="rtt_seconds")
        await city.round()
    assert await city.run("select state, starts_at from alert") == [("firing", city.at(90))]
    await city.reads("fp-1", -20.0)
    await city.round()
    assert await city.states() == [("optical-low", "fp-1", "resolved")]


async def test_when_ingest_was_away_nobody_lacks_data(city: City) -> None:
    city.start(settings(NOW_LOW | {"no_data": "alert"}, WINDOW | {"no_data": "alert"}))
    await city.add("fp-1")
    await city.run("insert into ingest_uptime values (1, %s, %s)", [city.at(-600), city.at(0)])
    await city.reads("fp-1", -20.0, age=200)
    await city.reads("fp-1", -20.0)
    await city.round()
    for _ in range(6):
        city.clock.pass_(60)
        await city.round()
    assert [rule for rule, *_ in await city.states()] == ["control-room-blind"]


async def test_an_alert_that_was_sent_to_us_is_not_ours_to_end(city: City) -> None:
    city.start(settings(SILENT))
    await city.run(
        "insert into alert (rule, device, kind, area, severity, state, starts_at, evidence_at, fired_at, summary)"
        " values ('zabbix:Disk:0123abcd', 'zabbix', '', '', 'warning', 'firing', %(at)s, %(at)s, %(at)s, '')",
        {"at": city.noon},
    )
    await city.round()
    await city.round()
    assert await city.states() == [("zabbix:Disk:0123abcd", "zabbix", "firing")]


async def test_a_value_that_comes_rarely_is_held_for_as_long_as_its_rule_trusts_it(city: City) -> None:
    city.start(settings(OPTICAL_LOW | {"for": "15m", "max_age": "30m"}))
    await city.add("fp-1")
    for minute in range(21):
        await city.reads("fp-1", 0.01, metric="rtt_seconds")
        if minute % 10 == 0:
            await city.reads("fp-1", -28.0)
        await city.round()
        city.clock.pass_(60)
    assert await city.states() == [("optical-low", "fp-1", "firing")]
    assert await city.run("select starts_at from alert") == [(city.noon,)]
