"""Values judged against their kind: what is kept, what is refused, and for which reason first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.acceptance import MAX_AHEAD_US, MAX_BEHIND_US, accept
from devices.kinds import KINDS, Kind
from devices.payloads.native import FAR_US, decode_telemetry
from devices.reading import Element, Reading, Reason, Rejected

NOW_US = 1_795_230_000_000_000
FIBRE = KINDS["fibre_point"]


def judged(values: dict[str, object], time_us: int = NOW_US) -> list[Reading | Rejected]:
    return list(accept("fp-001", FIBRE, Element(time_us, values), NOW_US))


def reasons(values: dict[str, object], time_us: int = NOW_US) -> list[Reason | None]:
    return [one.reason if isinstance(one, Rejected) else None for one in judged(values, time_us)]


def test_a_good_value_becomes_a_reading() -> None:
    assert judged({"rtt_seconds": 0.012}) == [Reading("fp-001", "rtt_seconds", NOW_US, 0.012, NOW_US)]


def test_a_backfilled_value_keeps_its_mark() -> None:
    element = Element(NOW_US, {"rtt_seconds": 1}, historical=True)
    [reading] = accept("fp-001", FIBRE, element, NOW_US)
    assert isinstance(reading, Reading)
    assert reading.historical


def test_a_boolean_is_stored_as_one_or_nought() -> None:
    [on] = judged({"on_mains": True})
    [off] = judged({"on_mains": False})
    assert isinstance(on, Reading)
    assert isinstance(off, Reading)
    assert (on.value, off.value) == (1.0, 0.0)


def test_a_good_value_beside_bad_ones_is_kept() -> None:
    values = {"rx_power_dbm": "weak", "colour": 3, "rtt_seconds": 0.01, "packet_loss_ratio": 1.5}
    assert reasons(values) == [Reason.BAD_VALUE, Reason.UNKNOWN_METRIC, None, Reason.OUT_OF_RANGE]


@pytest.mark.parametrize("value", [None, "1", "", [], {}, [1.0], float("inf"), float("-inf"), int("9" * 400)])
def test_what_is_no_finite_number_is_a_bad_value(value: object) -> None:
    assert reasons({"rtt_seconds": value}) == [Reason.BAD_VALUE]


@pytest.mark.parametrize("value", [1e999, "1", None, 5, True])
def test_an_unknown_metric_is_so_whatever_its_value(value: object) -> None:
    assert reasons({"colour": value}) == [Reason.UNKNOWN_METRIC]


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_both_ends_of_every_range_belong_to_it(kind: Kind) -> None:
    for metric in kind.metrics.values():
        inside = Element(NOW_US, {metric.name: metric.low})
        also_inside = Element(NOW_US, {metric.name: metric.high})
        outside = Element(NOW_US, {metric.name: metric.high + abs(metric.high) / 1e6 + 1e-6})
        assert isinstance(next(accept("x", kind, inside, NOW_US)), Reading)
        assert isinstance(next(accept("x", kind, also_inside, NOW_US)), Reading)
        refused = next(accept("x", kind, outside, NOW_US))
        assert isinstance(refused, Rejected)
        assert refused.reason is Reason.OUT_OF_RANGE


@pytest.mark.parametrize("time_us", [NOW_US + MAX_AHEAD_US, NOW_US - MAX_BEHIND_US])
def test_a_clock_may_be_so_far_off(time_us: int) -> None:
    assert reasons({"rtt_seconds": 1}, time_us) == [None]


@pytest.mark.parametrize("time_us", [NOW_US + MAX_AHEAD_US + 1, NOW_US - MAX_BEHIND_US - 1, FAR_US, -FAR_US])
def test_a_clock_further_off_costs_the_element_one_rejection(time_us: int) -> None:
    assert reasons({"rtt_seconds": 1, "colour": 2}, time_us) == [Reason.CLOCK]


@pytest.mark.parametrize("ts", [b"1e30", b"1e999", b"9" * 400, b"-1e30", b"9" * 5_000])
def test_a_time_beyond_every_calendar_is_a_clock_fault(ts: bytes) -> None:
    [element] = decode_telemetry(b'{"ts": %s, "values": {"rtt_seconds": 1}}' % ts, NOW_US)
    assert isinstance(element, Element)
    assert reasons(element.values, element.time_us) == [Reason.CLOCK]


@pytest.mark.parametrize("name", ["a\0", "\ud800", "x" * 10_000, "\x1b[2J"])
def test_the_word_on_a_fault_can_be_stored_and_shown(name: str) -> None:
    [fault] = judged({name: 1})
    assert isinstance(fault, Rejected)
    assert fault.detail.isprintable()
    assert len(fault.detail) < 2_000


@given(
    st.dictionaries(st.sampled_from([*FIBRE.metrics, "colour"]), st.floats() | st.integers() | st.text() | st.none())
)
def test_every_value_is_either_kept_or_refused(values: dict[str, object]) -> None:
    outcome = judged(values)
    assert len(outcome) == len(values)
    for one in outcome:
        if isinstance(one, Reading):
            metric = FIBRE.metrics[one.metric]
            assert metric.low <= one.value <= metric.high
