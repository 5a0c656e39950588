"""Alerts from a Prometheus: when they fire, when they end, whose they are, and that none is doubled."""

from datetime import datetime
from typing import Any

import pytest

from alerts import desk
from alerts.alert import Severity
from alerts.desk import Said
from alerts.outside import rows
from alerts.outside.sent import Sent
from tests.alerts.city import NOON, SILENT, City, after, settings

URLS = {"ops": "http://127.0.0.1:9/"}
LABELS = {"alertname": "DiskFull", "instance": "db-1:9100", "severity": "page", "mountpoint": "/var"}
ALERTS = "select rule, device, state, starts_at, ends_at, end_reason from alert order by id"
MESSAGES = "select body ->> 'status', channel, sequence from notification order by id"


def sent(
    now: datetime,
    *,
    starts: float | None = 0,
    ends: float | None = 240,
    labels: dict[str, str] = LABELS,
    **more: Any,  # noqa: ANN401  fields of several types
) -> Sent:
    terms = {"annotations": {"summary": "Disk penuh", "runbook_url": "https://r.example"}, "generator_url": ""}
    moments = {"starts_at": None if starts is None else after(starts), "ends_at": None if ends is None else after(ends)}
    return Sent.at(now, labels=labels, **{**terms, **moments, **more})


async def send(city: City, *alerts: Sent) -> None:
    async with city.pool.connection() as connection, connection.transaction():
        await rows.receive(connection, alerts)


RULE = sent(NOON).rule


def test_an_alert_is_the_same_by_its_labels_and_is_about_a_device_where_it_names_one() -> None:
    assert sent(NOON).rule == f"prometheus:DiskFull:{sent(NOON).fingerprint[:8]}"
    assert sent(NOON).fingerprint == sent(NOON, labels={**LABELS, "empty": ""}, starts=9, annotations={}).fingerprint
    assert sent(NOON).device == "db-1:9100"
    assert sent(NOON, labels={**LABELS, "device": "fp-1"}).key[1] == "fp-1"
    assert sent(NOON, labels={"alertname": "Watchdog"}).key[1] == "prometheus"


@pytest.mark.parametrize(
    ("label", "severity"),
    [
        ("critical", Severity.CRITICAL),
        ("page", Severity.CRITICAL),
        ("Warning", Severity.WARNING),
        ("info", Severity.INFO),
        ("sev-3", Severity.WARNING),
        ("", Severity.WARNING),
    ],
)
def test_its_severity_is_ours_where_it_is_one_of_ours_and_else_warning(label: str, severity: Severity) -> None:
    assert sent(NOON, labels={**LABELS, "severity": label}).opened(None, NOON).severity is severity


async def test_it_fires_at_once_and_while_it_is_refreshed_and_ends_when_it_is_not(city: City) -> None:
    city.start(settings(urls=URLS))
    await send(city, sent(NOON))
    await city.round()
    for at in (60, 200, 290):
        city.clock.moment = after(at)
        await send(city, sent(city.clock.now(), ends=at + 240))
        await city.round()
    assert await city.run(ALERTS) == [(RULE, "db-1:9100", "firing", NOON, None, None)]
    city.clock.moment = after(531)
    await city.round()
    assert await city.run(ALERTS) == [(RULE, "db-1:9100", "resolved", NOON, after(530), "cleared")]
    assert await city.run(MESSAGES) == [("firing", "ops", 1), ("resolved", "ops", 2)]
    assert await city.run("select count(*) from outside_alert") == [(0,)]


async def test_what_its_sender_says_is_over_is_over_and_saying_so_again_opens_nothing(city: City) -> None:
    city.start(settings(urls=URLS))
    await send(city, sent(NOON))
    await city.round()
    city.clock.pass_(30)
    for _ in range(3):
        await send(city, sent(city.clock.now(), ends=25))
        await city.round()
    assert await city.run(ALERTS) == [(RULE, "db-1:9100", "resolved", NOON, after(25), "cleared")]
    assert await city.run("select state from incident") == [("resolved",)]


async def test_nothing_fires_twice_or_from_the_past_because_the_engine_was_away(city: City) -> None:
    city.start(settings(urls=URLS))
    await send(city, sent(NOON))
    await city.round()
    city.start(settings(urls=URLS))
    await city.round()
    assert len(await city.run(ALERTS)) == 1
    await send(city, sent(NOON, labels={"alertname": "Short"}, ends=10))
    city.clock.pass_(300)
    city.start(settings(urls=URLS))
    await city.round()
    assert [row[2] for row in await city.run(ALERTS)] == ["resolved"]
    assert await city.run(MESSAGES) == [("firing", "ops", 1), ("resolved", "ops", 2)]


async def test_without_an_end_it_ends_five_minutes_after_it_was_last_sent(city: City) -> None:
    city.start(settings())
    await send(city, sent(NOON, starts=None, ends=None))
    await city.round()
    city.clock.moment = after(299)
    await city.round()
    assert [row[2] for row in await city.run(ALERTS)] == ["firing"]
    city.clock.moment = after(300)
    await city.round()
    assert [row[2:5] for row in await city.run(ALERTS)] == [("resolved", NOON, after(300))]


async def test_what_ended_and_began_again_between_two_looks_is_two_alerts(city: City) -> None:
    city.start(settings())
    await send(city, sent(NOON))
    await city.round()
    city.clock.pass_(30)
    await send(city, sent(after(10), ends=10))
    await send(city, sent(after(30), starts=20))
    for _ in range(2):
        await city.round()
    assert [row[2:5] for row in await city.run(ALERTS)] == [
        ("resolved", NOON, after(20)),
        ("firing", after(20), None),
    ]


async def test_two_prometheis_who_began_to_see_it_at_different_times_are_one_alert(city: City) -> None:
    city.start(settings())
    for at in range(0, 90, 15):
        city.clock.moment = after(at)
        await send(city, sent(city.clock.now(), starts=-7 if at % 2 else -3, ends=at + 240))
        await city.round()
    assert [row[2] for row in await city.run(ALERTS)] == ["firing"]


async def test_a_senders_clock_that_runs_ahead_is_not_believed_beyond_the_receipt(city: City) -> None:
    city.start(settings())
    for at in (0, 60, 120):
        city.clock.moment = after(at)
        await send(city, sent(city.clock.now(), starts=90, ends=at + 330))
        await city.round()
    assert [row[2:4] for row in await city.run(ALERTS)] == [("firing", NOON)]


async def test_it_has_its_labels_and_words_and_the_kind_and_area_of_its_device(city: City) -> None:
    city.start(settings())
    await city.add("fp-1")
    await city.reads("fp-1", -20.0)
    url = "http://prometheus.example/graph?g0.expr=x"
    labels = {**LABELS, "device": "fp-1", "area": "elsewhere"}
    await send(city, sent(NOON, labels=labels, generator_url=url))
    await city.round()
    columns = "kind, area, severity, summary, labels, annotations, incident_id"
    assert await city.run(f"select {columns} from alert") == [  # noqa: S608  our own words
        (
            "fibre_point",
            "Lengkiti",
            "critical",
            "Disk penuh",
            labels,
            {"runbook_url": "https://r.example", "generator_url": url},
            1,
        )
    ]


async def test_it_joins_the_incident_of_its_device(city: City) -> None:
    city.start(settings(SILENT))
    await city.add("fp-1")
    await city.reads("fp-1", -20.0)
    city.clock.pass_(91)
    await city.round()
    await send(city, sent(city.clock.now(), labels={**LABELS, "device": "fp-1"}, ends=900))
    await city.round()
    assert await city.run("select count(*), count(distinct incident_id) from alert") == [(2, 1)]


async def test_work_announced_on_its_device_holds_it_back_and_when_that_is_over_it_is_told(city: City) -> None:
    city.start(settings())
    await city.add("fp-1")
    await city.reads("fp-1", -20.0)
    await city.run(
        "insert into maintenance (since, until, match, owner, reason, created_at)"
        """ values (%s, %s, '{"id": "fp-1"}', 'x', 'x', %s)""",
        [after(-10), after(50), NOON],
    )
    for at in (0, 1, 49):
        city.clock.moment = after(at)
        await send(city, sent(city.clock.now(), labels={**LABELS, "device": "fp-1"}))
        await city.round()
    assert await city.run(ALERTS) == []
    assert await city.run("select cause, until from suppression") == [("maintenance", None)]
    city.clock.moment = after(51)
    await city.round()
    await city.round()
    assert [row[2] for row in await city.run(ALERTS)] == ["firing"]
    assert await city.run("select cause, until is null from suppression") == [("maintenance", False)]


async def test_what_was_ended_by_hand_is_told_again_only_when_it_is_sent_again(city: City) -> None:
    city.start(settings())
    await send(city, sent(NOON))
    await city.round()
    async with city.pool.connection() as connection:
        await desk.resolve(connection, [1], Said(who="sari", at=after(1)))
    for at in (2, 3):
        city.clock.moment = after(at)
        await city.round()
    assert [row[2] for row in await city.run(ALERTS)] == ["resolved"]
    city.start(settings())
    await city.round()
    assert [row[2] for row in await city.run(ALERTS)] == ["resolved"]
    await send(city, sent(after(60)))
    await city.round()
    assert [row[2] for row in await city.run(ALERTS)] == ["resolved", "firing"]


async def test_a_row_taken_away_by_hand_ends_its_alert(city: City) -> None:
    city.start(settings())
    await send(city, sent(NOON))
    await city.round()
    await city.run("delete from outside_alert")
    city.start(settings())
    city.clock.pass_(1)
    await city.round()
    assert [row[2] for row in await city.run(ALERTS)] == ["resolved"]


async def test_what_is_sent_anew_while_a_round_forgets_it_is_not_forgotten(city: City) -> None:
    city.start(settings())
    await send(city, sent(NOON))
    await city.round()
    await send(city, sent(after(30), ends=30))
    city.clock.moment = after(31)
    async with city.pool.connection() as connection:
        await city.reader.look(connection, city.clock.now())
        city.reader.inbox.round(city.reader.view, city.reader.alerts, city.clock.now())
        await send(city, sent(after(32), starts=32))
        await rows.forget(connection, city.reader.inbox)
    assert await city.run("select ends_at from outside_alert") == [(after(240),)]


async def test_more_than_are_known_at_a_time_are_refused_whole(city: City) -> None:
    with pytest.raises(rows.TooManyError):
        await send(city, *(sent(NOON, labels={"alertname": f"a{number}"}) for number in range(rows.MOST + 1)))
    assert await city.run("select count(*) from outside_alert") == [(0,)]
