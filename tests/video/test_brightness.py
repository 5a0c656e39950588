import numpy as np
import pytest

from video.frame import Picture
from video.measure import measure


def plain(blue: int, green: int, red: int, *, height: int = 360, width: int = 640) -> Picture:
    return np.full((height, width, 3), (blue, green, red), np.uint8)


def brightness(picture: Picture) -> float:
    return measure(picture).brightness_ratio


def test_black_is_zero_and_white_is_one() -> None:
    assert brightness(plain(0, 0, 0)) == 0
    assert brightness(plain(255, 255, 255)) == pytest.approx(1)


def test_green_is_brighter_than_red_and_red_than_blue() -> None:
    assert brightness(plain(255, 0, 0)) == pytest.approx(0.114, abs=0.002)
    assert brightness(plain(0, 255, 0)) == pytest.approx(0.587, abs=0.002)
    assert brightness(plain(0, 0, 255)) == pytest.approx(0.299, abs=0.002)


def test_a_picture_half_black_half_white_is_grey_at_any_size() -> None:
    for height, width in ((1, 2), (90, 160), (1080, 1920)):
        picture = plain(0, 0, 0, height=height, width=width)
        picture[:, width // 2 :] = 255
        assert brightness(picture) == pytest.approx(0.5, abs=0.02)


def test_a_picture_without_points_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing to measure"):
        brightness(plain(0, 0, 0, height=0))
