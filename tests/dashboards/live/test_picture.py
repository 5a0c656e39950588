"""The picture: what is new is told, and nothing twice."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dashboards.live.messages import Change, Topic
from dashboards.live.picture import Found, Picture
from dashboards.shapes import AlertShape, IncidentShape

NOW = datetime(2026, 11, 21, 14, 2, 10, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def _entry(device: str, name: str = "x") -> dict[str, Any]:
    place: dict[str, Any] = {"latitude": None, "longitude": None, "parents": [], "external_ids": {}, "attributes": {}}
    return {"id": device, "kind": "fibre_point", "name": name, "area": "", **place}


def _reading(device: str, time: datetime, value: float = 1.0, metric: str = "rtt_seconds") -> dict[str, Any]:
    return {"device": device, "metric": metric, "time": time, "value": value, "received_at": time}


def _found(
    registry: list[dict[str, Any]] | None = None,
    latest: Sequence[dict[str, Any]] = (),
    standings: Sequence[dict[str, Any]] = (),
    alerts: Sequence[AlertShape] = (),
    incidents: Sequence[IncidentShape] = (),
    judged_at: datetime = NOW,
) -> Found:
    return Found(
        registry=registry,
        latest=latest,
        standings=standings,
        alerts=alerts,
        incidents=incidents,
        judged={"first_device": None, "blind_window": None, "judged_at": judged_at},
    )


def _standing(device: str, state: str = "up", **more: object) -> dict[str, Any]:
    row: dict[str, Any] = {
        "device": device,
        "state": state,
        "since": NOW,
        "cause": None,
        "marks": [],
        "reason": "heard",
    }
    return row | more


def _told(changes: list[Change]) -> list[tuple[Topic, str | None]]:
    return [(change.topic, change.data.get("id") or change.data.get("device")) for change in changes]


def _picture(*devices: str, coalesce_seconds: float = 0) -> Picture:
    picture = Picture(blind_after_seconds=60, judged_fresh_seconds=15, coalesce_seconds=coalesce_seconds)
    picture.take(_found(registry=[_entry(device) for device in devices]), NOW)
    return picture


def test_what_the_engine_makes_of_a_device_is_told_beside_its_reading() -> None:
    changes = _picture("a", "b").take(_found(latest=[_reading("a", NOW)], standings=[_standing("a")]), NOW)
    assert _told(changes) == [(Topic.DEVICE, "a"), (Topic.READING, "a")]


def test_many_metrics_of_a_device_are_one_message() -> None:
    picture = _picture("a")
    picture.take(_found(latest=[_reading("a", NOW)]), NOW)
    both = [_reading("a", NOW + SECOND, 2.0), _reading("a", NOW + SECOND, -20.0, "rx_power_dbm")]
    (change,) = picture.take(_found(latest=both), NOW + SECOND)
    assert (change.topic, set(change.data["latest"])) == (Topic.READING, {"rtt_seconds", "rx_power_dbm"})


def test_a_row_that_comes_twice_is_told_once() -> None:
    picture = _picture("a")
    picture.take(_found(latest=[_reading("a", NOW)]), NOW)
    assert picture.take(_found(latest=[_reading("a", NOW)]), NOW) == []


def test_another_cause_or_mark_is_told_and_the_same_standing_is_not() -> None:
    picture = _picture("a", "b")
    picture.take(_found(standings=[_standing("a")]), NOW)
    assert picture.take(_found(standings=[_standing("a")]), NOW) == []
    (change,) = picture.take(_found(standings=[_standing("a", "unreachable", cause="b")]), NOW)
    assert (change.data["state"], change.data["cause"]) == ("unreachable", "b")
    (change,) = picture.take(_found(standings=[_standing("a", "unreachable", cause="b", marks=["flapping"])]), NOW)
    assert change.data["marks"] == ["flapping"]


def test_when_the_engine_falls_silent_every_device_is_unknown_and_back_when_it_speaks() -> None:
    picture = _picture("a", "b")
    picture.take(_found(standings=[_standing("a"), _standing("b", "down")]), NOW)
    later = NOW + 16 * SECOND
    changes = picture.take(_found(), later)
    assert [(change.data["id"], change.data["state"], change.data["since"]) for change in changes] == [
        ("a", "unknown", NOW),
        ("b", "unknown", NOW),
    ]
    assert picture.scene(later).summary.blind_since == NOW
    back = picture.take(_found(judged_at=later), later)
    assert [change.data["state"] for change in back] == ["up", "down"]


def test_a_removed_device_and_a_renamed_one_are_told() -> None:
    picture = _picture("a", "b", "c")
    changes = picture.take(_found(registry=[_entry("b", "new"), _entry("c")]), NOW)
    assert _told(changes) == [(Topic.DEVICE, "a"), (Topic.DEVICE, "b")]
    assert (changes[0].data, changes[1].data["name"]) == ({"id": "a", "removed": True}, "new")


def test_readings_of_a_device_outside_the_registry_are_nobodys() -> None:
    assert _picture("a").take(_found(latest=[_reading("stranger", NOW)]), NOW) == []


def test_readings_of_a_device_are_told_once_a_second_the_newest_of_each_metric_and_the_last_always() -> None:
    picture = _picture("a", "b", coalesce_seconds=1)
    tenth = timedelta(seconds=0.1)
    told = [picture.take(_found(latest=[_reading("a", NOW + n * tenth, n)]), NOW + n * tenth) for n in range(13)]
    values = [
        (n, change.data["latest"]["rtt_seconds"]["value"]) for n, changes in enumerate(told) for change in changes
    ]
    assert values == [(0, 0), (10, 10)]
    now = NOW + 12 * tenth
    assert picture.seconds_to_wait(now) == pytest.approx(0.8)
    assert picture.readings_due(now) == []
    (last,) = picture.readings_due(NOW + 20 * tenth)
    assert last.data["latest"]["rtt_seconds"] == {"value": 12, "time": now}
    assert picture.seconds_to_wait(now) is None


def test_a_state_is_told_at_once_though_readings_are_held() -> None:
    picture = _picture("a", coalesce_seconds=1)
    picture.take(_found(latest=[_reading("a", NOW)], standings=[_standing("a")]), NOW)
    now = NOW + timedelta(seconds=0.1)
    changes = picture.take(_found(latest=[_reading("a", now)], standings=[_standing("a", "down")]), now)
    assert _told(changes) == [(Topic.DEVICE, "a")]
    assert changes[0].data["latest"]["rtt_seconds"]["time"] == now


def test_the_newest_reading_of_the_city_is_no_newer_than_its_receipt() -> None:
    picture = _picture("a")
    ahead = _reading("a", NOW + SECOND) | {"received_at": NOW}
    picture.take(_found(latest=[ahead, _reading("stranger", NOW - SECOND)]), NOW)
    assert picture.scene(NOW).summary.newest_reading == NOW
