"""Pictures into a network's input and boxes back, and what a network tells before anything is chosen."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from video.letterbox import PADDING, Placement, Size, letterbox, place
from video.yolo import Candidates, Layout, candidates, layout_of

SIZES = st.builds(
    Size, st.integers(1, 60).map(lambda cells: 32 * cells), st.integers(1, 60).map(lambda cells: 32 * cells)
)
SMALL = Size(32, 32)  # 16 + 4 + 1 cells


def placed(width: int, height: int, size: Size, *, centred: bool) -> Placement:
    return place(np.broadcast_to(np.uint8(0), (height, width, 3)), size, centred=centred)


@given(st.integers(1, 4000), st.integers(1, 4000), SIZES, st.booleans())
def test_a_picture_is_placed_whole_and_as_large_as_fits(width: int, height: int, size: Size, centred: bool) -> None:  # noqa: FBT001  drawn by hypothesis
    placement = placed(width, height, size, centred=centred)
    assert 0 <= placement.left <= placement.left + placement.width <= size.width
    assert 0 <= placement.top <= placement.top + placement.height <= size.height
    assert placement.width == size.width or placement.height == size.height
    # Undistorted but for a pixel: of the two sides one is exact and the other rounded.
    assert abs(placement.width * height - placement.height * width) <= max(width, height)


@given(st.integers(16, 4000), st.integers(16, 4000), SIZES, st.booleans(), st.tuples(*[st.floats(0, 1)] * 4))
def test_a_box_goes_into_the_input_and_comes_back(
    width: int,
    height: int,
    size: Size,
    centred: bool,  # noqa: FBT001  drawn by hypothesis
    edges: tuple[float, float, float, float],
) -> None:
    placement = placed(width, height, size, centred=centred)
    left, right = sorted(edges[:2])
    top, bottom = sorted(edges[2:])
    told = [
        placement.left + (left + right) / 2 * placement.width,
        placement.top + (top + bottom) / 2 * placement.height,
        (right - left) * placement.width,
        (bottom - top) * placement.height,
    ]
    assert placement.boxes(np.array([told]))[0] == pytest.approx([left, top, right - left, bottom - top], abs=1e-9)


@given(st.lists(st.tuples(*[st.floats(-1e6, 1e6)] * 4), max_size=20))
def test_no_box_reaches_out_of_the_picture(told: list[tuple[float, float, float, float]]) -> None:
    boxes = placed(1280, 720, Size(640, 640), centred=True).boxes(np.array(told).reshape(-1, 4))
    assert (boxes[:, :2] >= 0).all()
    assert (boxes[:, :2] + boxes[:, 2:].clip(0) <= 1 + 1e-9).all()


def test_around_the_picture_there_is_grey_and_inside_nothing_is_lost() -> None:
    picture = np.full((90, 160, 3), 255, np.uint8)
    padded = letterbox(picture, Size(64, 64), place(picture, Size(64, 64), centred=True))
    assert (padded[14:50] == 255).all()
    assert (padded[:14] == PADDING).all()
    assert (padded[50:] == PADDING).all()


def grid_answer(told: dict[int, list[float]], layout: Layout = Layout.YOLOX) -> Candidates:
    output = np.zeros((1, 21, 7), np.float32)
    for row, values in told.items():
        output[0, row] = values
    return candidates(output, layout, SMALL, above=0.5)


def test_boxes_told_in_cells_are_read_grid_by_grid_and_row_by_row() -> None:
    found = grid_answer(
        {6: [0.5, 0.5, 0, 0, 1, 0, 1], 16: [0, 0, np.log(2), 0, 1, 1, 0], 20: [0.5, 0.25, 0, 0, 1, 1, 0]}
    )
    assert found.boxes.tolist() == [[20, 12, 8, 8], [pytest.approx(0), 0, pytest.approx(32), 16], [16, 8, 32, 32]]
    assert found.classes.tolist() == [1, 0, 0]


def test_numbers_that_are_none_are_no_boxes() -> None:
    sure = [1.0, 1.0, 0.0]
    found = grid_answer(
        {
            0: [np.nan, 0, 0, 0, *sure],
            1: [0, 0, np.inf, 0, *sure],
            2: [0, 0, 0, 0, np.nan, 1, 0],
            3: [0, 0, 0, 0, 1, np.nan, 0],
            4: [0, 0, 0, 0, np.inf, 0, 0],
        }
    )
    assert len(found.boxes) == 0


def test_a_logarithm_beyond_all_sizes_is_a_large_box_and_no_overflow() -> None:
    assert np.isfinite(grid_answer({0: [0, 0, 1e6, 1e6, 1, 1, 0]}).boxes).all()


def test_a_confidence_above_one_is_one() -> None:
    assert grid_answer({0: [0, 0, 1, 1, 1, 1.0001, 0]}, Layout.YOLOX_DECODED).confidences.tolist() == [1]


@pytest.mark.parametrize(
    ("shape", "layout"),
    [((1, 84, 8400), Layout.YOLOV8), ((1, 84, 33600), Layout.YOLOV8), ((1, 25200, 85), Layout.YOLOV5)],
)
def test_the_networks_operators_have_tell_their_dialect_by_their_shape(shape: tuple[int, ...], layout: Layout) -> None:
    assert layout_of(shape, 80, Size(640, 640)) is layout


def test_yolox_at_its_two_usual_sizes_is_taken_at_its_word() -> None:
    for size, boxes in ((Size(640, 640), 8400), (Size(416, 416), 3549)):
        for said in (Layout.YOLOX, Layout.YOLOX_DECODED):
            assert layout_of((1, boxes, 85), 80, size, said) is said
