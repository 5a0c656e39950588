from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from video.capture_time import CaptureClock

START = datetime(2026, 1, 1, tzinfo=UTC)


def ages(*frames: tuple[float, float]) -> list[float]:
    """How old each frame was when it was read; frames as (stream time, read at), both in seconds."""
    clock = CaptureClock()
    result = []
    for stream_time, read in frames:
        read_at = START + timedelta(seconds=read)
        captured_at = clock.captured_at(timedelta(seconds=stream_time), read_at)
        result.append((read_at - captured_at).total_seconds())
    return result


def test_frames_that_come_as_fast_as_they_are_taken_have_no_age() -> None:
    assert ages((0, 100), (2, 102), (4, 104)) == [0, 0, 0]


def test_a_burst_held_up_on_the_way_carries_the_times_of_its_capture() -> None:
    assert ages((0, 100), (2, 102), (4, 111), (6, 111), (8, 111), (12, 112)) == [0, 0, 7, 5, 3, 0]


def test_a_faster_frame_moves_the_scale() -> None:
    assert ages((0, 100.5), (2, 102), (4, 104.5)) == [0, 0, 0.5]


def test_a_slow_drift_between_two_clocks_does_not_become_age() -> None:
    frames = [(second, 100 + second * 1.0001) for second in range(0, 7200, 2)]
    assert max(ages(*frames)) < 0.04


def test_a_stream_clock_that_starts_again_is_followed() -> None:
    assert ages((500, 100), (502, 102), (0, 104), (2, 106), (4, 109)) == [0, 0, 0, 0, 1]


def test_a_stream_without_a_clock_is_dated_by_arrival() -> None:
    assert ages((0, 100), (0, 102), (0, 109)) == [0, 0, 0]


def test_frames_over_a_link_that_is_too_slow_grow_old_by_what_they_lag_behind() -> None:
    frames = [(second, 100 + 1.5 * second) for second in range(0, 200, 2)]
    assert ages(*frames) == [second / 2 for second in range(0, 200, 2)]


@given(st.lists(st.tuples(st.floats(0, 1e6), st.floats(0, 1e6)), min_size=1, max_size=50))
def test_no_frame_is_dated_after_it_was_read(frames: list[tuple[float, float]]) -> None:
    assert min(ages(*frames)) >= 0
