import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators.nature.rhythm import DAY, EVENING, FIRST_MONDAY, HOUR, OFFICE, RUSH, STEADY, WEEK, Rhythm

MONDAY = FIRST_MONDAY + 2_900 * WEEK
FRIDAY, SUNDAY = MONDAY + 4 * DAY, MONDAY + 6 * DAY

rhythms = pytest.mark.parametrize("rhythm", [OFFICE, EVENING, RUSH, STEADY])
moments = st.floats(min_value=0, max_value=4e9)


def test_offices_are_busy_in_the_morning_and_quiet_at_night_and_on_sunday() -> None:
    morning = OFFICE.level(MONDAY + 9 * HOUR)
    assert morning > 10 * OFFICE.level(MONDAY + 2 * HOUR)
    assert morning > 5 * OFFICE.level(SUNDAY + 9 * HOUR)


def test_hotspots_are_busiest_in_the_evening() -> None:
    hours = [EVENING.level(MONDAY + hour * HOUR) for hour in range(24)]
    assert hours.index(max(hours)) == 20


def test_the_streets_are_quiet_during_the_friday_prayer() -> None:
    assert RUSH.level(FRIDAY + 12 * HOUR) < 0.5 * RUSH.level(MONDAY + 12 * HOUR)


@rhythms
@given(t=moments)
def test_a_level_is_a_share_of_the_peak(rhythm: Rhythm, t: float) -> None:
    assert 0.0 < rhythm.level(t) <= 1.0


@rhythms
@given(t=moments, later=st.floats(min_value=0.001, max_value=1e8))
def test_busy_seconds_rise_by_no_more_than_the_time_that_passed(rhythm: Rhythm, t: float, later: float) -> None:
    risen = rhythm.busy_seconds(t + later) - rhythm.busy_seconds(t)
    assert -1e-6 <= risen <= later + 1e-5


@rhythms
def test_busy_seconds_are_the_integral_of_the_level(rhythm: Rhythm) -> None:
    start, end = MONDAY + 5.3 * HOUR, MONDAY + 3 * DAY + 0.7 * HOUR
    steps = 100_000
    width = (end - start) / steps
    summed = sum(rhythm.level(start + (step + 0.5) * width) for step in range(steps)) * width
    assert rhythm.busy_seconds(end) - rhythm.busy_seconds(start) == pytest.approx(summed, rel=1e-6)


@rhythms
def test_all_weeks_are_equally_long(rhythm: Rhythm) -> None:
    assert rhythm.busy_seconds(MONDAY + WEEK) - rhythm.busy_seconds(MONDAY) == pytest.approx(rhythm.sums[-1])
