import cv2
import numpy as np
import pytest

from simulators.scenery.scene import Picture, Scene, exposed, pictures


def luma(picture: Picture) -> float:
    return float(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY).mean()) / 255


@pytest.mark.parametrize("brightness", [0.0, 0.1, 0.5, 0.9, 1.0])
def test_every_picture_is_as_bright_as_asked(brightness: float) -> None:
    for picture in pictures(Scene(brightness=brightness, fps=2, seconds=2)):
        assert luma(picture) == pytest.approx(brightness, abs=0.01)


@pytest.mark.parametrize("shade", [0, 255])
def test_a_picture_of_one_shade_can_be_given_any_brightness_or_stays_black(shade: int) -> None:
    flat = np.full((4, 4, 3), shade, np.uint8)
    assert luma(exposed(flat, 0.0)) == 0
    assert luma(exposed(flat, 0.5)) == pytest.approx(0.5, abs=0.01)
    assert luma(exposed(flat, 1.0)) == 1


def test_equal_scenes_look_the_same_to_the_last_pixel() -> None:
    first, second = (np.stack(list(pictures(Scene(seed=7, fps=2)))) for _ in range(2))
    assert np.array_equal(first, second)


def test_another_seed_is_another_street() -> None:
    assert not np.array_equal(next(pictures(Scene(seed=1))), next(pictures(Scene(seed=2))))


def test_the_traffic_moves_and_the_loop_has_no_seam() -> None:
    loop = [picture.astype(np.int16) for picture in pictures(Scene(fps=10))]
    steps = [float(np.abs(loop[index] - loop[index - 1]).mean()) for index in range(len(loop))]
    assert min(steps) > 0
    assert steps[0] < 2 * max(steps[1:])  # step 0 leads from the last picture back to the first


def test_the_pictures_have_the_asked_size_and_number() -> None:
    loop = list(pictures(Scene(width=320, height=180, fps=3, seconds=2)))
    assert [picture.shape for picture in loop] == [(180, 320, 3)] * 6


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"brightness": 1.1}, "brightness"),
        ({"brightness": float("nan")}, "brightness"),
        ({"width": 641}, "odd"),
        ({"fps": 0}, "at least 1"),
        ({"seconds": 5, "gop_seconds": 2}, "whole GOP"),
    ],
)
def test_a_scene_that_cannot_be_filmed_is_refused_with_the_reason(wrong: dict[str, int], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        Scene(**wrong)
