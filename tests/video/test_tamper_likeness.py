import cv2
import numpy as np
import pytest

from video.measure import HEIGHT, WIDTH, Grey
from video.tamper.likeness import Likeness, compare
from video.tamper.view import View


def street(seed: int = 0) -> Grey:
    """Walls, windows and fine lines, wider than the view."""
    rng = np.random.default_rng(seed)
    coarse = cv2.resize(rng.integers(40, 200, (20, 60)).astype(np.float32), (600, 220), interpolation=cv2.INTER_NEAREST)
    fine = cv2.resize(rng.normal(0, 15, (100, 300)).astype(np.float32), (600, 220), interpolation=cv2.INTER_NEAREST)
    return np.asarray(np.clip(coarse + fine, 0, 255), np.uint8)


def seen(*, right: int = 0, down: int = 0, seed: int = 0) -> Grey:
    """The part of the street before a camera that is turned left and up by so many points."""
    left, top = 150 - right, 20 - down
    return np.asarray(street(seed)[top : top + HEIGHT, left : left + WIDTH], np.uint8)


def beside_usual(picture: Grey) -> Likeness:
    return compare(View.of(picture), View.of(seen()))


def test_a_view_is_wholly_like_itself() -> None:
    likeness = beside_usual(seen())
    assert likeness.shift == pytest.approx((0, 0))
    assert likeness.dull_ratio == 0
    assert (likeness.agreement, likeness.detail, likeness.intact_ratio) == pytest.approx((1, 1, 1))


def test_another_view_has_nothing_in_common_but_edges() -> None:
    likeness = beside_usual(seen(seed=1))
    assert likeness.agreement < 0.2
    assert likeness.intact_ratio < 0.05
    assert likeness.dull_ratio < 0.1


@pytest.mark.parametrize(("right", "down"), [(12, 5), (-3, 1), (90, -10), (-120, 0)])
def test_a_shift_is_found_and_undone(right: int, down: int) -> None:
    likeness = beside_usual(seen(right=right, down=down))
    assert likeness.shift == pytest.approx((right / WIDTH, down / WIDTH), abs=0.002)
    assert likeness.agreement > 0.9


def test_a_blur_takes_the_detail_and_leaves_the_rest() -> None:
    blurred = np.asarray(cv2.GaussianBlur(seen(), (0, 0), 0.004 * WIDTH), np.uint8)
    likeness = beside_usual(blurred)
    assert likeness.detail < 0.4
    assert likeness.agreement > 0.9


def test_half_the_light_and_a_sensors_grain_leave_the_detail() -> None:
    grain = np.random.default_rng(7).normal(0, 6, (HEIGHT, WIDTH))
    dim = np.clip(seen() * 0.5 + grain, 0, 255).astype(np.uint8)
    likeness = beside_usual(dim)
    assert likeness.detail == pytest.approx(1, abs=0.15)
    assert likeness.recognised_ratio > 0.95


def test_behind_a_cloth_there_is_no_glimpse_of_the_view() -> None:
    grain = np.random.default_rng(7).normal(0, 3, (HEIGHT, WIDTH))
    likeness = beside_usual((90 + grain).astype(np.uint8))
    assert likeness.dull_ratio > 0.9
    assert likeness.glimpse < 0.1


def test_what_is_written_along_the_rims_is_not_looked_at() -> None:
    written = seen().copy()
    for y in (12, HEIGHT - 6):
        cv2.putText(written, "2026-11-21 07:00:00", (5, y), cv2.FONT_HERSHEY_SIMPLEX, 0.4, 255, 1)
    assert beside_usual(written).intact_ratio == 1


def test_a_reference_that_shows_nothing_tells_nothing() -> None:
    likeness = compare(View.of(seen()), View.of(np.full((HEIGHT, WIDTH), 90, np.uint8)))
    assert likeness.structured_ratio == 0
    assert (likeness.recognised_ratio, likeness.detail, likeness.agreement) == (0, 0, 0)
