from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from video.pace import Pace

START = datetime(2026, 1, 1, tzinfo=UTC)


def taken(interval_seconds: float, moments: list[float]) -> list[float]:
    pace = Pace(timedelta(seconds=interval_seconds))
    return [moment for moment in moments if pace.due(START + timedelta(seconds=moment))]


def test_every_second_of_frames_one_second_apart_is_taken() -> None:
    assert taken(2, [0, 1, 2, 3, 4, 5]) == [0, 2, 4]


def test_a_frame_that_comes_a_little_early_is_taken() -> None:
    assert taken(2, [0, 1.95, 3.9, 5.85]) == [0, 1.95, 3.9, 5.85]


def test_of_many_frames_a_second_one_per_interval_is_taken() -> None:
    assert taken(2, [tenth / 10 for tenth in range(80)]) == [0, 1.8, 3.8, 5.8, 7.8]


@given(st.floats(0.01, 0.4))
def test_however_many_come_no_two_are_taken_within_most_of_an_interval(distance: float) -> None:
    chosen = taken(2, [distance * index for index in range(200)])
    assert all(later - earlier > 1.5 for earlier, later in pairwise(chosen))


def test_lateness_does_not_add_up() -> None:
    moments = [1.5 * index for index in range(41)]
    assert len(taken(2, moments)) == 31


def test_after_a_gap_the_beat_starts_anew_without_catching_up() -> None:
    assert taken(2, [0, 2, 60, 61, 62]) == [0, 2, 60, 62]


def test_a_clock_set_back_an_hour_does_not_stop_the_beat() -> None:
    assert taken(2, [7200, 3600, 3601, 3602]) == [7200, 3600, 3602]
