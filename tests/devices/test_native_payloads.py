"""The MQTT section of the contract, example by example and rule by rule: bytes to elements or faults."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.payloads.native import FAR_US, decode_event, decode_status, decode_telemetry
from devices.reading import Element, Event, Reason, Rejected, Status

NOW_US = 1_795_230_000_000_000


def decode_one(payload: bytes) -> Element | Rejected:
    [decoded] = decode_telemetry(payload, NOW_US)
    return decoded


def reason_of(payload: bytes) -> Reason | None:
    decoded = decode_one(payload)
    return decoded.reason if isinstance(decoded, Rejected) else None


def time_of(ts: str) -> int | None:
    """What `"ts": …` means, in microseconds; None where the element is refused."""
    decoded = decode_one(b'{"ts": %s, "values": {"rtt_seconds": 1}}' % ts.encode())
    return decoded.time_us if isinstance(decoded, Element) else None


def test_values_with_a_time() -> None:
    payload = b'{"ts": 1795230000000, "values": {"rx_power_dbm": -21.4, "rtt_seconds": 0.012}}'
    assert decode_one(payload) == Element(NOW_US, {"rx_power_dbm": -21.4, "rtt_seconds": 0.012})


def test_bare_metrics_take_the_time_of_receipt() -> None:
    assert decode_one(b'{"rx_power_dbm": -21.4}') == Element(NOW_US, {"rx_power_dbm": -21.4}, timed=False)


def test_a_batch_is_its_elements_in_order_each_with_its_own_mark() -> None:
    payload = b'[{"ts": 1, "values": {"a": 1}, "historical": true}, {"ts": 2, "values": {"a": 2}}, {"a": 3}]'
    assert decode_telemetry(payload, NOW_US) == [
        Element(1_000, {"a": 1}, historical=True),
        Element(2_000, {"a": 2}),
        Element(NOW_US, {"a": 3}, timed=False),
    ]


def test_a_faulty_element_leaves_the_others_of_its_batch() -> None:
    good, bad, also_good = decode_telemetry(b'[{"a": 1}, 7, {"a": 2}]', NOW_US)
    assert isinstance(good, Element)
    assert isinstance(bad, Rejected)
    assert isinstance(also_good, Element)


def test_a_batch_has_at_most_a_thousand_elements() -> None:
    assert len(decode_telemetry(json.dumps([{"a": 1}] * 1_000).encode(), NOW_US)) == 1_000
    assert reason_of(json.dumps([{"a": 1}] * 1_001).encode()) is Reason.TOO_LARGE


@pytest.mark.parametrize(
    ("ts", "time_us"),
    [
        ("1795230000000", NOW_US),
        ("1795230000000.0", NOW_US),
        ("1.795230000000e12", NOW_US),
        ("0", 0),
        ("-1", -1_000),
        ("null", NOW_US),
        ("1795230000000.25", NOW_US + 250),
        ("1795230000000.001", NOW_US + 1),
        ('"2026-11-21T03:00:00Z"', NOW_US),
        ('"2026-11-21T10:00:00+07:00"', NOW_US),
        ('"2026-11-21t03:00:00.000001z"', NOW_US + 1),
    ],
)
def test_a_time_is_epoch_milliseconds_or_rfc_3339_kept_to_the_microsecond(ts: str, time_us: int) -> None:
    assert time_of(ts) == time_us


@pytest.mark.parametrize(
    "ts",
    [
        '"2026-11-21T10:00:00"',
        '"2026-11-21"',
        '"1795230000000"',
        '""',
        '"yesterday"',
        '"2026-13-01T00:00:00Z"',
        '"0000-01-01T00:00:00Z"',
        "true",
        "false",
        "[]",
        "{}",
    ],
)
def test_a_time_without_zone_or_of_another_shape_is_a_bad_shape(ts: str) -> None:
    assert reason_of(b'{"ts": %s, "values": {"a": 1}}' % ts.encode()) is Reason.BAD_SHAPE


@pytest.mark.parametrize("digits", ["1e30", "1e308", "1e999", "9" * 400, "9" * 5_000])
def test_a_time_beyond_every_calendar_is_kept_within_what_others_can_compute_with(digits: str) -> None:
    assert time_of(digits) == FAR_US
    assert time_of("-" + digits) == -FAR_US


@pytest.mark.parametrize(
    "payload",
    [
        b"{}",
        b"[]",
        b"[[]]",
        b"null",
        b"7",
        b"true",
        b'"online"',
        b'{"values": {}}',
        b'{"values": []}',
        b'{"values": null}',
        b'{"ts": 1}',
        b'{"ts": 1, "a": 2}',
        b'{"historical": true, "a": 2}',
        b'{"values": {"a": 1}, "a": 2}',
        b'{"values": {"a": 1}, "historical": 1}',
        b'{"values": {"a": 1}, "historical": null}',
        b"[" * 5_000 + b"]" * 5_000,
    ],
)
def test_json_of_another_shape_is_a_bad_shape(payload: bytes) -> None:
    assert reason_of(payload) is Reason.BAD_SHAPE


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b" ",
        b"{",
        b"online",
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": -Infinity}',
        b'{"a": 01}',
        b'{"a": 1,}',
        b"{'a': 1}",
        b'{"a": 1}\0',
        b'\0{"a": 1}',
        b'{"a": 1}{"a": 2}',
        b'\xef\xbb\xbf{"a": 1}',
        b"\xff\xfe",
        b'{"\xff": 1}',
        b'{"a": 1e999, "b": NaN}',
    ],
)
def test_what_is_no_json_is_not_json(payload: bytes) -> None:
    assert reason_of(payload) is Reason.NOT_JSON


def test_of_a_repeated_name_the_last_value_counts() -> None:
    assert decode_one(b'{"a": 1, "a": 2}') == Element(NOW_US, {"a": 2}, timed=False)


@pytest.mark.parametrize("digits", ["1e999", "-1e999", "9" * 5_000])
def test_a_number_that_no_double_holds_does_not_take_the_others_with_it(digits: str) -> None:
    decoded = decode_one(b'{"a": %s, "b": 2}' % digits.encode())
    assert isinstance(decoded, Element)
    assert decoded.values["b"] == 2


@given(st.binary(max_size=400))
def test_no_bytes_raise(payload: bytes) -> None:
    decode_telemetry(payload, NOW_US)
    decode_event(payload, NOW_US)
    decode_status(payload)


NAMES = st.sampled_from(["ts", "values", "historical", "type", "data", "rtt_seconds"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES | st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(JSON)
def test_no_json_raises_and_every_element_has_values(value: object) -> None:
    payload = json.dumps(value).encode()
    decode_event(payload, NOW_US)
    for decoded in decode_telemetry(payload, NOW_US):
        assert isinstance(decoded, Rejected) or (decoded.values and -FAR_US <= decoded.time_us <= FAR_US)


@pytest.mark.parametrize(("payload", "status"), [(b"online", Status.ONLINE), (b"offline", Status.OFFLINE)])
def test_a_status_is_one_of_two_words(payload: bytes, status: Status) -> None:
    assert decode_status(payload) is status


@pytest.mark.parametrize("payload", [b"", b"Online", b"online\n", b'"online"', b"\xff", b"online\0", b"unknown"])
def test_any_other_status_is_a_bad_shape(payload: bytes) -> None:
    decoded = decode_status(payload)
    assert isinstance(decoded, Rejected)
    assert decoded.reason is Reason.BAD_SHAPE


def test_an_event_has_a_time_a_type_and_data() -> None:
    payload = b'{"ts": 1795230000000, "type": "door_open", "data": {"door": 2}}'
    assert decode_event(payload, NOW_US + 5) == Event(NOW_US, "door_open", {"door": 2})


def test_an_event_needs_only_its_type() -> None:
    assert decode_event(b'{"type": "last_gasp"}', NOW_US) == Event(NOW_US, "last_gasp", timed=False)


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"last_gasp",
        b"[]",
        b"{}",
        b'{"type": ""}',
        b'{"type": 7}',
        b'{"type": "x", "more": 1}',
        b'{"type": "x", "ts": "2026-11-21T10:00:00"}',
        b'{"type": "x", "data": 1e999}',
        b'{"type": "%s"}' % (65 * b"x"),
    ],
)
def test_a_malformed_event_is_a_bad_shape(payload: bytes) -> None:
    decoded = decode_event(payload, NOW_US)
    assert isinstance(decoded, Rejected)
    assert decoded.reason is Reason.BAD_SHAPE


@pytest.mark.parametrize(
    "payload",
    [
        b'{"type": "x\\u0000"}',
        b'{"type": "x", "data": "\\u0000"}',
        b'{"type": "x", "data": [{"\\u0000": 1}]}',
        b'{"type": "x", "data": %s}' % (b"[" * 40 + b"]" * 40),
        b'{"type": "x", "data": %s}' % (b"[" * 900 + b"]" * 900),
    ],
)
def test_an_event_that_the_database_could_not_keep_is_a_bad_shape(payload: bytes) -> None:
    decoded = decode_event(payload, NOW_US)
    assert isinstance(decoded, Rejected)
    assert decoded.reason is Reason.BAD_SHAPE
