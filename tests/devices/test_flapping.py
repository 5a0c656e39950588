"""Flapping, by the numbers that users of Icinga know."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from devices.flapping import CHECKS, WEIGHTS, change_share, is_flapping

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
INTERVAL = timedelta(seconds=30)


def every(seconds: float, count: int) -> list[datetime]:
    """So many changes, the newest of them now."""
    return [NOON - timedelta(seconds=seconds * n) for n in reversed(range(count))]


def test_the_weights_are_icingas() -> None:
    assert (len(WEIGHTS), WEIGHTS[0], round(WEIGHTS[-1], 2)) == (20, 0.80, 1.18)


def test_a_device_that_never_changed_does_not_flap() -> None:
    assert change_share([], INTERVAL, NOON) == 0


def test_five_changes_in_a_row_are_too_few_and_six_are_flapping() -> None:
    assert not is_flapping(every(10, 5), INTERVAL, NOON, was=False)
    assert is_flapping(every(10, 6), INTERVAL, NOON, was=False)


def test_between_the_two_thresholds_it_stays_what_it_was() -> None:
    changes = every(10, 5)
    assert 0.25 < change_share(changes, INTERVAL, NOON) < 0.30
    assert is_flapping(changes, INTERVAL, NOON, was=True)


def test_quiet_intervals_end_it() -> None:
    changes = every(10, 6)
    assert is_flapping(changes, INTERVAL, NOON + 14 * INTERVAL, was=True)
    assert not is_flapping(changes, INTERVAL, NOON + 15 * INTERVAL, was=True)


def test_two_outages_a_day_are_no_flapping() -> None:
    assert change_share(every(6 * 3_600, 20), INTERVAL, NOON) == WEIGHTS[-1] / CHECKS


@given(st.lists(st.integers(0, 4_000), max_size=60), st.integers(0, 4_000))
def test_the_share_is_a_share_and_never_grows_in_quiet(ages: list[int], quiet: int) -> None:
    changes = sorted(NOON - timedelta(seconds=age) for age in ages)
    share = change_share(changes, INTERVAL, NOON)
    assert 0 <= share < 1
    assert change_share(changes, INTERVAL, NOON + timedelta(seconds=quiet)) <= share
