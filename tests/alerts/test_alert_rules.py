"""What may stand in city.toml, and what is refused with which words."""

import tomllib
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from alerts.alert import Severity
from alerts.duration import parse_duration, write_duration
from alerts.rules.silence import Silence
from alerts.rules.threshold import Threshold
from alerts.settings import AlertSettings
from alerts.summary import summarise
from devices.device import Device
from tests.alerts.city import OPTICAL_LOW, SILENT, settings

CONTRACT = """
[[rules]]
name = "optical-low"
kind = "threshold"
metric = "rx_power_dbm"
below = -27.0
clear = -26.0
for = "2m"
severity = "warning"
match = { kind = "fibre_point", area = "Lengkiti" }
summary = "{{ device.name }}: daya optik {{ value }} dBm"

[[channels]]
name = "ops"
kind = "webhook"
url = "https://example.org/hook"

[[routes]]
match = { severity = "critical" }
channels = ["ops"]
group_by = ["incident"]
"""


def refusal(**lists: list[dict[str, Any]]) -> str:
    with pytest.raises(ValidationError) as refused:
        AlertSettings.model_validate(lists)
    (fault,) = refused.value.errors()
    return f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}"


def test_the_example_of_the_contract_loads() -> None:
    wanted = AlertSettings.model_validate(tomllib.loads(CONTRACT))
    (rule,) = wanted.rules
    assert isinstance(rule, Threshold)
    assert (rule.hold, rule.severity) == (timedelta(minutes=2), Severity.WARNING)


def test_a_silence_is_three_own_intervals_unless_given_as_a_duration_or_a_number_of_intervals() -> None:
    def allowed(**after: object) -> timedelta:
        (rule,) = settings(SILENT | after).rules
        assert isinstance(rule, Silence)
        return rule.allowed(30.0)

    assert allowed() == timedelta(seconds=90)
    assert allowed(after="5m") == timedelta(minutes=5)
    assert allowed(after=10) == timedelta(minutes=5)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"above": -20.0}, "give either below or above"),
        ({"below": None}, "give either below or above"),
        ({"clear": -28.0}, "clear must lie on the healthy side"),
        ({"below": float("nan")}, "finite number"),
        ({"metric": "level_metres"}, "no fibre_point has a metric level_metres"),
        ({"match": {"kind": "fiber"}}, "rules.0.threshold.match.kind: Value error, no kind of device is called fiber"),
        ({"match": {"areas": "x"}}, "rules.0.threshold.match.areas: Extra inputs are not permitted"),
        ({"for": "2 minutes"}, 'rules.0.threshold.for: Value error, must be a duration such as "30s"'),
        ({"for": 120}, "must be a duration"),
        ({"for": "31d"}, "at most 30 days"),
        ({"severity": "fatal"}, "rules.0.threshold.severity"),
        ({"summary": "{{ device.name }"}, "rules.0.threshold.summary: Value error, not a usable template"),
        ({"summary": "{{ device.nmae }}"}, "has no attribute 'nmae'"),
        ({"summary": "{{ device.__class__.__mro__ }}"}, "not a usable template"),
        ({"summary": "{{ " + "(" * 300 + "1" + ")" * 300 + " }}"}, "not a usable template"),
        ({"kind": "magic"}, "does not match any of the expected tags: 'anomaly', 'delay', 'event'"),
        ({"name": "Optical low"}, "rules.0.threshold.name"),
        ({"unit": "dBm"}, "rules.0.threshold.unit: Extra inputs are not permitted"),
    ],
)
def test_a_faulty_rule_is_refused_with_its_key_and_the_reason(change: dict[str, Any], words: str) -> None:
    assert words in refusal(rules=[OPTICAL_LOW | change])


def test_a_silence_of_no_length_is_refused() -> None:
    assert "longer than nothing" in refusal(rules=[SILENT | {"after": "0s"}])


def test_two_rules_of_one_name_are_refused() -> None:
    assert "the name silent stands twice" in refusal(rules=[SILENT, SILENT])


def test_a_route_to_a_channel_that_does_not_exist_is_refused() -> None:
    assert "routes.0.channels: no channel is called ops" in refusal(routes=[{"channels": ["ops"]}])


@pytest.mark.parametrize(
    "channel", [{"kind": "telegram", "token": "1:very-secret"}, {"kind": "sms_modem", "port": "/dev/ttyUSB0"}]
)
def test_two_channels_that_would_hear_each_others_replies_are_refused(channel: dict[str, Any]) -> None:
    said = refusal(channels=[channel | {"name": "one"}, channel | {"name": "two"}])
    assert "channels.1: replies are heard there by one already" in said
    assert "very-secret" not in said


@pytest.mark.parametrize(
    ("match", "words"),
    [
        ({"severity": "fatal"}, "routes.0.match: Value error, no severity is called fatal; known are info, warning"),
        ({"kind": "fiber"}, "routes.0.match: Value error, no kind of device is called fiber"),
        ({"team": "net"}, "routes.0.match.team"),
    ],
)
def test_a_route_that_could_never_fit_is_refused(match: dict[str, str], words: str) -> None:
    assert words in refusal(routes=[{"channels": ["ops"], "match": match}])


def test_the_address_of_a_webhook_is_never_shown() -> None:
    wanted = settings(urls={"ops": "https://example.org/very-secret"})
    assert "very-secret" not in repr(wanted)
    with pytest.raises(ValidationError) as refused:
        AlertSettings.model_validate({"channels": [{"name": "ops", "kind": "webhook", "url": "ftp://h/very-secret"}]})
    assert "very-secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("30s", 30), ("2m", 120), ("4h", 14_400), ("1h30m", 5_400), ("1d", 86_400), ("500ms", 0.5), ("1m500ms", 60.5)],
)
def test_durations_are_read_as_prometheus_reads_them(text: str, seconds: float) -> None:
    assert parse_duration(text) == timedelta(seconds=seconds)


@given(milliseconds=st.integers(0, 30 * 86_400_000))
def test_a_duration_is_written_as_it_is_read(milliseconds: int) -> None:
    duration = timedelta(milliseconds=milliseconds)
    assert parse_duration(write_duration(duration)) == duration


@pytest.mark.parametrize("text", ["", "2", "-2m", "2m1h", "2 m", "2µs", "9" * 30 + "d", "9999999999999s", 5, None])
def test_anything_else_is_no_duration(text: object) -> None:
    with pytest.raises(ValueError, match="must be"):
        parse_duration(text)


def test_a_device_whose_data_break_the_template_still_gets_its_alert() -> None:
    device = Device(id="fp-1", kind="fibre_point", name="Kantor Camat", attributes={})
    text = summarise("{{ device.attributes.floor + 1 }}", device, {"value": -28.0, "rule": "optical-low"})
    assert text == "Kantor Camat: optical-low (-28.0)"


def test_a_summary_is_one_line_of_bounded_length() -> None:
    device = Device(id="fp-1", kind="fibre_point", name="Kantor\nCamat " * 100)
    text = summarise("{{ device.name }}", device, {"value": None, "rule": "r"})
    assert text.startswith("Kantor Camat Kantor")
    assert len(text) <= 500


def test_a_template_that_fails_only_where_it_is_used_still_gets_its_alert() -> None:
    device = Device(id="fp-1", kind="fibre_point", name="Kantor Camat", attributes={})
    text = summarise("{{ " + "(" * 300 + "1" + ")" * 300 + " }}", device, {"value": -28.0, "rule": "optical-low"})
    assert text == "Kantor Camat: optical-low (-28.0)"
