"""Messages sorted into rows: what is kept, what is refused, and which fault is found first."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.kinds import KINDS
from devices.reading import Reason, Status
from devices.topics import Grammar
from ingest.intake import Intake, Sorter
from ingest.message import MAX_PAYLOAD_BYTES, Message

NOW_MS = 1_795_230_000_000
SORTER = Sorter(Grammar(), {"fp-001": KINDS["fibre_point"], "wl-01": KINDS["water_level"]})
GOOD = {"ts": NOW_MS, "values": {"rtt_seconds": 0.01}}


def message(payload: object, device: str = "fp-001", channel: str = "telemetry", **flags: bool) -> Message:
    raw = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return Message(f"pantau/v1/{device}/{channel}", raw, len(raw), 7, NOW_MS * 1_000, **flags)


def sort(payload: object, device: str = "fp-001", channel: str = "telemetry") -> Intake:
    return SORTER.sort([message(payload, device, channel)])


def reasons(intake: Intake) -> list[str]:
    return [refusal.rejected.reason for refusal in intake.refusals]


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"x" * (MAX_PAYLOAD_BYTES + 1), "too-large"),
        ([GOOD] * 1_001, "too-large"),
        (b"", "not-json"),
        (b"\xff\xfe", "not-json"),
        (b'{"rtt_seconds": NaN}', "not-json"),
        (b'{"rtt_seconds": 1', "not-json"),
        (b"null", "bad-shape"),
        (b"17", "bad-shape"),
        ({}, "bad-shape"),
        ([], "bad-shape"),
        ({"ts": "2026-11-21T10:00:00", "values": {"rtt_seconds": 1}}, "bad-shape"),
        ({"ts": NOW_MS, "rtt_seconds": 1}, "bad-shape"),
        (b"[" * 60_000, "bad-shape"),
        ({"ts": NOW_MS + 300_001, "values": {"rtt_seconds": 1, "colour": 2}}, "clock"),
        ({"ts": NOW_MS - 30 * 86_400_000 - 1, "values": {"rtt_seconds": 1}}, "clock"),
        ({"colour": 1}, "unknown-metric"),
        ({"rtt_seconds": None}, "bad-value"),
        ({"rtt_seconds": "1"}, "bad-value"),
        (b'{"rtt_seconds": 1e999}', "bad-value"),
        ({"rtt_seconds": -1}, "out-of-range"),
    ],
)
def test_each_fault_has_its_reason_and_one_row(payload: object, reason: str) -> None:
    intake = sort(payload)
    assert reasons(intake) == [reason]
    assert intake.readings == []


@pytest.mark.parametrize("channel", ["telemetry", "status", "event"])
@pytest.mark.parametrize("payload", [b"online", b"", GOOD, b"[", {"type": "door_open"}])
def test_an_unknown_device_is_so_whatever_it_says(channel: str, payload: object) -> None:
    intake = sort(payload, "fp-900", channel)
    assert reasons(intake) == ["unknown-device"]
    assert intake.refusals[0].device == "fp-900"
    assert not intake.knows_every_device()


@pytest.mark.parametrize("device", ["fp-001", "fp-900", "NOT-AN-ID"])
@pytest.mark.parametrize("channel", ["telemetry", "status", "event"])
def test_too_large_is_found_before_all_else(device: str, channel: str) -> None:
    assert reasons(sort(b"\xff" * (MAX_PAYLOAD_BYTES + 1), device, channel)) == ["too-large"]


def test_too_many_elements_of_an_unknown_device_are_too_large() -> None:
    assert reasons(sort([GOOD] * 1_000, "fp-900")) == ["unknown-device"]
    assert reasons(sort([GOOD] * 1_001, "fp-900")) == ["too-large"]


@pytest.mark.parametrize("topic", ["", "pantau/v1/fp-001", "pantau/v1/FP/telemetry", "other/fp-001/telemetry"])
def test_a_topic_that_names_no_device_is_an_unknown_device(topic: str) -> None:
    intake = SORTER.sort([Message(topic, b"{}", 2, 1, 0)])
    assert reasons(intake) == ["unknown-device"]
    assert intake.refusals[0].device is None


@pytest.mark.parametrize("payload", [b"", b"Online", b'"online"', b"online ", b"\xff"])
def test_a_malformed_status_is_a_bad_shape(payload: bytes) -> None:
    assert reasons(sort(payload, channel="status")) == ["bad-shape"]


@pytest.mark.parametrize(
    "payload", [b"", b"NaN", [], {"type": 5}, {"type": ""}, {"type": "x", "more": 1}, {"type": "x", "ts": "noon"}]
)
def test_a_malformed_event_is_a_bad_shape(payload: object) -> None:
    assert reasons(sort(payload, channel="event")) == ["bad-shape"]


def test_an_event_of_another_year_is_a_clock_fault() -> None:
    assert reasons(sort({"ts": 0, "type": "door_open"}, channel="event")) == ["clock"]


def test_a_status_keeps_whether_it_was_retained() -> None:
    heard = SORTER.sort([message(b"online", channel="status", retained=True)]).statuses
    assert [(one.device, one.status, one.retained) for one in heard] == [("fp-001", Status.ONLINE, True)]


def test_good_elements_and_values_beside_bad_ones_are_kept_in_order() -> None:
    intake = sort([{"ts": NOW_MS, "values": {"rtt_seconds": 1, "colour": 1, "on_mains": "yes"}}, 5, GOOD])
    assert [(reading.metric, reading.value) for reading in intake.readings] == [
        ("rtt_seconds", 1),
        ("rtt_seconds", 0.01),
    ]
    assert reasons(intake) == ["unknown-metric", "bad-value", "bad-shape"]


def test_each_device_is_judged_by_its_own_kind() -> None:
    assert reasons(sort({"level_metres": 1}, "wl-01")) == []
    assert reasons(sort({"level_metres": 1}, "fp-001")) == ["unknown-metric"]


@pytest.mark.parametrize(
    ("payload", "channel"),
    [
        (GOOD, "telemetry"),
        ([GOOD, GOOD], "telemetry"),
        ({"ts": NOW_MS, "type": "door_open"}, "event"),
        (b"online", "status"),  # stored once per device, so it needs no time
    ],
)
def test_a_message_whose_rows_have_their_own_time_is_not_untimed(payload: object, channel: str) -> None:
    assert sort(payload, channel=channel).untimed == []


@pytest.mark.parametrize(
    ("payload", "channel"),
    [
        ({"rtt_seconds": 1}, "telemetry"),
        ({"ts": None, "values": {"rtt_seconds": 1}}, "telemetry"),
        ([GOOD, {"rtt_seconds": 1}], "telemetry"),
        ([{"rtt_seconds": 1}, GOOD], "telemetry"),
        ({"ts": NOW_MS, "values": {"rtt_seconds": 1, "colour": 1}}, "telemetry"),
        ([GOOD, 5], "telemetry"),
        ({"type": "door_open"}, "event"),
        (b"perhaps", "status"),
    ],
)
def test_a_message_that_leaves_a_row_under_its_time_of_receipt_is_untimed_once(payload: object, channel: str) -> None:
    sent = message(payload, channel=channel)
    assert SORTER.sort([sent]).untimed == [sent]


ELEMENTS: st.SearchStrategy[Any] = st.fixed_dictionaries(
    {
        "values": st.dictionaries(
            st.sampled_from(["rtt_seconds", "colour"]), st.sampled_from([0.1, -1, "x"]), max_size=2
        )
    },
    optional={"ts": st.sampled_from([NOW_MS, NOW_MS - 1, None, 0])},
)


@given(st.lists(st.lists(ELEMENTS, max_size=4), max_size=5), st.sampled_from(["fp-001", "fp-900"]))
def test_untimed_are_exactly_the_messages_that_left_a_row_without_a_time(batches: list[Any], device: str) -> None:
    messages = [message(elements, device) for elements in batches]
    intake = SORTER.sort(messages)
    expected = []
    for one, elements in zip(messages, batches, strict=True):
        alone = SORTER.sort([one])
        if alone.refusals or (alone.readings and any(element.get("ts") is None for element in elements)):
            expected.append(one)
    assert intake.untimed == expected


@given(st.lists(st.binary(max_size=40), max_size=5), st.sampled_from(["telemetry", "status", "event"]))
def test_no_bytes_are_too_strange_and_every_message_leaves_a_trace(payloads: list[bytes], channel: str) -> None:
    for payload in payloads:
        intake = sort(payload, channel=channel)
        assert intake.readings or intake.statuses or intake.events or intake.refusals
        assert all(isinstance(refusal.rejected.reason, Reason) for refusal in intake.refusals)
