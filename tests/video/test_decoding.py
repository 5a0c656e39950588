from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from video.decoding import LONG_IN_A_ROW, SHORT_IN_A_ROW, Decoding, Mode
from video.failure import Failure

BEYOND = timedelta(seconds=6)


def decoding(*key_frames: float, mode: Mode = Mode.KEY_FRAMES) -> Decoding:
    """After key frames at these seconds of the stream."""
    result = Decoding(beyond=BEYOND)
    result.mode = mode
    for second in key_frames:
        result.saw(timedelta(seconds=second), is_key=True)
    return result


def test_a_camera_begins_with_key_frames_only() -> None:
    assert decoding().mode is Mode.KEY_FRAMES


def test_key_frames_within_the_limit_are_enough() -> None:
    assert decoding(0, 6, 12, 18, 24).mode is Mode.KEY_FRAMES


def test_one_long_distance_is_a_hiccup_and_two_are_a_habit() -> None:
    assert decoding(0, 2, 12, 14, 24, 26).mode is Mode.KEY_FRAMES
    assert decoding(0, 2, 12, 22).mode is Mode.EVERY_FRAME


def test_frames_between_key_frames_do_not_count_as_distances() -> None:
    watched = decoding(mode=Mode.EVERY_FRAME)
    for frame in range(250):
        watched.saw(timedelta(seconds=frame / 10), is_key=frame % 100 == 0)
    assert watched.mode is Mode.EVERY_FRAME


def test_short_distances_for_a_while_lead_back_to_key_frames() -> None:
    seconds = [2.0 * index for index in range(SHORT_IN_A_ROW + 1)]
    assert decoding(*seconds[:-1], mode=Mode.EVERY_FRAME).mode is Mode.EVERY_FRAME
    assert decoding(*seconds, mode=Mode.EVERY_FRAME).mode is Mode.KEY_FRAMES


def test_a_camera_right_at_the_limit_does_not_go_to_and_fro() -> None:
    seconds = [5.9 * index for index in range(100)]
    assert decoding(*seconds, mode=Mode.EVERY_FRAME).mode is Mode.EVERY_FRAME
    assert decoding(*seconds).mode is Mode.KEY_FRAMES


def test_what_lies_between_two_connections_is_no_distance() -> None:
    watched = decoding(0, 100)
    watched.begin()
    watched.saw(timedelta(seconds=300), is_key=True)
    assert watched.mode is Mode.KEY_FRAMES


def test_a_camera_that_shows_one_key_frame_and_then_none_is_decoded_in_full() -> None:
    watched = decoding(0)
    watched.opened()
    assert watched.failed(Failure.STALLED)
    assert watched.mode is Mode.EVERY_FRAME


def test_a_camera_that_sends_and_shows_no_key_frame_is_decoded_in_full() -> None:
    watched = decoding()
    assert watched.failed(Failure.GARBAGE)
    assert watched.mode is Mode.EVERY_FRAME


def test_a_camera_that_sends_nothing_is_not_decoded_in_full() -> None:
    watched = decoding()
    assert not watched.failed(Failure.STALLED)
    assert watched.mode is Mode.KEY_FRAMES


def test_a_camera_that_stalls_after_many_key_frames_is_a_stalled_camera() -> None:
    watched = decoding(0, 2, 4)
    watched.opened()
    assert not watched.failed(Failure.STALLED)
    assert watched.mode is Mode.KEY_FRAMES


def test_a_camera_without_a_picture_in_either_mode_is_tried_with_key_frames_next() -> None:
    watched = decoding()
    assert watched.failed(Failure.GARBAGE)
    watched.begin()
    assert not watched.failed(Failure.GARBAGE)
    assert watched.mode is Mode.KEY_FRAMES


def test_a_camera_of_long_distances_that_stalls_is_still_decoded_in_full_when_it_is_back() -> None:
    watched = decoding(0, mode=Mode.EVERY_FRAME)
    watched.opened()
    assert not watched.failed(Failure.STALLED)
    assert watched.mode is Mode.EVERY_FRAME


@pytest.mark.parametrize("failure", [failure for failure in Failure if failure not in {"stalled", "garbage"}])
def test_no_other_failure_is_blamed_on_what_is_decoded(failure: Failure) -> None:
    assert not decoding().failed(failure)


@given(st.lists(st.floats(0, 6), max_size=60))
def test_no_distances_within_the_limit_ever_force_full_decoding(distances: list[float]) -> None:
    second, watched = 0.0, decoding(0)
    for distance in distances:
        second += distance
        watched.saw(timedelta(seconds=second), is_key=True)
    assert watched.mode is Mode.KEY_FRAMES or max(distances) > 6 - 1e-3


@given(st.lists(st.floats(6.1, 600), min_size=LONG_IN_A_ROW, max_size=20))
def test_distances_beyond_the_limit_always_do(distances: list[float]) -> None:
    second, watched = 0.0, decoding(0)
    for distance in distances:
        second += distance
        watched.saw(timedelta(seconds=second), is_key=True)
    assert watched.mode is Mode.EVERY_FRAME
