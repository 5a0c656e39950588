"""What lies under a privacy mask is in no picture that is written."""

import math

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from video.frame import Picture
from video.masks import COLOUR, masked
from video.polygon import Polygon
from video.still import encode

LEFT_HALF: Polygon = ((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0))
ALL: Polygon = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
SIZES = st.sampled_from([(36, 64), (180, 320), (101, 77)])


def white(height: int = 180, width: int = 320) -> Picture:
    return np.full((height, width, 3), 255, np.uint8)


def is_covered(picture: Picture) -> NDArray[np.bool_]:
    return np.asarray(np.all(picture == COLOUR, axis=2), np.bool_)


def test_the_picture_itself_is_left_to_the_measures() -> None:
    picture = white()
    covered = masked(picture, [LEFT_HALF])
    assert picture.min() == 255
    assert is_covered(covered)[:, :160].all()
    assert not is_covered(covered)[:, 163:].any()


def test_a_camera_without_masks_costs_no_copy() -> None:
    picture = white()
    assert masked(picture, []) is picture


def test_masks_that_overlap_do_not_open_each_other() -> None:
    assert is_covered(masked(white(), [ALL, LEFT_HALF, LEFT_HALF])).all()


@pytest.mark.parametrize(("height", "width"), [(360, 640), (720, 1280), (1080, 1920), (1, 1)])
def test_a_mask_fits_pictures_of_any_size(height: int, width: int) -> None:
    covered = is_covered(masked(white(height, width), [LEFT_HALF]))
    assert covered.mean() == pytest.approx(0.5, abs=0.01) or covered.size == 1
    assert is_covered(masked(white(height, width), [ALL])).all()


@settings(max_examples=60, deadline=None)
@given(SIZES, st.lists(st.floats(0.1, 0.5), min_size=3, max_size=12))
def test_every_pixel_whose_centre_lies_inside_is_covered_and_none_far_outside(
    size: tuple[int, int], radii: list[float]
) -> None:
    height, width = size
    mask = around_the_middle(radii)
    covered = is_covered(masked(white(height, width), [mask]))
    inside = centres_inside(mask, height, width)
    assert covered[inside].all()
    near = cv2.dilate(inside.astype(np.uint8), np.ones((7, 7), np.uint8)).astype(bool) | near_corners(mask, covered)
    assert not covered[~near].any()


def around_the_middle(radii: list[float]) -> Polygon:
    turns = [2 * math.pi * corner / len(radii) for corner in range(len(radii))]
    return tuple(
        (0.5 + radius * math.cos(turn), 0.5 + radius * math.sin(turn))
        for radius, turn in zip(radii, turns, strict=True)
    )


def centres_inside(mask: Polygon, height: int, width: int) -> NDArray[np.bool_]:
    """By counting the sides that a ray to the right crosses: another way than the one that paints."""
    x, y = np.meshgrid((np.arange(width) + 0.5) / width, (np.arange(height) + 0.5) / height)
    inside = np.zeros((height, width), bool)
    for (ax, ay), (bx, by) in zip(mask, mask[1:] + mask[:1], strict=True):
        if ay != by:
            inside ^= ((ay > y) != (by > y)) & (x < (bx - ax) * (y - ay) / (by - ay) + ax)
    return inside


def near_corners(mask: Polygon, picture: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """A spike thinner than a pixel has no centre in it, but is drawn; its outline is allowed for."""
    height, width = picture.shape
    line = np.zeros((height, width), np.uint8)
    corners = np.array([(x * width, y * height) for x, y in mask], np.int32)
    cv2.polylines(line, [corners], isClosed=True, color=1, thickness=5)
    return line.astype(bool)


def test_no_trace_of_what_was_covered_is_left_in_the_jpeg() -> None:
    """Two pictures that differ under the mask alone are the same file."""
    noise = np.random.default_rng(5).integers(0, 256, (180, 320, 3), np.uint8)
    other = noise.copy()
    other[:, :160] = 255 - other[:, :160]
    assert encode(noise, 80) != encode(other, 80)
    assert encode(masked(noise, [LEFT_HALF]), 80) == encode(masked(other, [LEFT_HALF]), 80)
