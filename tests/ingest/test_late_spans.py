"""Which event times came late: where a history made of readings is to be reckoned again."""

import json
import time
from collections.abc import AsyncIterator
from typing import Any

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.kinds import KINDS
from devices.reading import Reading
from devices.topics import Grammar
from ingest.intake import Intake, Sorter
from ingest.late import LateSpan, late_spans
from ingest.message import Message
from ingest.store import Store
from tests.centre import Centre, ingesting

Connection = psycopg.AsyncConnection[tuple[Any, ...]]

NOW_MS = 1_795_230_000_000
SORTER = Sorter(
    Grammar(), {"fp-001": KINDS["fibre_point"], "wl-01": KINDS["water_level"], "wl-02": KINDS["water_level"]}
)
FIBRE_MS = int(KINDS["fibre_point"].interval_seconds * 1_000)
WATER_MS = int(KINDS["water_level"].interval_seconds * 1_000)
GOOD = {"fp-001": ("rtt_seconds", 0.01), "wl-01": ("level_metres", 2.5), "wl-02": ("level_metres", 2.5)}


def element(device: str, age_ms: float, *, historical: bool = False) -> dict[str, object]:
    metric, value = GOOD[device]
    return {"ts": NOW_MS - age_ms, "values": {metric: value}, "historical": historical}


def message(device: str, *elements: object, **flags: bool) -> Message:
    payload = json.dumps(elements).encode()
    return Message(f"pantau/v1/{device}/telemetry", payload, len(payload), 7, NOW_MS * 1_000, **flags)


def spans(*messages: Message) -> list[tuple[str, int, int]]:
    """Device, and the ages in milliseconds of the first and the last late event time."""
    found = late_spans(SORTER.sort(messages).late)
    return [(span.device, NOW_MS - span.since_us // 1_000, NOW_MS - span.until_us // 1_000) for span in found]


# Pure.


def test_what_comes_within_an_interval_of_its_kind_is_not_late() -> None:
    assert spans(message("fp-001", element("fp-001", 0), element("fp-001", FIBRE_MS), {"rtt_seconds": 0.01})) == []
    assert spans(message("wl-01", element("wl-01", FIBRE_MS + 1))) == []


@pytest.mark.parametrize(("device", "interval_ms"), [("fp-001", FIBRE_MS), ("wl-01", WATER_MS)])
def test_what_is_a_microsecond_older_than_an_interval_of_its_kind_is_late(device: str, interval_ms: int) -> None:
    late = SORTER.sort([message(device, element(device, interval_ms + 0.001))]).late
    assert [NOW_MS * 1_000 - reading.time_us for reading in late] == [interval_ms * 1_000 + 1]


def test_a_device_with_a_clock_ahead_is_not_late() -> None:
    assert spans(message("fp-001", element("fp-001", -200_000))) == []


def test_history_is_late_at_any_age() -> None:
    assert spans(message("fp-001", element("fp-001", 5, historical=True))) == [("fp-001", 5, 5)]


def test_a_span_reaches_from_the_first_late_time_to_the_last_whatever_their_order() -> None:
    ages = (90_000, 0, 3_600_000, 40_000, 10)
    assert spans(message("fp-001", *(element("fp-001", age) for age in ages))) == [("fp-001", 3_600_000, 40_000)]


def test_of_a_batch_each_device_that_came_late_has_one_span() -> None:
    assert spans(
        message("wl-02", element("wl-02", 100_000)),
        message("fp-001", element("fp-001", 100)),
        message("wl-01", element("wl-01", 300_000)),
        message("wl-02", element("wl-02", 80_000)),
    ) == [("wl-01", 300_000, 300_000), ("wl-02", 100_000, 80_000)]


def test_a_span_is_received_with_the_last_of_its_readings() -> None:
    late = [Reading("fp-001", "rtt_seconds", time_us, 1.0, received_us) for time_us, received_us in ((5, 90), (7, 80))]
    assert late_spans(late) == [LateSpan(device="fp-001", since_us=5, until_us=7, received_us=90)]


@pytest.mark.parametrize(
    "refused",
    [
        {"ts": NOW_MS - 100_000, "values": {"colour": 1}},
        {"ts": NOW_MS - 31 * 86_400_000, "values": {"rtt_seconds": 1}},
        {"ts": NOW_MS - 100_000, "values": {"rtt_seconds": -1}, "historical": True},
    ],
)
def test_where_every_value_is_refused_nothing_came_late(refused: object) -> None:
    assert spans(message("fp-001", element("fp-001", 0), refused)) == []


def test_a_good_value_beside_a_refused_one_came_late_once() -> None:
    values = {"rtt_seconds": 0.01, "colour": 1, "on_mains": True}
    intake = SORTER.sort([message("fp-001", {"ts": NOW_MS - 100_000, "values": values})])
    assert (len(intake.readings), len(intake.late), len(intake.refusals)) == (2, 1, 1)


def test_a_retained_value_without_a_time_is_refused_and_not_late() -> None:
    intake = SORTER.sort([message("fp-001", {"rtt_seconds": 0.01}, retained=True)])
    assert (intake.readings, intake.late, len(intake.refusals)) == ([], [], 1)


@given(st.lists(st.tuples(st.sampled_from(sorted(GOOD)), st.integers(-1_000, 100_000), st.booleans())))
def test_a_reading_lies_within_its_devices_span_exactly_when_it_is_late(drawn: list[tuple[str, int, bool]]) -> None:
    intake = SORTER.sort([message(name, element(name, age, historical=past)) for name, age, past in drawn])
    late: dict[str, list[int]] = {}
    for name, age, past in drawn:
        if past or age > (FIBRE_MS if name == "fp-001" else WATER_MS):
            late.setdefault(name, []).append(age)
    found = [
        (one.device, NOW_MS - one.since_us // 1_000, NOW_MS - one.until_us // 1_000) for one in late_spans(intake.late)
    ]
    assert found == [(name, max(ages), min(ages)) for name, ages in sorted(late.items())]


# On the real table.

SPANS = """
select device_id, extract(epoch from since)::float8, extract(epoch from until)::float8,
       extract(epoch from received_at)::float8
from late_span order by device_id, since
"""


@pytest.fixture
async def connection(database_url: str) -> AsyncIterator[Connection]:
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as connection:
        yield connection


async def stored(connection: Connection) -> list[tuple[Any, ...]]:
    return await (await connection.execute(SPANS)).fetchall()


def mixed() -> Intake:
    return SORTER.sort(
        [
            message("wl-01", element("wl-01", 3_600_000), element("wl-01", 100_000), element("wl-01", 0)),
            message("fp-001", element("fp-001", 0)),
            message("wl-02", element("wl-02", 1_000, historical=True)),
        ]
    )


async def test_a_batch_leaves_its_spans_in_the_transaction_of_its_readings(connection: Connection) -> None:
    await Store(connection, "test").commit(mixed())
    now = NOW_MS / 1_000
    assert await stored(connection) == [("wl-01", now - 3_600, now - 100, now), ("wl-02", now - 1, now - 1, now)]
    together = "select count(*) from late_span join latest using (changed)"
    assert await (await connection.execute(together)).fetchone() == (2 * 2,)


async def test_a_batch_that_came_in_time_leaves_none(connection: Connection) -> None:
    await Store(connection, "test").commit(SORTER.sort([message("fp-001", element("fp-001", 0))]))
    assert await stored(connection) == []


async def test_what_is_delivered_again_may_be_told_again_and_no_reading_is_doubled(connection: Connection) -> None:
    for _ in range(2):
        await Store(connection, "test").commit(mixed())
    assert len(await stored(connection)) == 2 * 2
    assert await (await connection.execute("select count(*) from reading")).fetchone() == (5,)


async def test_a_month_of_a_device_is_one_span(centre: Centre) -> None:
    now = time.time_ns() // 1_000_000
    ages = [minutes * 60_000 for minutes in range(1_000, 1, -1)]
    payload = [{"ts": now - age, "values": {"level_metres": 2.5}} for age in ages]
    async with ingesting(centre):
        await centre.publish("wl-01", json.dumps(payload))
        await centre.publish("fp-001", '{"rtt_seconds": 0.01}')
        await centre.until("select count(*) from reading", (len(ages) + 1,))
    [(device, since, until, received_at)] = await centre.rows(SPANS)
    assert (device, since, until) == ("wl-01", (now - ages[0]) / 1_000, (now - ages[-1]) / 1_000)
    assert now / 1_000 <= float(str(received_at)) <= time.time()
