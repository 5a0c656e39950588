"""The picture: what is new is told, and nothing twice."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from dashboards.messages import Change, Topic
from dashboards.picture import Found, Picture
from dashboards.shapes import AlertShape

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
    words: Sequence[dict[str, Any]] = (),
    alerts: Sequence[AlertShape] = (),
) -> Found:
    newest = {"newest_reading": None, "newest_receipt": None, "first_device": None}
    return Found(
        horizon="1", registry_print=(1, 1), registry=registry, latest=latest, words=words, alerts=alerts, newest=newest
    )


def _told(changes: list[Change]) -> list[tuple[Topic, str | None]]:
    return [(change.topic, change.data.get("id") or change.data.get("device")) for change in changes]


def _picture(*devices: str) -> Picture:
    picture = Picture(blind_after_seconds=60)
    picture.take(_found(registry=[_entry(device) for device in devices]), NOW)
    return picture


def test_a_reading_brings_a_device_up_and_is_told() -> None:
    changes = _picture("a", "b").take(_found(latest=[_reading("a", NOW)]), NOW)
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


def test_silence_is_told_though_nothing_arrived() -> None:
    picture = _picture("a", "b")
    picture.take(_found(latest=[_reading("a", NOW)]), NOW)
    (change,) = picture.take(_found(), NOW + 91 * SECOND)
    assert (change.topic, change.data["id"], change.data["state"]) == (Topic.DEVICE, "a", "down")


def test_a_removed_device_and_a_renamed_one_are_told() -> None:
    picture = _picture("a", "b", "c")
    changes = picture.take(_found(registry=[_entry("b", "new"), _entry("c")]), NOW)
    assert _told(changes) == [(Topic.DEVICE, "a"), (Topic.DEVICE, "b")]
    assert (changes[0].data, changes[1].data["name"]) == ({"id": "a", "removed": True}, "new")


def test_readings_of_a_device_outside_the_registry_are_nobodys() -> None:
    assert _picture("a").take(_found(latest=[_reading("stranger", NOW)]), NOW) == []
