"""A camera's hour, told frame by frame; times are seconds after the process began to look."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from video.grade import Grade, LinkHour, grade
from video.link_history import HOUR_SECONDS, MAX_SILENCES, LinkHistory

INTERVAL = 2.0
# A clock that began to run with the machine.
BOOT = 1000.0


def history(frames: Iterable[float] = (), losses: Iterable[float] = (), *, interval: float = INTERVAL) -> LinkHistory:
    link = LinkHistory(interval_seconds=interval)
    tell(link, frames, losses)
    return link


def tell(link: LinkHistory, frames: Iterable[float] = (), losses: Iterable[float] = ()) -> None:
    """In order; of a loss and a frame of the same moment the loss comes first."""
    for at, is_frame in sorted([(at, False) for at in losses] + [(at, True) for at in frames]):
        (link.frame if is_frame else link.lost)(BOOT + at)


def hour(link: LinkHistory, now: float) -> LinkHour:
    seen = link.hour(BOOT + now)
    assert seen is not None
    return seen


def steady(start: float, end: float, distance: float = 2.0) -> list[float]:
    """From `start` to `end`, both included."""
    return [start + distance * index for index in range(int((end - start) / distance) + 1)]


def test_before_anything_was_told_there_is_no_hour() -> None:
    assert LinkHistory(interval_seconds=INTERVAL).hour(BOOT) is None


def test_a_camera_that_delivers_is_excellent_from_its_first_frame_on() -> None:
    link = history()
    for at in steady(0, 600):
        tell(link, [at])
        assert hour(link, at) == LinkHour(reconnects=0, stalls=0, covered_ratio=1)


@pytest.mark.parametrize("distance", [0.04, 1.0, 2.1, 4.0, 10.0, 19.0])
def test_key_frames_as_far_apart_as_the_camera_likes_are_no_stalls(distance: float) -> None:
    link = history(steady(0, 600, distance))
    assert hour(link, 600) == LinkHour(reconnects=0, stalls=0, covered_ratio=1)


def test_a_silence_while_the_connection_stands_is_a_stall() -> None:
    link = history([*steady(0, 100), *steady(130, 200)])
    assert hour(link, 200) == LinkHour(reconnects=0, stalls=1, covered_ratio=1 - 28 / 200)


def test_a_short_pause_is_none() -> None:
    link = history([*steady(0, 100), *steady(106, 200)])
    assert hour(link, 200) == LinkHour(reconnects=0, stalls=0, covered_ratio=1)


def test_full_decoding_does_not_make_each_hiccup_a_stall() -> None:
    link = history([*steady(0, 60, 0.04), *steady(64, 90, 0.04), *steady(100, 120, 0.04)])
    assert hour(link, 120).stalls == 1


def test_a_stall_shows_while_it_lasts() -> None:
    link = history(steady(0, 100))
    assert hour(link, 106).stalls == 0
    assert hour(link, 107).stalls == 1


def test_a_stall_that_ends_in_a_loss_is_that_loss() -> None:
    link = history([*steady(0, 100), *steady(130, 200)], losses=[120])
    assert hour(link, 200) == LinkHour(reconnects=1, stalls=0, covered_ratio=1 - 28 / 200)


def test_a_loss_with_many_attempts_to_return_is_one_reconnect() -> None:
    link = history([*steady(0, 100), *steady(400, 500)], losses=[101, 102, 107, 117, 177, 237, 297, 357])
    assert hour(link, 500).reconnects == 1


def test_a_loss_that_is_healed_before_the_next_frame_is_due_is_a_reconnect_and_no_silence() -> None:
    link = history(steady(0, 100), losses=[50.5])
    assert hour(link, 100) == LinkHour(reconnects=1, stalls=0, covered_ratio=1)


def test_a_camera_that_has_not_returned_is_no_longer_excellent() -> None:
    link = history(steady(0, 3600), losses=[3601])
    assert grade(hour(link, 3602)) is Grade.FAIR


def test_waiting_for_the_first_frame_of_all_is_silence_but_no_reconnect() -> None:
    link = history(steady(300, 600), losses=[0, 1, 6, 16, 76, 136, 196, 256])
    assert hour(link, 600) == LinkHour(reconnects=0, stalls=0, covered_ratio=0.5)


def test_a_camera_that_was_never_there_is_unusable_at_once_and_after_hours() -> None:
    link = history(losses=[0])
    assert [grade(hour(link, now)) for now in (0, 60, 3600, 86_400)] == [Grade.UNUSABLE] * 4


def test_a_camera_that_is_gone_for_the_whole_hour_is_unusable() -> None:
    link = history(steady(0, 7200), losses=[7201])
    assert grade(hour(link, 7202 + HOUR_SECONDS)) is Grade.UNUSABLE
    assert hour(link, 7202 + HOUR_SECONDS).covered_ratio == 0


def test_what_came_from_a_camera_that_only_opens_and_dies_does_not_count_as_its_pace() -> None:
    frames = [600.0 * index for index in range(20)]
    link = history(frames, losses=[at + 1 for at in frames])
    assert grade(hour(link, 12_000)) is Grade.UNUSABLE


def test_an_hour_after_its_last_trouble_a_camera_is_excellent_again() -> None:
    link = history(steady(0, 400), losses=[11 + 30 * number for number in range(12)])
    tell(link, steady(430, 450))
    back = 430
    assert grade(hour(link, 450)) is Grade.UNUSABLE
    tell(link, steady(452, back + 3599, 1.0))
    assert hour(link, back + 3599).stalls == 1
    tell(link, steady(back + 3600, back + 3602))
    assert hour(link, back + 3602) == LinkHour(reconnects=0, stalls=0, covered_ratio=1)


def test_frames_at_one_moment_and_a_time_that_goes_back_are_taken_as_now() -> None:
    link = history()
    for at in (*steady(0, 100), 100, 100, 40, 99, *steady(102, 200)):
        link.frame(BOOT + at)
    link.lost(BOOT + 150)
    assert hour(link, 20) == LinkHour(reconnects=1, stalls=0, covered_ratio=1)
    link.frame(BOOT + 150)
    assert hour(link, 200) == LinkHour(reconnects=1, stalls=0, covered_ratio=1)


def test_the_worst_camera_is_remembered_by_no_more_than_the_bound_and_stays_unusable() -> None:
    link = history()
    for at in steady(0, 3600, 1.0):
        link.frame(BOOT + at)
        link.lost(BOOT + at)
    assert hour(link, 3600).reconnects <= MAX_SILENCES + 1
    assert grade(hour(link, 3600)) is Grade.UNUSABLE


def test_the_frame_rate_is_that_of_the_last_minute() -> None:
    link = history(steady(0, 120, 0.04))
    assert link.frames_per_second(BOOT + 120) == pytest.approx(25, rel=0.02)
    tell(link, steady(122, 300))
    assert link.frames_per_second(BOOT + 300) == pytest.approx(0.5, abs=0.02)
    assert link.frames_per_second(BOOT + 400) == 0


def test_a_frame_rate_is_known_from_the_second_frame_on() -> None:
    link = history([0.0])
    assert link.frames_per_second(BOOT) == 0
    tell(link, [2.0])
    assert link.frames_per_second(BOOT + 2) == 0.5
    tell(link, [4.0, 6.0])
    assert link.frames_per_second(BOOT + 6) == 0.5


DISTANCES = st.lists(st.one_of(st.floats(0.04, 4), st.floats(4, 60), st.floats(60, 2000)), min_size=2, max_size=120)


@given(DISTANCES, st.sets(st.integers(0, 118)), st.sets(st.integers(0, 118)))
def test_of_the_same_frames_with_more_losses_between_them_no_grade_is_better(
    distances: list[float], losses: set[int], more: set[int]
) -> None:
    def graded(lost_after: set[int]) -> Grade:
        link, at = LinkHistory(interval_seconds=INTERVAL), BOOT
        for index, distance in enumerate(distances):
            link.frame(at)
            if index in lost_after:
                link.lost(at)
            at += distance
        seen = link.hour(at)
        assert seen is not None
        return grade(seen)

    assert graded(losses | more) <= graded(losses)


@given(DISTANCES, st.sets(st.integers(0, 118)))
def test_whatever_is_told_the_share_is_a_share_and_the_counts_are_bounded(
    distances: list[float], losses: set[int]
) -> None:
    link, at = LinkHistory(interval_seconds=INTERVAL), BOOT
    for index, distance in enumerate(distances):
        (link.lost if index in losses else link.frame)(at)
        at += distance
        seen = link.hour(at)
        assert seen is not None
        assert 0 <= seen.covered_ratio <= 1
        assert seen.reconnects + seen.stalls <= index + 1
