"""Panic buttons and doors: when an event begins an alert, and when that is over."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.alert import Alert, State
from alerts.evaluate import evaluate
from alerts.rules.event import Event
from alerts.rules.subject import Subject
from devices.device import Device
from devices.state import Limits
from tests.alerts.city import NOON, after, settings

PANIC = {"name": "panic", "kind": "event", "event": "panic_button", "severity": "critical"}
DOOR = {"name": "door", "kind": "event", "event": "door_open", "clear_event": "door_closed", "for": "1m"}
CABINET = Device(id="fp-001", kind="fibre_point", name="Kabinet", area="Lengkiti")


def rule(terms: dict[str, Any], **changes: object) -> Event:
    (parsed,) = settings(terms | changes).rules
    assert isinstance(parsed, Event)
    return parsed


def happened(spent: datetime | None = None, **events: datetime) -> Subject:
    subject = Subject(device=CABINET, limits=Limits(interval_seconds=30.0), events=events)
    return subject if spent is None else replace(subject, spent={"panic": spent, "door": spent})


def told(terms: Event, subject: Subject, alert: Alert | None, now: datetime) -> Alert:
    found = evaluate(terms, subject, alert, now)
    assert isinstance(found, Alert)
    return found


def test_a_panic_button_is_told_at_once_with_its_own_time() -> None:
    alert = told(rule(PANIC), happened(panic_button=NOON), None, after(20))
    assert (alert.state, alert.starts_at, alert.summary) == (State.FIRING, NOON, "Kabinet: panic")


def test_one_heard_too_late_is_told_to_nobody() -> None:
    assert evaluate(rule(PANIC), happened(panic_button=NOON), None, after(301)) is None
    assert evaluate(rule(PANIC, max_age="10m"), happened(panic_button=NOON), None, after(301)) is not None


def test_it_is_over_after_keep_firing_for_and_the_same_event_raises_no_other() -> None:
    alert = told(rule(PANIC), happened(panic_button=NOON), None, NOON)
    assert evaluate(rule(PANIC), happened(panic_button=NOON), alert, after(599)) is alert
    ended = told(rule(PANIC), happened(panic_button=NOON), alert, after(600))
    assert (ended.state, ended.ends_at) == (State.RESOLVED, after(600))
    patient = rule(PANIC, max_age="1h")
    assert evaluate(patient, happened(panic_button=NOON, spent=NOON), None, after(601)) is None
    assert evaluate(patient, happened(panic_button=after(602), spent=NOON), None, after(603)) is not None


def test_pressed_again_it_is_the_same_alert_and_lasts_from_there() -> None:
    alert = told(rule(PANIC), happened(panic_button=NOON), None, NOON)
    again = told(rule(PANIC), happened(panic_button=after(500)), alert, after(501))
    assert (again.state, again.starts_at, again.evidence_at) == (State.FIRING, NOON, after(500))
    assert evaluate(rule(PANIC), happened(panic_button=after(500)), again, after(1_099)) is again
    assert told(rule(PANIC), happened(panic_button=after(500)), again, after(1_100)).state is State.RESOLVED


def test_a_door_that_is_closed_in_time_is_told_to_nobody() -> None:
    pending = told(rule(DOOR), happened(door_open=NOON), None, NOON)
    assert pending.state is State.PENDING
    closed = told(rule(DOOR), happened(door_open=NOON, door_closed=after(30)), pending, after(30))
    assert (closed.state, closed.fired) == (State.RESOLVED, False)
    assert told(rule(DOOR), happened(door_open=NOON), pending, after(60)).state is State.FIRING


def test_a_door_ends_when_it_is_closed() -> None:
    pending = told(rule(DOOR), happened(door_open=NOON), None, NOON)
    alert = told(rule(DOOR), happened(door_open=NOON), pending, after(60))
    ended = told(rule(DOOR), happened(door_open=NOON, door_closed=after(90)), alert, after(91))
    assert (ended.state, ended.ends_at) == (State.RESOLVED, after(90))


def test_opened_and_closed_in_the_same_millisecond_it_is_closed() -> None:
    assert evaluate(rule(DOOR, **{"for": "0s"}), happened(door_open=NOON, door_closed=NOON), None, NOON) is None


def test_closed_before_it_was_opened_it_is_open() -> None:
    assert evaluate(rule(DOOR), happened(door_open=after(1), door_closed=NOON), None, after(2)) is not None


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"clear_event": "door_open"}, "must be another type than event"),
        ({"for": "5m"}, "max_age\n.*must be longer than for"),
        ({"event": "Door open"}, "event"),
    ],
)
def test_what_could_never_work_is_refused(change: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        rule(DOOR | change)


@given(
    presses=st.lists(st.tuples(st.floats(0, 400), st.floats(0, 900)), min_size=1, max_size=30),
)
def test_nothing_is_ever_told_of_an_event_older_than_allowed_or_of_one_told_before(
    presses: list[tuple[float, float]],
) -> None:
    """Each step: so much later, an event of such an age is heard."""
    terms, now = rule(PANIC), NOON
    subject, alert = happened(), None  # type: tuple[Subject, Alert | None]
    spent: datetime | None = None
    for passed, age in presses:
        now += after(passed) - NOON
        at = max(now - (after(age) - NOON), subject.events.get("panic_button", NOON))
        subject = happened(spent, panic_button=at)
        found = evaluate(terms, subject, alert, now)
        assert not found or isinstance(found, Alert)
        if found is not None and found.fired and alert is None:
            assert now - found.starts_at <= terms.max_age
            assert spent is None or found.starts_at > spent
        if found is not None and found.state is State.RESOLVED:
            spent, found = found.evidence_at, None
        alert = found
