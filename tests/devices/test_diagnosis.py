"""What most likely failed: the power, the fibre or the device."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import repeat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.diagnosis import Class, Clue, Diagnosis, Signs, Trend, diagnose, optical_trend

MIDNIGHT = datetime(2026, 3, 2, tzinfo=UTC)
Readings = list[tuple[datetime, float]]


def readings(values: Iterable[float], *, seconds: float = 30) -> Readings:
    return [(MIDNIGHT + timedelta(seconds=seconds * n), value) for n, value in enumerate(values)]


def ramp(start: float, end: float, steps: int) -> list[float]:
    return [start + (end - start) * n / steps for n in range(1, steps + 1)]


STEADY = [-20.0] * 200
STEP = readings([*STEADY, -27.0])
FADE = readings([*STEADY, *ramp(-20, -27, 60)])

# A point on the fibre that fell with nothing known of it.
FALL = Signs(last_gasp=False, on_mains=None, feeder=False, optical=(), alive_below=False, fallen_below=0, on_fibre=True)


def test_no_reading_and_one_reading_show_no_trend() -> None:
    assert optical_trend([]) is Trend.STEADY
    assert optical_trend(readings([-40.0])) is Trend.STEADY


@given(st.lists(st.floats(-0.3, 0.3), max_size=60), st.floats(-30, -5))
def test_three_tenths_of_noise_are_steady(noise: list[float], level: float) -> None:
    assert optical_trend(readings(level + one for one in noise)) is Trend.STEADY


def test_a_day_between_warm_and_cold_is_steady() -> None:
    assert optical_trend(readings(ramp(-20, -21.5, 2_000), seconds=43)) is Trend.STEADY


def test_a_loss_that_came_back_is_steady() -> None:
    assert optical_trend(readings([*STEADY, *ramp(-20, -27, 60), -20.1])) is Trend.STEADY


@pytest.mark.parametrize("last", [[-23.0], [-27.0], [-22.0, -24.5], [-20.2, -40.0]])
def test_half_the_light_gone_in_the_last_two_readings_is_a_step(last: Sequence[float]) -> None:
    assert optical_trend(readings([*STEADY, *last])) is Trend.STEP


def test_a_little_less_than_half_the_light_is_steady() -> None:
    assert optical_trend(readings([*STEADY, -22.9])) is Trend.STEADY


def test_two_readings_suffice_for_a_step() -> None:
    assert optical_trend(readings([-20.0, -26.0])) is Trend.STEP


def test_a_loss_over_half_an_hour_is_a_fade() -> None:
    assert optical_trend(FADE) is Trend.FADE


def test_a_fade_may_take_most_of_the_day() -> None:
    assert optical_trend(readings(ramp(-20, -25, 2_880))) is Trend.FADE


def test_a_loss_that_stayed_for_hours_is_a_fade_however_it_began() -> None:
    assert optical_trend(readings([*STEADY, *repeat(-24.0, 100)])) is Trend.FADE


def test_ten_minutes_and_three_readings_below_make_a_fade() -> None:
    down = [-21.0, -22.5, -24.0]
    assert optical_trend(readings([*STEADY, *down], seconds=300)) is Trend.FADE
    assert optical_trend(readings([*STEADY, *down], seconds=299)) is Trend.STEP, "in less than ten minutes"
    assert optical_trend(readings([*STEADY, *down[1:]], seconds=3_600)) is Trend.STEP, "two readings"


def test_a_short_dip_earlier_is_not_the_beginning_of_a_fade() -> None:
    assert optical_trend(readings([*STEADY, -23.0, *repeat(-20.0, 50), -27.0])) is Trend.STEP


def test_a_step_after_hours_of_a_little_loss_is_a_step() -> None:
    assert optical_trend(readings([*STEADY, *repeat(-21.2, 100), -27.0])) is Trend.STEP


def test_readings_of_one_moment_are_no_fade() -> None:
    assert optical_trend(readings([*STEADY, *ramp(-20, -27, 60)], seconds=0)) is Trend.STEP
    assert optical_trend(readings(STEADY, seconds=0)) is Trend.STEADY


@given(st.lists(st.tuples(st.integers(0, 86_400), st.floats(-50, 10)), max_size=30))
def test_any_readings_have_a_trend_and_only_a_loss_is_none_steady(raw: list[tuple[int, float]]) -> None:
    trace = [(MIDNIGHT + timedelta(seconds=second), value) for second, value in sorted(raw, key=lambda one: one[0])]
    if optical_trend(trace) is not Trend.STEADY:
        assert max(value for _, value in trace) - trace[-1][1] >= 3


@pytest.mark.parametrize(
    ("sign", "clue"),
    [
        ({"last_gasp": True}, Clue.LAST_GASP),
        ({"on_mains": False}, Clue.MAINS_OFF),
        ({"feeder": True}, Clue.FEEDER),
    ],
)
def test_evidence_of_power_comes_before_all_other(sign: dict[str, bool], clue: Clue) -> None:
    signs = replace(FALL, optical=FADE, alive_below=True, fallen_below=20, **sign)
    assert diagnose(signs) == Diagnosis(cls=Class.POWER, because=(clue,))


def test_all_evidence_of_power_is_told() -> None:
    told = diagnose(replace(FALL, last_gasp=True, on_mains=False, feeder=True))
    assert told.because == (Clue.LAST_GASP, Clue.MAINS_OFF, Clue.FEEDER)


def test_mains_that_were_on_to_the_end_speak_for_nothing() -> None:
    assert diagnose(replace(FALL, on_mains=True)) == diagnose(FALL)


def test_where_somebody_lives_below_the_light_comes_through_and_the_device_failed() -> None:
    signs = replace(FALL, optical=STEP, alive_below=True, fallen_below=3)
    assert diagnose(signs) == Diagnosis(cls=Class.DEVICE, because=(Clue.ALIVE_BELOW,))


def test_light_that_faded_is_a_bend_or_a_connector() -> None:
    assert diagnose(replace(FALL, optical=FADE)) == Diagnosis(cls=Class.FADE, because=(Clue.OPTICAL_FADE,))
    told = diagnose(replace(FALL, optical=FADE, fallen_below=2))
    assert told.because == (Clue.OPTICAL_FADE, Clue.ALL_BELOW_SILENT)


def test_light_that_fell_at_once_is_a_cut_even_of_a_point_alone() -> None:
    assert diagnose(replace(FALL, optical=STEP)) == Diagnosis(cls=Class.CUT, because=(Clue.OPTICAL_STEP,))


def test_where_all_below_fell_silent_with_it_the_fibre_is_cut() -> None:
    signs = replace(FALL, optical=readings(STEADY), fallen_below=28)
    assert diagnose(signs) == Diagnosis(cls=Class.CUT, because=(Clue.ALL_BELOW_SILENT,))


def test_one_that_fell_alone_failed_itself() -> None:
    for signs in (FALL, replace(FALL, on_fibre=False)):
        assert diagnose(signs) == Diagnosis(cls=Class.DEVICE, because=(Clue.ALONE,))


def test_a_gateway_that_took_its_sensors_with_it_may_have_failed_or_lost_its_uplink() -> None:
    assert diagnose(replace(FALL, on_fibre=False, fallen_below=4)) == Diagnosis(cls=Class.UNKNOWN)
