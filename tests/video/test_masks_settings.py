"""[video.cameras.ID]"""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from video.camera_settings import CameraSettings
from video.polygon import Polygon, area, crosses_itself

SQUARE = [[0.1, 0.1], [0.3, 0.1], [0.3, 0.3], [0.1, 0.3]]


def ring(corners: int) -> list[list[float]]:
    """On a circle, in order: as round as polygons get."""
    return [
        [0.5 + 0.4 * math.cos(turn), 0.5 + 0.4 * math.sin(turn)]
        for turn in (2 * math.pi * corner / corners for corner in range(corners))
    ]


def reason(mask: object) -> str:
    with pytest.raises(ValidationError) as refused:
        CameraSettings.model_validate({"privacy_masks": [mask]})
    return str(refused.value)


def test_a_camera_has_no_masks_and_no_stream_of_its_own_unless_it_is_said() -> None:
    assert CameraSettings() == CameraSettings(stream=None, privacy_masks=(), motion_masks=())


def test_masks_are_read_as_the_file_has_them() -> None:
    read = CameraSettings.model_validate(
        {"stream": "sub", "privacy_masks": [SQUARE, ring(64)], "motion_masks": [SQUARE]}
    )
    assert read.stream == "sub"
    assert read.privacy_masks[0] == ((0.1, 0.1), (0.3, 0.1), (0.3, 0.3), (0.1, 0.3))
    assert read.motion_masks == read.privacy_masks[:1]


@pytest.mark.parametrize(
    "mask",
    [
        [],
        SQUARE[:2],
        ring(65),
        [[0.1, 0.1], [1.01, 0.1], [0.3, 0.3]],
        [[0.1, 0.1], [-0.01, 0.1], [0.3, 0.3]],
        [[0.1, 0.1], [math.nan, 0.1], [0.3, 0.3]],
        [[0.1, 0.1], [0.1], [0.3, 0.3]],
        [[0.1, 0.1, 0.1], [0.2, 0.1], [0.3, 0.3]],
    ],
    ids=str,
)
def test_what_is_no_polygon_in_a_picture_is_refused(mask: object) -> None:
    assert "privacy_masks" in reason(mask)


def test_a_line_is_refused_because_it_covers_nothing() -> None:
    assert "covers nothing" in reason([[0.1, 0.1], [0.2, 0.2], [0.3, 0.3]])


def test_an_outline_that_crosses_itself_is_refused_because_its_middle_would_stay_open() -> None:
    star = [ring(5)[corner] for corner in (0, 2, 4, 1, 3)]
    bow_tie = [SQUARE[corner] for corner in (0, 2, 1, 3)]
    assert "meets itself" in reason(star)
    assert "meets itself" in reason(bow_tie)
    assert "meets itself" in reason([[0.1, 0.1], [0.9, 0.1], [0.5, 0.5], [0.9, 0.9], [0.1, 0.9], [0.6, 0.5]])


def test_a_ring_closed_by_hand_is_refused_with_the_reason() -> None:
    assert "a point stands twice" in reason([*SQUARE, SQUARE[0]])


def test_a_list_without_end_is_refused() -> None:
    with pytest.raises(ValidationError, match="at most 32"):
        CameraSettings.model_validate({"motion_masks": [SQUARE] * 33})


def test_a_word_that_no_setting_has_is_refused() -> None:
    with pytest.raises(ValidationError, match="privacy_mask"):
        CameraSettings.model_validate({"privacy_mask": [SQUARE]})


def test_the_area_of_a_square_and_of_the_whole_picture() -> None:
    assert area(((0.1, 0.1), (0.3, 0.1), (0.3, 0.3), (0.1, 0.3))) == pytest.approx(0.04)
    assert area(((0, 0), (0, 1), (1, 1), (1, 0))) == 1


@given(st.lists(st.floats(0.05, 0.5), min_size=5, max_size=64))
def test_an_outline_that_goes_round_a_point_once_never_crosses_itself(radii: list[float]) -> None:
    turns = [2 * math.pi * corner / len(radii) for corner in range(len(radii))]
    polygon: Polygon = tuple(
        (0.5 + radius * math.cos(turn), 0.5 + radius * math.sin(turn))
        for radius, turn in zip(radii, turns, strict=True)
    )
    assert not crosses_itself(polygon)
