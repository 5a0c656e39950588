"""A value against a bound: no data, keep_firing_for, what is told. Plain values, no database."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from alerts.alert import Alert, EndReason, State
from alerts.evaluate import Held, evaluate
from alerts.rules.kinds import Rule
from alerts.rules.subject import Measured, Subject
from alerts.states.evidence import Observed
from alerts.states.standing import Standing
from devices.device import Device
from devices.state import Bucket, Limits, Reason
from devices.state import State as DeviceState
from tests.alerts.city import NOON, OPTICAL_LOW, after, an_alert, firing, settings

MILLISECOND = timedelta(milliseconds=1)
FIBRE = Device(id="fp-087", kind="fibre_point", name="Kantor Camat", area="Lengkiti", attributes={"tim": "utara"})
NOW_LOW = OPTICAL_LOW | {"for": "0s"}
WINDOW = {"name": "loss", "kind": "window", "metric": "packet_loss_ratio", "above": 0.2, "over": "5m"}


def rule(terms: Mapping[str, Any], **changes: object) -> Rule:
    (parsed,) = settings(dict(terms) | changes).rules
    return parsed


def stands(state: DeviceState, **changes: Any) -> Standing:  # noqa: ANN401  fields of several types
    standing = Standing(state=state, since=NOON, reason=Reason.HEARD, bucket=Bucket.UP, noted_at=NOON)
    return replace(standing, **changes)


def seen(value: float, at: datetime, **changes: Any) -> Subject:  # noqa: ANN401  fields of several types
    readings = {"rx_power_dbm": Observed(value=value, at=at)}
    subject = Subject(device=FIBRE, limits=Limits(interval_seconds=30.0), readings=readings, last_seen=at)
    return replace(subject, standing=stands(DeviceState.UP), **changes)


def found(alert: Alert | Held | None) -> Alert:
    assert isinstance(alert, Alert)
    return alert


class TestNoData:
    """The last reading is of noon, and trusted for 90 s."""

    def test_kept_it_stays_as_it_was(self) -> None:
        alert = firing()
        assert evaluate(rule(NOW_LOW), seen(-20.0, NOON), alert, after(3600)) is alert
        assert evaluate(rule(NOW_LOW), seen(-28.0, NOON), None, after(3600)) is None

    def test_ok_ends_what_was_told_when_the_last_reading_is_no_longer_trusted(self) -> None:
        terms = rule(NOW_LOW, no_data="ok")
        alert = firing()
        assert evaluate(terms, seen(-28.0, NOON), alert, after(90)) is alert
        ended = found(evaluate(terms, seen(-28.0, NOON), alert, after(91)))
        assert (ended.state, ended.ends_at) == (State.RESOLVED, after(90))

    def test_alert_tells_of_it_at_that_very_moment_and_says_so(self) -> None:
        terms = rule(NOW_LOW, no_data="alert")
        assert evaluate(terms, seen(-20.0, NOON), None, after(90)) is None
        told = found(evaluate(terms, seen(-20.0, NOON), None, after(90) + MILLISECOND))
        assert (told.state, told.starts_at, told.value) == (State.FIRING, after(90), None)
        assert told.summary == "Kantor Camat: optical-low, tidak ada data"
        assert terms.due(seen(-20.0, NOON)) == after(90)

    def test_it_is_over_with_the_next_good_reading(self) -> None:
        terms = rule(NOW_LOW, no_data="alert")
        told = found(evaluate(terms, seen(-20.0, NOON), None, after(200)))
        ended = found(evaluate(terms, seen(-20.0, after(300)), told, after(301)))
        assert (ended.state, ended.ends_at) == (State.RESOLVED, after(300))

    def test_for_counts_from_the_moment_there_were_none(self) -> None:
        terms = rule(OPTICAL_LOW, no_data="alert")
        pending = found(evaluate(terms, seen(-20.0, NOON), None, after(91)))
        assert pending.state is State.PENDING
        assert found(evaluate(terms, seen(-20.0, NOON), pending, after(209))).state is State.PENDING
        assert found(evaluate(terms, seen(-20.0, NOON), pending, after(210))).state is State.FIRING

    @pytest.mark.parametrize("policy", ["ok", "alert"])
    @pytest.mark.parametrize(
        "ours",
        [
            {"standing": stands(DeviceState.UNKNOWN)},
            {"seen_until": after(80)},
            {"seeing_since": after(3550)},
        ],
    )
    def test_our_own_blindness_is_never_a_devices_lack_of_data(self, policy: str, ours: dict[str, Any]) -> None:
        blind = replace(seen(-20.0, NOON), **ours)
        assert evaluate(rule(NOW_LOW, no_data=policy), blind, None, after(3600)) is None
        alert = firing()
        assert evaluate(rule(NOW_LOW, no_data=policy), blind, alert, after(3600)) is alert

    def test_what_hangs_on_something_that_failed_is_held_back(self) -> None:
        cut = seen(-20.0, NOON, held_by="fp-001")
        held = evaluate(rule(NOW_LOW, no_data="alert"), cut, None, after(200))
        assert held == Held(cause="fp-001", since=after(90))

    def test_what_was_never_measured_is_no_lack(self) -> None:
        other = replace(seen(-20.0, NOON), readings={})
        assert evaluate(rule(NOW_LOW, no_data="alert"), other, None, after(3600)) is None

    def test_a_rule_may_trust_a_reading_longer_than_the_device_may_be_silent(self) -> None:
        terms = rule(NOW_LOW, max_age="1h")
        assert found(evaluate(terms, seen(-28.0, NOON), None, after(3600))).state is State.FIRING
        assert evaluate(terms, seen(-28.0, NOON), None, after(3600) + MILLISECOND) is None


class TestKeepFiringFor:
    TERMS = rule(NOW_LOW, keep_firing_for="1m")

    def test_it_is_over_when_it_was_in_order_for_so_long_and_ended_when_that_began(self) -> None:
        well = found(evaluate(self.TERMS, seen(-20.0, after(10)), firing(), after(10)))
        assert (well.state, well.well_since) == (State.FIRING, after(10))
        assert evaluate(self.TERMS, seen(-20.0, after(40)), well, after(69)) is well
        ended = found(evaluate(self.TERMS, seen(-20.0, after(70)), well, after(70)))
        assert (ended.state, ended.ends_at, ended.end_reason) == (State.RESOLVED, after(10), EndReason.CLEARED)
        assert ended.well_since is None

    def test_a_relapse_is_the_same_alert_and_it_counts_anew(self) -> None:
        well = found(evaluate(self.TERMS, seen(-20.0, after(10)), firing(), after(10)))
        again = found(evaluate(self.TERMS, seen(-28.0, after(40)), well, after(40)))
        assert (again.state, again.well_since) == (State.FIRING, None)
        assert evaluate(self.TERMS, seen(-28.0, after(40)), again, after(75)) is again

    def test_silence_is_no_good_sign(self) -> None:
        well = found(evaluate(self.TERMS, seen(-20.0, after(10)), firing(), after(10)))
        assert evaluate(self.TERMS, seen(-20.0, after(10)), well, after(3600)) is well

    def test_what_was_told_to_nobody_ends_at_once(self) -> None:
        pending = an_alert()
        assert found(evaluate(self.TERMS, seen(-20.0, after(10)), pending, after(10))).state is State.RESOLVED


class TestWhatIsTold:
    def test_labels_and_annotations_are_filled_in_when_it_fires(self) -> None:
        terms = rule(
            NOW_LOW,
            labels={"team": "{{ device.attributes.tim }}", "layer": "fibre"},
            annotations={"description": "Daya {{ value }} dBm di {{ device.name }}."},
            runbook_url="https://oku.example/runbook#optik",
        )
        told = found(evaluate(terms, seen(-28.0, NOON), None, NOON))
        assert told.labels == {"team": "utara", "layer": "fibre"}
        assert told.annotations == {
            "description": "Daya -28.0 dBm di Kantor Camat.",
            "runbook_url": "https://oku.example/runbook#optik",
        }

    def test_facts_of_the_kind_are_there(self) -> None:
        terms = rule(WINDOW, summary="{{ value | round(2) }} dari {{ count | int }} ukuran")
        measured = {"loss": {"fp-087": Measured(value=0.25, at=NOON, facts=(10.0,))}}
        told = found(evaluate(terms, seen(-20.0, NOON, measured=measured), None, NOON))
        assert told.summary == "0.25 dari 10 ukuran"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"labels": {"device": "x"}}, "device: says which alert it is"),
        ({"labels": {"0x": "x"}}, "labels"),
        ({"labels": {"team": "{{ minutes }}"}}, "team: not a usable template: 'minutes' is undefined"),
        ({"annotations": {"summary": "x"}}, "summary: is a key of the rule itself"),
        ({"annotations": {"description": "{% for i in [1] %}x{% endfor %}"}}, "for is more than a line of text needs"),
        ({"summary": "{{ 'x' * 1000000000 }}"}, "only numbers are multiplied"),
        ({"summary": "{{ device.name.center(1000000000) }}"}, "call is more than a line of text needs"),
        ({"summary": "{{ value | center(1000000000) }}"}, "no filter is called center"),
        ({"summary": "x" * 2_001}, "at most 2000 characters"),
        ({"runbook_url": "javascript:alert(1)"}, "runbook_url"),
        ({"no_data": "panic"}, "no_data"),
        ({"max_age": "0s"}, "must be from 1ms to 30d"),
        ({"match": {"kind": []}}, "match.kind"),
        ({"match": {"kind": ["fibre_point", "fiber"]}}, "no kind of device is called fiber"),
        ({"below": None, "clear": -28.0}, "give either below or above"),
    ],
)
def test_a_fault_is_refused_with_its_key_and_the_reason(change: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match="validation error") as refused:
        rule(OPTICAL_LOW | change)
    assert words in str(refused.value)


def test_all_faults_of_all_rules_are_named_at_once_each_by_its_key() -> None:
    with pytest.raises(ValidationError) as refused:
        settings(
            OPTICAL_LOW | {"for": "soon", "severity": "bad", "clear": -28.0},
            WINDOW | {"metric": "loss", "over": "25h", "above": None},
            {"name": "x", "kind": "magic"},
        )
    assert [fault["loc"] for fault in refused.value.errors()] == [
        ("rules", 0, "threshold", "severity"),
        ("rules", 0, "threshold", "for"),
        ("rules", 0, "threshold", "clear"),
        ("rules", 1, "window", "above"),
        ("rules", 1, "window", "metric"),
        ("rules", 1, "window", "over"),
        ("rules", 2),
    ]


@pytest.mark.parametrize(
    ("match", "fits"),
    [
        ({}, True),
        ({"kind": "fibre_point"}, True),
        ({"kind": ["hotspot", "fibre_point"], "area": ["Ulu Ogan", "Lengkiti"]}, True),
        ({"id": ["fp-087", "fp-088"]}, True),
        ({"kind": ["hotspot"]}, False),
        ({"attributes": {"tim": "utara"}}, True),
        ({"attributes": {"tim": "utara", "tier": 1}}, False),
        ({"attributes": {"tim": "selatan"}}, False),
    ],
)
def test_a_rule_asks_of_all_that_carry_every_value(match: dict[str, Any], fits: bool) -> None:  # noqa: FBT001  a table's column
    assert rule({"name": "x", "kind": "state", "match": match}).match.fits(FIBRE) is fits


def test_a_number_of_the_settings_fits_a_text_of_the_device_list() -> None:
    listed = replace(FIBRE, attributes={"tier": "1", "ups": "true"})
    assert rule({"name": "x", "kind": "state", "match": {"attributes": {"tier": 1, "ups": True}}}).match.fits(listed)
