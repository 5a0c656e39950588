"""States, what is held back, and incidents, in rounds of the engine over a real database."""

from itertools import pairwise
from typing import Any

from psycopg.types.json import Jsonb

from alerts.incidents import rows as incidents
from tests.alerts.city import DOWN, OPTICAL_LOW, SILENT, City, settings

URLS = {"ops": "http://127.0.0.1:9/"}
LINE = ("a", "b", "c", "d")
STATES = "select device_id, state, cause from device_state where until is null order by device_id"
MESSAGES = """
select body ->> 'status', body -> 'webhook' -> 'alerts' -> 0 -> 'labels' ->> 'device' from notification order by id
"""
HELD = "select device_id, rule, cause, until is null from suppression order by device_id"


async def a_line(city: City, *rules: dict[str, Any], **more: Any) -> None:  # noqa: ANN401  sections of city.toml
    """A trunk with two points below its second, all alive."""
    city.start(settings(*rules or (DOWN,), urls=URLS, **more))
    await city.add("a")
    await city.add("b", "a", metres=1_400)
    await city.add("c", "b")
    await city.add("d", "b", kind="camera")
    await heard(city, *LINE)


async def heard(city: City, *devices: str) -> None:
    for device in devices:
        await city.reads(device, 0.01, metric="brightness_ratio" if device == "d" else "rtt_seconds")
    await city.round()


async def history(city: City, device: str) -> list[tuple[str, float, float | None]]:
    rows = await city.run(
        "select state, extract(epoch from since - %(noon)s)::float8, extract(epoch from until - %(noon)s)::float8"
        " from device_state where device_id = %(device)s order by since",
        {"device": device, "noon": city.noon},
    )
    return [(state, since, until) for state, since, until in rows]


async def cut(city: City) -> None:
    """Below the trunk everything goes; the trunk is heard after that."""
    city.clock.pass_(5)
    await city.says("offline", "b", "c", "d")
    await city.round()
    city.clock.pass_(5)
    await heard(city, "a")


async def test_a_cut_is_one_page_one_incident_and_the_rest_is_held_back_with_its_cause(city: City) -> None:
    await a_line(city)
    await cut(city)
    assert await city.run(STATES) == [
        ("a", "up", None),
        ("b", "down", None),
        ("c", "unreachable", "b"),
        ("d", "unreachable", "b"),
    ]
    assert await city.run(MESSAGES) == [("firing", "b")]
    assert await city.run(HELD) == [("c", "device-down", "b", True), ("d", "device-down", "b", True)]
    assert await city.run("select count(distinct incident_id), min(incident_id) is not null from suppression") == [
        (1, True)
    ]
    assert await city.run("select root, state, class, affected from incident") == [
        ("b", "open", "fibre-cut", {"count": 2, "by_kind": {"camera": 1, "fibre_point": 1}, "names": ["C", "D"]})
    ]
    assert await city.run("select title from incident") == [
        ("Kabel FO putus antara A dan B (1,4 km), Lengkiti: 1 titik, 1 CCTV",)
    ]


async def test_before_what_it_hangs_on_was_heard_nobody_is_paged_for_a_fall(city: City) -> None:
    await a_line(city)
    city.clock.pass_(5)
    await city.says("offline", "b")
    for _ in range(5):
        await city.round()
        city.clock.pass_(4)
    assert await city.run(MESSAGES) == []
    await heard(city, "a")
    assert await city.run(MESSAGES) == [("firing", "b")]


async def test_a_repair_is_one_resolve_and_no_page(city: City) -> None:
    await a_line(city)
    await cut(city)
    city.clock.pass_(600)
    await heard(city, "a", "b")
    assert await city.run(
        "select device_id from device_state where until is null and 'awaiting-recheck' = any(marks) order by device_id"
    ) == [("c",), ("d",)]
    for _ in range(8):
        city.clock.pass_(15)
        await heard(city, *LINE)
    city.clock.pass_(10)
    await heard(city, *LINE)
    assert await city.run(MESSAGES) == [("firing", "b"), ("resolved", "b")]
    assert await city.run("select state, resolved_at is not null from incident") == [("resolved", True)]
    assert await city.run(HELD) == [("c", "device-down", "b", False), ("d", "device-down", "b", False)]
    assert [state for state, *_ in await history(city, "c")] == ["up", "unreachable", "up"]


async def test_only_who_does_not_come_back_with_the_rest_gets_a_page_of_its_own(city: City) -> None:
    await a_line(city)
    await cut(city)
    city.clock.pass_(600)
    for _ in range(14):
        city.clock.pass_(10)
        await heard(city, "a", "b", "d")
    assert await city.run(MESSAGES) == [("firing", "b"), ("resolved", "b"), ("firing", "c")]
    assert (await city.run(HELD))[0] == ("c", "device-down", "b", False)


async def test_a_child_that_fell_first_shares_the_incident_of_the_parent_that_followed(city: City) -> None:
    await a_line(city)
    city.clock.pass_(5)
    await city.says("offline", "c")
    await city.round()
    city.clock.pass_(5)
    await heard(city, "a", "b", "d")
    assert await city.run(MESSAGES) == [("firing", "c")]
    city.clock.pass_(20)
    await city.says("offline", "b", "d")
    await city.round()
    city.clock.pass_(1)
    await heard(city, "a")
    assert await city.run("select root, state from incident order by id") == [("b", "open")]
    assert await city.run("select device, incident_id from alert order by id") == [("c", 1), ("b", 1)]
    assert (await history(city, "c"))[-1][0] == "unreachable"


async def test_incidents_that_turn_out_to_be_one_say_which_of_them_goes_on(city: City) -> None:
    await a_line(city)
    await city.add("e", "b")
    await city.says("online", "e")
    await heard(city, *LINE, "e")
    for fallen in ("c", "e"):
        city.clock.pass_(5)
        await city.says("offline", fallen)
        await city.round()
        city.clock.pass_(5)
        await heard(city, "a", "b")
    assert await city.run("select root, state from incident order by id") == [("c", "open"), ("e", "open")]
    city.clock.pass_(20)
    await city.says("offline", "b", "d")
    await city.round()
    city.clock.pass_(1)
    await heard(city, "a")
    merged = "select root, state, merged_into, resolved_at is not null from incident order by id"
    assert await city.run(merged) == [("b", "open", None, False), ("e", "resolved", 1, True)]
    assert await city.run("select distinct incident_id from alert") == [(1,)]


async def test_an_incident_that_went_into_one_that_goes_into_another_is_found_at_once(city: City) -> None:
    columns = "insert into incident (root, area, title, severity, state, class, opened_at)"
    for root in ("a", "b", "c"):
        await city.run(f"{columns} values (%s, '', '', 'critical', 'open', 'unknown', %s)", [root, city.noon])
    async with city.pool.connection() as connection:
        for into in ({3: 2}, {2: 1}):
            await incidents.merge(connection, into, [], city.at(60))
    found = await city.run("select state, merged_into from incident order by id")
    assert found == [("open", None), ("resolved", 1), ("resolved", 1)]


async def test_a_flapping_radio_is_one_page_and_a_mark_and_one_resolve(city: City) -> None:
    await a_line(city)
    for _ in range(8):
        await city.says("offline", "b")
        await city.round()
        city.clock.pass_(10)
        await heard(city, *LINE)
        city.clock.pass_(10)
        await heard(city, *LINE)
    assert await city.run(MESSAGES) == [("firing", "b")]
    assert await city.run("select marks from device_state where device_id = 'b' and until is null") == [(["flapping"],)]
    for _ in range(40):
        city.clock.pass_(15)
        await heard(city, *LINE)
    assert await city.run(MESSAGES) == [("firing", "b"), ("resolved", "b")]
    assert await city.run("select marks from device_state where device_id = 'b' and until is null") == [([],)]


async def test_silence_rules_are_held_back_behind_a_failed_parent_too(city: City) -> None:
    await a_line(city, {**SILENT, "match": {}})
    for _ in range(12):
        city.clock.pass_(10)
        await heard(city, "a")
    assert await city.run(MESSAGES) == [("firing", "b")]
    assert [held[:3] for held in await city.run(HELD)] == [("c", "silent", "b"), ("d", "silent", "b")]


async def test_a_warning_that_holds_is_degraded_and_its_end_is_up(city: City) -> None:
    await a_line(city, {**OPTICAL_LOW, "for": "0s", "match": {}})
    city.clock.pass_(5)
    await city.reads("b", -30.0)
    await city.round()
    assert ("b", "degraded", None) in await city.run(STATES)
    city.clock.pass_(5)
    await city.reads("b", -20.0)
    await city.round()
    assert ("b", "up", None) in await city.run(STATES)


async def uptime(city: City, since: float, until: float) -> None:
    await city.run(
        "insert into ingest_uptime values (1, %s, %s) on conflict (worker, since) do update set until = excluded.until",
        [city.at(since), city.at(until)],
    )


async def test_while_ingest_is_away_everything_is_unknown_and_nobody_is_paged(city: City) -> None:
    await a_line(city)
    await uptime(city, -100, 0)
    for _ in range(3):
        city.clock.pass_(30)
        await city.round()
    assert {state for _, state, _ in await city.run(STATES)} == {"unknown"}
    assert await city.run(
        "select reason, extract(epoch from since - %s)::int, until from blind_window", [city.noon]
    ) == [("ingest", 0, None)]
    assert await city.run(MESSAGES) == []
    await uptime(city, 95, 95)
    city.clock.pass_(6)
    await heard(city, *LINE)
    assert {state for _, state, _ in await city.run(STATES)} == {"up"}
    assert await history(city, "a") == [("unknown", 0, 96), ("up", 96, None)]
    assert (await city.run("select until - since from blind_window"))[0][0].total_seconds() == 95


async def test_a_gap_that_turns_out_to_have_begun_earlier_or_to_be_none_is_written_so(city: City) -> None:
    """Of two workers one is missed later than the other; and a beat may come at the last moment."""
    await a_line(city)
    city.reader.workers = 2
    await uptime(city, -100, 30)
    await city.run("insert into ingest_uptime values (2, %s, %s)", [city.at(-100), city.at(20)])
    seen = []
    for _ in range(5):
        city.clock.pass_(10)
        if city.clock.now() == city.at(40):
            await city.run("update ingest_uptime set until = %s where worker = 2", [city.at(28)])
        await city.round()
        seen.append(
            await city.run(
                "select extract(epoch from since - %s)::int from blind_window where until is null", [city.noon]
            )
        )
    assert seen == [[], [], [], [], [(28,)]]
    await city.run("update ingest_uptime set until = %s", [city.at(50)])
    await city.round()
    assert await city.run("select count(*) from blind_window") == [(0,)]
    await city.run("update ingest_uptime set until = %s where worker = 1", [city.at(30)])
    await city.round()
    await city.run("update ingest_uptime set until = %s where worker = 2", [city.at(25)])
    await city.round()
    assert await city.run("select extract(epoch from since - %s)::int, until from blind_window", [city.noon]) == [
        (25, None)
    ]


async def test_a_device_that_comes_back_into_the_registry_begins_a_new_history(city: City) -> None:
    await a_line(city)
    city.clock.pass_(5)
    await city.says("offline", "d")
    await city.round()
    city.clock.pass_(5)
    await city.run("delete from device where id = 'd'")
    await city.round()
    city.clock.pass_(5)
    await city.add("d", "b", kind="camera")
    await city.round()
    assert await history(city, "d") == [("up", 0, 5), ("down", 5, 10), ("down", 15, None)]


async def test_a_long_blindness_pages_once_that_the_control_room_is_blind(city: City) -> None:
    await a_line(city)
    await uptime(city, -100, 0)
    for _ in range(20):
        city.clock.pass_(30)
        await city.round()
    assert await city.run(MESSAGES) == [("firing", "control-room")]
    await uptime(city, 590, 600)
    await heard(city, *LINE)
    assert await city.run(MESSAGES) == [("firing", "control-room"), ("resolved", "control-room")]


async def test_after_an_hour_in_which_everything_was_stopped_it_is_as_if_it_had_run_with_the_hour_blind(
    city: City,
) -> None:
    await a_line(city)
    await uptime(city, -100, 30)
    await cut(city)
    city.clock.pass_(20)
    await city.round()
    before = await city.run("select id, state, device from alert order by id")
    city.clock.pass_(3_600)
    await uptime(city, 3_630, 3_630)
    city.start(settings(DOWN, urls=URLS))
    await heard(city, "a")
    assert await city.run("select id, state, device from alert order by id") == before
    assert await city.run(MESSAGES) == [("firing", "b")]
    assert await history(city, "a") == [("up", 0, 30), ("unknown", 30, 3_630), ("up", 3_630, None)]
    assert await city.run(STATES) == [
        ("a", "up", None),
        ("b", "down", None),
        ("c", "unreachable", "b"),
        ("d", "unreachable", "b"),
    ]
    assert await city.run("select count(*) from suppression where until is null") == [(2,)]


async def test_what_an_engine_that_was_away_missed_is_in_the_history_and_pages_nobody(city: City) -> None:
    await a_line(city)
    await uptime(city, -100, 10_000)
    series = await city.run("select id from series where device_id = 'a'")
    seconds = [*range(0, 600, 30), *range(1_500, 3_601, 30)]
    await city.run(
        "insert into reading select %s, %s + s * interval '1 second', 0.01 from unnest(%s::int[]) s"
        " on conflict do nothing",
        [series[0][0], city.noon, seconds],
    )
    city.clock.pass_(3_600)
    city.start(settings(DOWN, urls=URLS))
    await heard(city, *LINE)
    assert await history(city, "a") == [("up", 0, 600), ("down", 600, 1_500), ("up", 1_500, None)]
    assert await city.run(MESSAGES) == []


async def test_an_outage_learned_after_it_ended_is_a_line_with_both_times_and_no_page(city: City) -> None:
    await a_line(city)
    for _ in range(120):
        city.clock.pass_(30)
        await heard(city, *LINE)
    (series,) = (
        await city.run("insert into series (device_id, metric) values ('a', 'packet_loss_ratio') returning id")
    )[0]
    await city.run(
        "insert into reading select %s, %s + s * interval '1 second', (s < 1200)::int from unnest(%s::int[]) s",
        [series, city.noon, list(range(600, 1_500, 30))],
    )
    await city.run("insert into late_span values ('a', %s, %s, %s)", [city.at(600), city.at(1_470), city.clock.now()])
    await city.round()
    rows = await city.run(
        "select state, extract(epoch from since - %(noon)s)::int, extract(epoch from until - %(noon)s)::int,"
        " heard_at = %(now)s from device_state where device_id = 'a' order by since",
        {"noon": city.noon, "now": city.clock.now()},
    )
    assert rows == [("up", 0, 600, None), ("down", 600, 1_200, True), ("up", 1_200, None, None)]
    assert await city.run(MESSAGES) == []
    await city.round()
    assert len(await history(city, "a")) == 3


async def test_work_that_was_announced_is_marked_and_holds_pages_back(city: City) -> None:
    await a_line(city)
    await city.run(
        "insert into maintenance (since, until, match, owner, reason, created_at) values (%s, %s, %s, 'ani', 'x', %s)",
        [city.at(0), city.at(300), Jsonb({"below": "b"}), city.noon],
    )
    await cut(city)
    assert await city.run(MESSAGES) == []
    assert [held[:3] for held in await city.run(HELD)] == [
        ("b", "device-down", "maintenance"),
        ("c", "device-down", "b"),
        ("d", "device-down", "b"),
    ]
    assert await city.run("select distinct bucket from device_state where until is null and device_id <> 'a'") == [
        ("maintenance",)
    ]
    for _ in range(30):
        city.clock.pass_(10)
        await heard(city, "a")
    assert await city.run(MESSAGES) == [("firing", "b")], "the work is over, and it did not come back"


async def test_rounds_without_news_write_nothing_but_how_far_was_judged(city: City) -> None:
    await a_line(city)
    city.clock.pass_(5)
    await city.round()
    before = await city.run(
        "select xmin::text, ctid::text from device_state union all select xmin::text, '' from alert"
    )
    for _ in range(3):
        city.clock.pass_(2)
        await city.round()
    after = await city.run("select xmin::text, ctid::text from device_state union all select xmin::text, '' from alert")
    assert after == before
    assert await city.run("select at = %s from judged", [city.clock.now()]) == [(True,)]


async def test_a_device_that_leaves_the_registry_ends_its_history(city: City) -> None:
    await a_line(city)
    city.clock.pass_(10)
    await city.run("delete from device where id = 'd'")
    await city.round()
    assert await history(city, "d") == [("up", 0, 10)]


async def a_feeder(city: City) -> None:
    """Three points that share a feeder without a sensor lose their power, and say so."""
    city.start(settings(DOWN, urls=URLS))
    await city.add("f", kind="feeder")
    for point in ("p", "q", "r"):
        await city.add(point, "f")
    await heard(city, "p", "q", "r")
    city.clock.pass_(5)
    await city.reads("p", 0, metric="on_mains")
    await city.says("offline", "p", "q", "r")
    await city.round()


async def test_the_page_for_a_feeder_without_a_sensor_has_its_resolve_when_the_power_is_back(city: City) -> None:
    await a_feeder(city)
    assert await city.run(MESSAGES) == [("firing", "f")]
    for _ in range(12):
        city.clock.pass_(15)
        await heard(city, "p", "q", "r")
    assert await city.run(MESSAGES) == [("firing", "f"), ("resolved", "f")]
    assert await city.run("select state from incident") == [("resolved",)]


async def test_a_restart_of_ours_in_the_midst_of_a_power_cut_leaves_it_one_outage_of_the_feeder(city: City) -> None:
    await uptime(city, -100, 4_000)
    await a_feeder(city)
    city.clock.pass_(3_600)
    await uptime(city, 3_605, 3_605)
    await city.run("update ingest_uptime set until = %s where since < %s", [city.at(3_585), city.at(0)])
    for _ in range(15):
        await city.run("update ingest_uptime set until = %s where since > %s", [city.clock.now(), city.at(0)])
        await city.round()
        city.clock.pass_(10)
    assert await city.run(STATES) == [
        ("f", "down", None),
        ("p", "unreachable", "f"),
        ("q", "unreachable", "f"),
        ("r", "unreachable", "f"),
    ]
    assert await city.run(MESSAGES) == [("firing", "f")]


async def test_a_row_of_maintenance_that_says_nothing_covers_nothing_and_stops_nobody(city: City) -> None:
    await a_line(city)
    for match in ({}, {"id": None}, {"colour": "green"}):
        await city.run(
            "insert into maintenance (since, until, match, owner, reason, created_at)"
            " values (%s, %s, %s, 'ani', 'x', %s)",
            [city.at(0), city.at(300), Jsonb(match), city.noon],
        )
    await cut(city)
    assert await city.run(MESSAGES) == [("firing", "b")]


async def test_an_engine_that_was_away_invents_no_outage_of_who_reported_all_the_time(city: City) -> None:
    await a_line(city)
    await uptime(city, -100, 10_000)
    for _ in range(10):
        city.clock.pass_(31)
        await heard(city, "a")
    for _ in range(10):
        city.clock.pass_(31)
        await city.reads("a", 0.01, metric="rtt_seconds")
    city.start(settings(DOWN, urls=URLS))
    await city.round()
    assert await history(city, "a") == [("up", 0, None)]


async def test_rows_that_a_clock_set_back_made_overlap_stop_no_round_when_something_is_learned_late(city: City) -> None:
    await a_line(city)
    for _ in range(20):
        city.clock.pass_(30)
        await heard(city, *LINE)
    await city.run(
        "insert into device_state (device_id, since, until, state, reason, bucket)"
        " values ('a', %s, %s, 'down', 'silence', 'down')",
        [city.at(-100), city.at(200)],
    )
    series = (await city.run("select id from series where device_id = 'a'"))[0][0]
    await city.run(
        "insert into reading select %s, %s + s * interval '1 second', 0.01 from unnest(%s::int[]) s",
        [series, city.noon, [-60, -30, -5, 15, 45]],
    )
    await city.run("insert into late_span values ('a', %s, %s, %s)", [city.at(-60), city.at(45), city.clock.now()])
    await city.round()
    rows = await history(city, "a")
    assert all(until == since for (_, _, until), (_, since, _) in pairwise(rows))
    assert rows[-1][2] is None
