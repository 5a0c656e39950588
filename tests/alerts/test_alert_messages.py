"""What a receiver is sent, and when it is tried again."""

from datetime import timedelta
from typing import Any

import pytest

from alerts.alert import Alert, EndReason
from alerts.notify.backoff import GIVE_UP_AFTER, retry_at
from alerts.notify.channels.exchange import retry_after
from alerts.notify.message import compose, fingerprint
from tests.alerts.city import NOON, after, firing

LABELS = {
    "alertname": "optical-low",
    "device": "fp-087",
    "kind": "fibre_point",
    "area": "Lengkiti",
    "severity": "warning",
}


def told(*alerts: Alert, url: str = "", title: str | None = None) -> dict[str, Any]:
    return compose(alerts, key={"incident": "41"}, receiver="ops", external_url=url, title=title)


def test_the_body_is_alertmanagers_version_4_to_the_letter() -> None:
    body = told(firing(id=7, summary="redup"), url="https://pantau.example")
    assert body == {
        "version": "4",
        "groupKey": '{}:{incident="41"}',
        "truncatedAlerts": 0,
        "status": "firing",
        "receiver": "ops",
        "groupLabels": {"incident": "41"},
        "commonLabels": LABELS,
        "commonAnnotations": {"summary": "redup"},
        "externalURL": "https://pantau.example",
        "alerts": [
            {
                "status": "firing",
                "labels": LABELS,
                "annotations": {"summary": "redup"},
                "startsAt": "2026-03-02T05:00:00Z",
                "endsAt": "0001-01-01T00:00:00Z",
                "generatorURL": "https://pantau.example/api/v1/alerts/7",
                "fingerprint": fingerprint(LABELS),
            }
        ],
    }


def test_a_resolve_carries_the_same_identity_and_says_when_and_why() -> None:
    alert = firing(id=7)
    before = told(alert)["alerts"][0]
    ended = told(alert.resolve(after(5.5), EndReason.RULE_REMOVED))
    (one,) = ended["alerts"]
    assert (ended["status"], one["status"]) == ("resolved", "resolved")
    assert one["endsAt"] == "2026-03-02T05:00:05.500000Z"
    assert one["annotations"]["description"] == "Aturan ini sudah dihapus."
    assert all(one[key] == before[key] for key in ("labels", "startsAt", "fingerprint"))


def test_a_group_fires_while_any_of_it_does_and_says_in_common_what_all_say() -> None:
    ended = firing(id=8, device="fp-088", summary="redup").resolve(after(9), EndReason.CLEARED)
    body = told(firing(id=7, summary="redup"), ended)
    assert (body["status"], [one["status"] for one in body["alerts"]]) == ("firing", ["firing", "resolved"])
    assert body["commonLabels"] == {name: value for name, value in LABELS.items() if name != "device"}
    assert body["commonAnnotations"] == {"summary": "redup"}


def test_a_body_has_a_bound_and_says_what_it_left_out() -> None:
    body = told(*(firing(id=number, device=f"fp-{number}") for number in range(130)))
    assert (len(body["alerts"]), body["truncatedAlerts"]) == (100, 30)


def test_labels_and_annotations_of_the_rule_are_told_but_none_takes_the_place_of_who_it_is() -> None:
    labels = {"team": "jaringan", "device": "another"}
    annotations = {"summary": "another", "description": "Bersihkan konektor.", "runbook_url": "https://oku.example/run"}
    alert = firing(id=7, summary="redup", labels=labels, annotations=annotations)
    (one,) = told(alert, title="an incident")["alerts"]
    assert one["labels"] == LABELS | {"team": "jaringan"}
    assert one["annotations"] == annotations | {"summary": "redup"}


def test_the_fingerprint_is_prometheuss_own() -> None:
    # The vectors of prometheus/common, model/signature_test.go.
    assert int(fingerprint({}), 16) == 14695981039346656037
    assert int(fingerprint({"name": "garland, briggs", "fear": "love is not enough"}), 16) == 5799056148416392346


def test_waits_double_up_to_five_minutes() -> None:
    def wait(attempts: int) -> float:
        again = retry_at(NOON, attempts=attempts, since=NOON, asked=None, jitter=lambda: 1.0)
        assert again is not None
        return (again - NOON).total_seconds()

    assert [wait(attempts) for attempts in (1, 2, 3, 9, 10, 10_000)] == [1, 2, 4, 256, 300, 300]


def test_jitter_takes_up_to_half_of_a_wait() -> None:
    assert retry_at(NOON, attempts=5, since=NOON, asked=None, jitter=lambda: 0.0) == after(8)


@pytest.mark.parametrize(("asked", "waits"), [(0.1, 1), (30, 30), (86_000, 3_600)])
def test_what_the_receiver_asks_for_is_the_least_up_to_an_hour(asked: float, waits: float) -> None:
    again = retry_at(NOON, attempts=1, since=NOON, asked=timedelta(seconds=asked), jitter=lambda: 1.0)
    assert again == after(waits)


def test_after_a_day_it_is_given_up() -> None:
    assert retry_at(NOON, attempts=300, since=NOON - GIVE_UP_AFTER, asked=None, jitter=lambda: 1.0) is None


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        ("Mon, 02 Mar 2026 05:00:30 GMT", 30),
        ("Mon, 02 Mar 2026 04:00:00 GMT", None),
        ("Mon, 02 Mar 2026 05:00:30 -0000", None),
        ("soon", None),
        ("Mon, 02 Mar 2026 05:00:30 +99999999999999", None),
        ("-5", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_seconds_or_a_date_to_come(header: str | None, seconds: float | None) -> None:
    assert retry_after(header, NOON) == (None if seconds is None else timedelta(seconds=seconds))
