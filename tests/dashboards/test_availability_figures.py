"""Whose fault it was: the figures against a reckoning by hand, for any history, any span and any last judgement."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import groupby, pairwise
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.rows import dict_row

from dashboards import queries
from dashboards.availability import counted_of, grouped
from devices.state import Bucket
from tests.dashboards.city import START

SECOND = timedelta(seconds=1)
STATES = {
    Bucket.UP: "up",
    Bucket.DOWN: "down",
    Bucket.UPSTREAM: "unreachable",
    Bucket.MAINTENANCE: "down",
    Bucket.BLIND: "unknown",
    Bucket.POWER: "down",
}
FAILED = {Bucket.DOWN, Bucket.UPSTREAM, Bucket.POWER}
ADD = """
insert into device_state (device_id, since, until, state, cause, reason, bucket)
values ('fp-001', %s, %s, %s, %s, 'heard', %s)
"""
MOMENTS = st.integers(0, 60)
# Where each row begins, the last of them open; and what it counts for.
HISTORIES = st.dictionaries(MOMENTS, st.sampled_from(Bucket), max_size=12).map(lambda rows: sorted(rows.items()))
Row = tuple[int, int, Bucket]


def _tiles(history: list[tuple[int, Bucket]], since: int, until: int) -> list[Row]:
    """What of the history lies in that span."""
    ends = [*(begin for begin, _ in history[1:]), until]
    rows = ((max(begin, since), min(end, until), bucket) for (begin, bucket), end in zip(history, ends, strict=True))
    return [row for row in rows if row[0] < row[1]]


def _runs(tiles: list[Row], buckets: set[Bucket]) -> list[tuple[int, int]]:
    """Stretches without a break in one of these buckets."""
    found = [(failed, list(rows)) for failed, rows in groupby(tiles, key=lambda row: row[2] in buckets)]
    return [(rows[0][0], rows[-1][1]) for failed, rows in found if failed]


@pytest.fixture
def connection(database_url: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(database_url, autocommit=True) as opened:
        opened.execute("insert into device (id, kind, name) values ('fp-001', 'fibre_point', 'FP'), ('fp-2', 'x', '')")
        yield opened


def _store(connection: psycopg.Connection[Any], history: list[tuple[int, Bucket]], judged: int | None) -> None:
    connection.execute("delete from device_state")
    connection.execute("delete from judged")
    if judged is not None:
        connection.execute("insert into judged (at) values (%s)", [START + judged * SECOND])
    for (begin, bucket), (end, _) in pairwise([*history, (None, None)]):
        until = None if end is None else START + end * SECOND
        cause = "fp-000" if bucket is Bucket.UPSTREAM else None
        connection.execute(ADD, [START + begin * SECOND, until, STATES[bucket], cause, bucket])


def _counted(connection: psycopg.Connection[Any], since: int, until: int) -> Mapping[str, Any]:
    span = {"from": START + since * SECOND, "to": START + until * SECOND, "kind": None, "area": None, "id": None}
    with connection.cursor(row_factory=dict_row) as cursor:
        return {row["id"]: counted_of(row) for row in cursor.execute(queries.AVAILABILITY, span)}


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck), database=None, derandomize=True)
@given(history=HISTORIES, since=MOMENTS, length=st.integers(1, 60), judged=st.one_of(st.none(), MOMENTS))
def test_buckets_sum_to_the_span_and_outages_are_counted_as_by_hand(
    connection: psycopg.Connection[Any],
    history: list[tuple[int, Bucket]],
    since: int,
    length: int,
    judged: int | None,
) -> None:
    _store(connection, history, judged)
    counted, until = _counted(connection, since, since + length), since + length
    seen_until = max(since, min(until, -1 if judged is None else judged))
    tiles = _tiles(history, since, seen_until) if history else []
    (row,) = grouped([counted["fp-001"]], "device", length)
    by_hand = {bucket.value: sum(end - begin for begin, end, of in tiles if of is bucket) for bucket in Bucket}
    by_hand["blind"] += length - sum(by_hand.values())
    assert row.seconds.model_dump() == pytest.approx(by_hand)
    assert sum(row.seconds.model_dump().values()) == pytest.approx(length)
    own = _runs(tiles, {Bucket.DOWN})
    ended = [end - begin for begin, end in own if end < seen_until]
    assert (row.outages, row.outages_own) == (len(_runs(tiles, FAILED)), len(own))
    assert row.mttr_seconds == (pytest.approx(sum(ended) / len(ended)) if ended else None)
    assert row.mtbf_seconds == (pytest.approx(by_hand["up"] / len(own)) if own else None)


def test_a_device_without_any_history_was_not_seen(connection: psycopg.Connection[Any]) -> None:
    _store(connection, [(0, Bucket.UP)], judged=60)
    (row,) = grouped([_counted(connection, 0, 60)["fp-2"]], "device", 60)
    assert (row.seconds.blind, row.availability, row.availability_own) == (60, None, None)


def test_what_was_above_or_without_power_is_not_the_devices_own_fault(connection: psycopg.Connection[Any]) -> None:
    story = [(0, Bucket.UP), (10, Bucket.DOWN), (20, Bucket.UP), (30, Bucket.UPSTREAM), (40, Bucket.POWER)]
    _store(connection, [*story, (50, Bucket.MAINTENANCE), (55, Bucket.UP)], judged=60)
    (row,) = grouped([_counted(connection, 0, 60)["fp-001"]], "device", 60)
    assert (row.availability, row.availability_own) == (pytest.approx(25 / 55), pytest.approx(45 / 55))
    assert (row.outages, row.outages_own, row.mttr_seconds, row.mtbf_seconds) == (2, 1, 10, 25)


def test_a_group_is_all_its_devices_together(connection: psycopg.Connection[Any]) -> None:
    _store(connection, [(0, Bucket.UP), (30, Bucket.DOWN)], judged=60)
    counted = list(_counted(connection, 0, 60).values())
    (row,) = grouped(counted, "area", 60)
    assert (row.devices, row.span_seconds) == (2, 120)
    assert sum(row.seconds.model_dump().values()) == pytest.approx(120)
    assert (row.seconds.blind, row.availability) == (60, 0.5)


def test_an_outage_that_goes_on_has_no_length_yet(connection: psycopg.Connection[Any]) -> None:
    """It is counted, but a mean of it would be a guess; nor is one of before, cut by a mark, two."""
    _store(connection, [(0, Bucket.UP), (10, Bucket.DOWN), (15, Bucket.UP), (20, Bucket.DOWN), (40, Bucket.DOWN)], 60)
    (row,) = grouped([_counted(connection, 0, 60)["fp-001"]], "device", 60)
    assert (row.outages_own, row.mttr_seconds) == (2, 5)
