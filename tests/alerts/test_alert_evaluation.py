"""From readings and the clock to pending, firing, resolved: without a database."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.alert import LEGAL, Alert, Change, EndReason, IllegalTransitionError, State
from alerts.evaluate import evaluate
from alerts.rules.kinds import Rule
from alerts.rules.subject import Subject
from alerts.rules.threshold import Threshold
from alerts.states.evidence import Observed
from devices.device import Device
from devices.state import Limits
from tests.alerts.city import NOON, OPTICAL_LOW, SILENT, after, an_alert, firing, settings

MILLISECOND = timedelta(milliseconds=1)
FIBRE = Device(id="fp-087", kind="fibre_point", name="Kantor Camat Lengkiti", area="Lengkiti")
LIMITS = Limits(interval_seconds=30.0)


def rule(terms: dict[str, Any], **changes: object) -> Rule:
    (parsed,) = settings(terms | changes).rules
    return parsed


def seen(value: float, at: datetime) -> Subject:
    reading = Observed(value=value, at=at)
    return Subject(device=FIBRE, limits=LIMITS, readings={"rx_power_dbm": reading}, last_seen=at)


UNHEARD = Subject(device=FIBRE, limits=LIMITS, readings={}, last_seen=None)


class TestSilence:
    def test_a_device_never_heard_from_is_unknown_and_raises_nothing(self) -> None:
        assert evaluate(rule(SILENT), UNHEARD, None, NOON) is None

    def test_silence_begins_one_moment_after_the_allowed_time_not_at_it(self) -> None:
        heard = seen(-20.0, NOON)
        assert evaluate(rule(SILENT), heard, None, after(90)) is None
        alert = evaluate(rule(SILENT), heard, None, after(90) + MILLISECOND)
        assert alert is not None
        assert (alert.state, alert.starts_at) == (State.FIRING, after(90))
        assert alert.summary == "Kantor Camat Lengkiti: tidak ada data selama 90 detik"

    def test_an_old_value_delivered_now_does_not_end_the_silence(self) -> None:
        alert = firing(starts_at=after(90), evidence_at=NOON)
        assert evaluate(rule(SILENT), seen(-20.0, after(60)), alert, after(400)) is alert

    def test_a_fresh_value_ends_it_at_its_own_time(self) -> None:
        ended = evaluate(rule(SILENT), seen(-20.0, after(200)), firing(starts_at=after(90)), after(201))
        assert ended is not None
        assert (ended.state, ended.ends_at, ended.end_reason) == (State.RESOLVED, after(200), EndReason.CLEARED)

    def test_an_end_learnt_to_lie_before_the_start_is_put_at_the_start(self) -> None:
        ended = evaluate(rule(SILENT), seen(-20.0, after(60)), firing(starts_at=after(90)), after(100))
        assert ended is not None
        assert ended.ends_at == ended.starts_at == after(90)


class TestThreshold:
    def test_for_is_over_at_the_very_millisecond(self) -> None:
        pending = evaluate(rule(OPTICAL_LOW), seen(-28.0, NOON), None, NOON)
        assert pending is not None
        assert pending.state is State.PENDING
        low = seen(-28.5, after(90))
        early = evaluate(rule(OPTICAL_LOW), low, pending, after(120) - MILLISECOND)
        assert early is not None
        assert early.state is State.PENDING
        fired = evaluate(rule(OPTICAL_LOW), low, early, after(120))
        assert fired is not None
        assert (fired.state, fired.starts_at, fired.value) == (State.FIRING, NOON, -28.5)
        assert fired.summary == "Kantor Camat Lengkiti: daya optik -28.5 dBm"

    def test_without_for_it_fires_at_once(self) -> None:
        fired = evaluate(rule(OPTICAL_LOW, **{"for": "0s"}), seen(-28.0, NOON), None, NOON)
        assert fired is not None
        assert fired.state is State.FIRING

    def test_the_bound_itself_is_in_order(self) -> None:
        assert evaluate(rule(OPTICAL_LOW), seen(-27.0, NOON), None, NOON) is None

    @pytest.mark.parametrize(("age", "opens"), [(90, True), (90.001, False)])
    def test_nothing_opens_from_a_reading_older_than_three_intervals(self, age: float, opens: bool) -> None:  # noqa: FBT001  a table's column
        alert = evaluate(rule(OPTICAL_LOW), seen(-28.0, NOON), None, after(age))
        assert (alert is not None) is opens

    def test_nothing_fires_from_an_old_reading_though_for_has_passed(self) -> None:
        pending = an_alert()
        assert evaluate(rule(OPTICAL_LOW), seen(-28.0, NOON), pending, after(121)) is pending

    def test_an_old_good_reading_ends_nothing(self) -> None:
        alert = firing()
        assert evaluate(rule(OPTICAL_LOW), seen(-20.0, NOON), alert, after(91)) is alert

    def test_for_begins_anew_after_a_gap_in_which_nothing_was_seen(self) -> None:
        pending = evaluate(rule(OPTICAL_LOW), seen(-28.0, after(3600)), an_alert(), after(3600))
        assert pending is not None
        assert (pending.state, pending.starts_at) == (State.PENDING, after(3600))

    def test_the_same_reading_twice_changes_nothing(self) -> None:
        pending = an_alert(value=-28.0)
        assert evaluate(rule(OPTICAL_LOW), seen(-28.0, NOON), pending, after(30)) is pending

    def test_between_bound_and_clear_a_fired_alert_stays_and_a_pending_one_ends(self) -> None:
        between = seen(-26.5, after(10))
        alert = firing()
        assert evaluate(rule(OPTICAL_LOW), between, alert, after(10)) is alert
        ended = evaluate(rule(OPTICAL_LOW), between, an_alert(), after(10))
        assert ended is not None
        assert ended.state is State.RESOLVED

    def test_at_clear_it_ends(self) -> None:
        ended = evaluate(rule(OPTICAL_LOW), seen(-26.0, after(10)), firing(), after(10))
        assert ended is not None
        assert ended.state is State.RESOLVED

    def test_above_is_the_mirror_of_below(self) -> None:
        hot = {"name": "hot", "kind": "threshold", "metric": "rx_power_dbm", "above": -10.0, "clear": -11.0}
        alert = evaluate(rule(hot), seen(-9.0, NOON), None, NOON)
        assert alert is not None
        assert evaluate(rule(hot), seen(-10.5, after(1)), alert, after(1)) is alert
        ended = evaluate(rule(hot), seen(-11.0, after(2)), alert, after(2))
        assert ended is not None
        assert ended.state is State.RESOLVED

    def test_an_acknowledged_alert_stays_acknowledged_until_it_clears(self) -> None:
        alert = an_alert(state=State.ACKNOWLEDGED, fired_at=NOON)
        assert evaluate(rule(OPTICAL_LOW), seen(-30.0, after(5)), alert, after(5)) is alert


class TestTransitions:
    def test_resolved_is_final(self) -> None:
        ended = firing().resolve(after(1), EndReason.CLEARED)
        with pytest.raises(IllegalTransitionError, match="resolved cannot become firing"):
            ended.fire(after(2))

    def test_people_hear_of_firing_and_of_the_end_of_what_they_heard_of(self) -> None:
        pending, fired = an_alert(), firing()
        ended = fired.resolve(after(1), EndReason.CLEARED)
        assert not Change(before=None, after=pending).tells
        assert Change(before=None, after=fired).tells
        assert Change(before=pending, after=fired).tells
        assert Change(before=fired, after=ended).tells
        assert not Change(before=pending, after=pending.resolve(after(1), EndReason.CLEARED)).tells


# A step: seconds that pass, and the reading that then arrives with its age, or none.
steps = st.lists(
    st.tuples(
        st.floats(min_value=0, max_value=200),
        st.none() | st.tuples(st.sampled_from([-30.0, -27.0, -26.5, -26.0, -20.0]), st.sampled_from([0, 1, 89, 91])),
    ),
    max_size=40,
)


@given(steps=steps, terms=st.sampled_from([SILENT, OPTICAL_LOW]), hold=st.sampled_from(["0s", "30s", "2m"]))
def test_no_sequence_of_readings_makes_an_illegal_or_untimely_transition(
    steps: list[tuple[float, tuple[float, int] | None]], terms: dict[str, Any], hold: str
) -> None:
    asked = rule(terms) if terms is SILENT else rule(terms, **{"for": hold})
    now, subject, history = NOON, UNHEARD, [None]  # type: tuple[datetime, Subject, list[Alert | None]]
    for seconds, arrived in steps:
        now += timedelta(seconds=seconds)
        if arrived is not None:
            subject = _newer(subject, arrived[0], now - timedelta(seconds=arrived[1]))
        before = history[-1] if history[-1] is None or history[-1].state is not State.RESOLVED else None
        history.append(evaluate(asked, subject, before, now))
        _check_firing(asked, before, history[-1], subject, now)
    _check_path(history)


def _newer(subject: Subject, value: float, at: datetime) -> Subject:
    """As `latest` would have it: an older time changes nothing."""
    return subject if subject.last_seen is not None and at <= subject.last_seen else seen(value, at)


def _check_firing(asked: Rule, before: Alert | None, after_: Alert | None, subject: Subject, now: datetime) -> None:
    if after_ is None or after_.state is not State.FIRING or (before is not None and before.fired):
        return
    assert now - after_.starts_at >= asked.hold
    assert subject.last_seen is not None
    if isinstance(asked, Threshold):
        assert now - subject.last_seen <= subject.trusted_for


def _check_path(history: list[Alert | None]) -> None:
    for before, following in pairwise(history):
        if before is None or following is None:
            assert following is None or following.state in (State.PENDING, State.FIRING)
        elif before.state is State.RESOLVED:
            assert following.state in (State.PENDING, State.FIRING)
            assert following.starts_at >= before.starts_at
        else:
            assert following.state is before.state or following.state in LEGAL[before.state]
        if following is not None and following.ends_at is not None:
            assert following.ends_at >= following.starts_at
