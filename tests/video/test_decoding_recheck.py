from collections.abc import Iterable
from datetime import timedelta

from video.recheck import Recheck


def asked(interval_seconds: float, key_frames: Iterable[float]) -> list[float]:
    recheck = Recheck(timedelta(seconds=interval_seconds))
    return [second for second in key_frames if recheck.due(timedelta(seconds=second))]


def test_a_camera_is_asked_again_every_so_often() -> None:
    assert asked(60, range(0, 200, 2)) == [60, 120, 180]


def test_a_key_frame_out_of_turn_brings_the_question_forward() -> None:
    assert asked(60, [*range(0, 42, 2), 40.7, *range(42, 60, 2)]) == [40.7]


def test_a_camera_whose_key_frames_come_at_random_is_not_asked_at_each() -> None:
    assert asked(60, [0, 1, 5, 6, 19, 21, 30, 38, 39, 52]) == [21, 52]


def test_a_camera_that_is_not_to_be_asked_is_never_asked() -> None:
    assert asked(0, [0, 2, 4, 100, 101, 500]) == []


def test_a_stream_clock_that_starts_again_does_not_put_the_question_off() -> None:
    assert asked(60, [*range(5000, 5010, 2), *range(0, 130, 2)]) == [60, 120]
