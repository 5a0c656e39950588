import cv2
import numpy as np
import pytest

from video.frame import Picture
from video.measure import HEIGHT, WIDTH, measure


def textured(seed: int = 0, *, height: int = 360, width: int = 640) -> Picture:
    """Coarse and fine hills in colour, the same at any size."""
    coarse = np.random.default_rng(seed).integers(40, 215, (36, 64, 3)).astype(np.uint8)
    return np.asarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC), np.uint8)


def flat(level: int) -> Picture:
    return np.full((360, 640, 3), level, np.uint8)


def test_one_colour_has_no_contrast_and_no_edge() -> None:
    measures = measure(flat(90))
    assert (measures.contrast_ratio, measures.sharpness) == (0, 0)
    assert measures.solid_ratio == 1


def test_a_defocus_of_four_thousandths_of_the_width_takes_most_of_the_sharpness() -> None:
    for width in (640, 1280):
        sharp = textured(width=width, height=width * 9 // 16)
        blurred = np.asarray(cv2.GaussianBlur(sharp, (0, 0), 0.004 * width), np.uint8)
        assert measure(blurred).sharpness < 0.6 * measure(sharp).sharpness


def test_clipped_points_are_counted() -> None:
    picture = flat(100)
    picture[:90] = 255
    assert measure(picture).clipped_ratio == pytest.approx(0.25, abs=0.01)


def test_a_picture_without_colour_is_told_from_a_coloured_one() -> None:
    grey = np.repeat(textured()[:, :, :1], 3, axis=2)
    assert measure(grey).colour_ratio == 0
    assert measure(textured()).colour_ratio > 0.1


def test_the_commonest_colour_may_stray_as_an_encoder_does() -> None:
    picture = flat(120)
    picture[::2] += 3
    assert measure(picture).solid_ratio == 1
    picture[:90] = 20
    assert measure(picture).solid_ratio == pytest.approx(0.75, abs=0.02)


def test_equal_pictures_have_equal_digests_and_one_point_can_make_another() -> None:
    picture = textured()
    changed = picture.copy()
    changed[160, 200] += 1
    assert measure(picture).digest == measure(picture.copy()).digest != measure(changed).digest


def test_the_small_picture_has_one_size_whatever_the_camera_sends() -> None:
    for height, width in ((1, 2), (240, 320), (1080, 1920)):
        assert measure(textured(height=height, width=width)).grey.shape == (HEIGHT, WIDTH)
