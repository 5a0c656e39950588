"""Slopes, smoothing and counters, on plain numbers."""

import math
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.rules.anomaly import deviations
from alerts.rules.trend import Trend, holt, increase, least_squares

numbers = st.floats(min_value=-1e4, max_value=1e4)
gaps = st.lists(st.floats(min_value=0.5, max_value=600), min_size=2, max_size=60)


def moments(gaps: list[float]) -> list[float]:
    """Seconds, the last of them 0."""
    back = list(accumulate([0.0, *gaps]))
    return [at - back[-1] for at in back]


@given(gaps=gaps, level=numbers, slope=st.floats(min_value=-10, max_value=10))
def test_a_straight_line_is_found_again(gaps: list[float], level: float, slope: float) -> None:
    seconds = moments(gaps)
    found = least_squares(seconds, [level + slope * at for at in seconds])
    assert math.isclose(found.level, level, rel_tol=1e-6, abs_tol=1e-4)
    assert math.isclose(found.slope, slope, rel_tol=1e-6, abs_tol=1e-6)


@given(gaps=gaps, level=numbers, slope=st.floats(min_value=-10, max_value=10))
def test_holt_finds_a_straight_line_again_however_uneven_its_steps(
    gaps: list[float], level: float, slope: float
) -> None:
    seconds = moments(gaps)
    found = holt(seconds, [level + slope * at for at in seconds], alpha=0.3, beta=0.1)
    # The first step may be a shorter one than the rest: what that puts wrong is smoothed away, not all at once.
    assert abs(found.level - level) <= abs(slope) * max(gaps) + 1e-3
    assert math.isfinite(found.slope)


def test_holt_of_even_steps_is_the_books_own() -> None:
    """By hand: level and slope of 1, 3, 4 with weights one half each."""
    found = holt([-20.0, -10.0, 0.0], [1.0, 3.0, 4.0], alpha=0.5, beta=0.5)
    # 3 as foretold: level 3, slope 2; then 4 where 5 was foretold: level 4.5, slope 0.5 * 1.5 + 0.5 * 2 = 1.75
    assert (found.level, found.slope) == (4.5, 0.175)


def test_holt_follows_a_turn_sooner_than_a_line() -> None:
    seconds = [float(at) for at in range(-60 * 60, 1, 60)]
    values = [0.0 if at < -600 else (at + 600) / 600 for at in seconds]
    line, smoothed = least_squares(seconds, values), holt(seconds, values, alpha=0.5, beta=0.3)
    assert smoothed.after(1_800) > 2 * line.after(1_800)


@pytest.mark.parametrize(
    ("trend", "bound", "seconds"),
    [
        (Trend(2.0, 0.5), 4.0, 4.0),
        (Trend(2.0, -0.5), 4.0, None),
        (Trend(2.0, 0.0), 4.0, None),
        (Trend(2.0, 0.0), 2.0, 0.0),
    ],
)
def test_when_a_trend_reaches_a_bound(trend: Trend, bound: float, seconds: float | None) -> None:
    assert trend.reaches(bound) == seconds


@given(counts=st.lists(st.integers(0, 1_000), min_size=2, max_size=50), restart=st.integers(0, 49))
def test_a_counter_that_restarts_has_counted_no_less(counts: list[int], restart: int) -> None:
    """What is lost is only what it counted between the last look and the restart."""
    whole = [float(value) for value in accumulate(counts)]
    at = restart % len(whole)
    restarted = [*whole[:at], *(float(value) for value in accumulate(counts[at:]))]
    assert increase(restarted) >= 0
    assert increase(whole) == whole[-1] - whole[0]
    if at > 0 and restarted[at] < restarted[at - 1]:
        assert increase(restarted) == increase(whole)


@given(usual=st.lists(numbers, min_size=4, max_size=12), value=numbers, shift=numbers)
def test_an_anomaly_does_not_depend_on_where_zero_is(usual: list[float], value: float, shift: float) -> None:
    found = deviations(value, usual, 1.0)
    moved = deviations(value + shift, [one + shift for one in usual], 1.0)
    assert found is not None
    assert moved is not None
    assert math.isclose(found, moved, rel_tol=1e-6, abs_tol=1e-6)


def test_one_odd_week_makes_the_next_odd_hour_no_less_odd() -> None:
    calm = deviations(400.0, [100.0, 104.0, 98.0, 101.0, 97.0, 103.0], 0.0)
    with_one_odd = deviations(400.0, [100.0, 104.0, 98.0, 500.0, 97.0, 103.0], 0.0)
    assert calm is not None
    assert with_one_odd is not None
    assert calm > 3.5
    assert with_one_odd > 3.5


def test_what_never_varied_says_nothing_without_a_least_spread() -> None:
    assert deviations(5.0, [1.0, 1.0, 1.0, 1.0], 0.0) is None
    assert deviations(5.0, [1.0, 1.0, 1.0, 1.0], 2.0) == 2.0
