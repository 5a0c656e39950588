import numpy as np
import pytest

from video.measure import HEIGHT, WIDTH, Grey
from video.motion import STILL, Motion, rasterised

LEFT_HALF = ((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0))


def street(seed: int, *, gain: float = 1.0, grain: float = 2.0) -> Grey:
    """A street that stands still, with a grain of its own in each picture."""
    walls = np.random.default_rng(0).integers(40, 180, (18, 32)).repeat(10, axis=0).repeat(10, axis=1)
    noise = np.random.default_rng(seed).normal(0, grain, walls.shape)
    return np.clip(walls * gain + noise, 0, 255).astype(np.uint8)


def with_car(picture: Grey, left: int) -> Grey:
    picture[100:140, left : left + 60] = 250
    return picture


def watching(masks: tuple[tuple[tuple[float, float], ...], ...] = ()) -> Motion:
    """A background of 30 pictures in which nothing happened."""
    motion = Motion(masks)
    for seed in range(30):
        motion.judge(street(seed))
    return motion


def test_nothing_moves_in_a_street_that_stands_still_however_grainy() -> None:
    motion = Motion()
    ratios = [motion.judge(street(seed, grain=8)).outside for seed in range(30)]
    assert ratios[0] == 0
    assert max(ratios[10:]) < 0.001


def test_a_car_moves_as_much_as_it_covers() -> None:
    assert watching().judge(with_car(street(99), 200)).outside == pytest.approx(60 * 40 / (WIDTH * HEIGHT), rel=0.1)


def test_motion_is_told_apart_by_the_masks() -> None:
    within = watching((LEFT_HALF,)).judge(with_car(street(99), 40))
    beside = watching((LEFT_HALF,)).judge(with_car(street(99), 220))
    assert within.inside > 0.05
    assert within.outside < 0.001
    assert beside.outside > 0.05
    assert beside.inside < 0.001


def test_lightning_is_no_motion_and_neither_is_the_darkness_after_it() -> None:
    motion = watching()
    flash = motion.judge(street(99, gain=1.9))
    after = [motion.judge(street(seed)) for seed in range(100, 103)]
    assert flash == STILL
    assert max(ratio.outside for ratio in after) < 0.01


def test_what_came_and_stays_is_background_within_a_minute() -> None:
    motion = watching()
    ratios = [motion.judge(with_car(street(seed), 200)).outside for seed in range(100, 130)]
    assert ratios[0] > 0.03
    assert ratios[-1] < 0.001


def test_a_mask_over_everything_leaves_nothing_outside() -> None:
    everywhere = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
    ratio = watching((everywhere,)).judge(with_car(street(99), 200))
    assert ratio.outside == 0
    assert ratio.inside > 0.03


def test_masks_that_overlap_do_not_open_each_other() -> None:
    assert np.array_equal(rasterised((LEFT_HALF, LEFT_HALF)), rasterised((LEFT_HALF,)))
    assert rasterised((LEFT_HALF,)).mean() == pytest.approx(0.5, abs=0.01)
