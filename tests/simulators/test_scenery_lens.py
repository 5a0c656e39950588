"""What is left of a picture behind a lens that somebody has interfered with."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulators.scenery.lens import FLAT_COLOURS, Lens, Mishap, seen_through
from simulators.scenery.picture import Picture, luma
from simulators.scenery.scene import Scene, pictures

VARIANTS = range(8)
HARMFUL = [lens for lens in Lens if lens not in {Lens.CLEAR, Lens.TURNED}]


@pytest.fixture(scope="module")
def clear() -> Picture:
    return next(pictures(Scene(seed=1, width=320, height=180)))


def grey(picture: Picture) -> Picture:
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8)


def edges(picture: Picture) -> float:
    return float(cv2.Laplacian(grey(picture), cv2.CV_64F).var())


def variants(picture: Picture, lens: Lens) -> list[Picture]:
    return [seen_through(picture, lens, seed=seed) for seed in VARIANTS]


def test_a_clear_lens_changes_nothing(clear: Picture) -> None:
    assert np.array_equal(seen_through(clear, Lens.CLEAR), clear)


@pytest.mark.parametrize("lens", HARMFUL)
def test_what_has_not_begun_changes_nothing(clear: Picture, lens: Lens) -> None:
    assert np.array_equal(seen_through(clear, lens, amount=0.0), clear)


@pytest.mark.parametrize("lens", HARMFUL)
def test_a_lens_leaves_the_picture_it_is_given_alone(clear: Picture, lens: Lens) -> None:
    before = clear.copy()
    assert not np.array_equal(seen_through(clear, lens), before)
    assert np.array_equal(clear, before)


@pytest.mark.parametrize("lens", HARMFUL)
def test_the_seed_alone_chooses_the_variant(clear: Picture, lens: Lens) -> None:
    assert all(map(np.array_equal, variants(clear, lens), variants(clear, lens)))
    assert not np.array_equal(seen_through(clear, lens, seed=0), seen_through(clear, lens, seed=1))


def test_behind_a_cap_it_is_black(clear: Picture) -> None:
    assert all(luma(picture) < 0.05 for picture in variants(clear, Lens.BLACK))


def test_a_lamp_into_the_lens_clips_most_of_the_view(clear: Picture) -> None:
    shares = [float((grey(picture) == 255).mean()) for picture in variants(clear, Lens.WHITE)]
    assert min(shares) > 0.5
    assert min(shares) < 1  # of some views something remains


def test_a_cover_has_one_colour_and_next_to_no_edges(clear: Picture) -> None:
    for picture in variants(clear, Lens.COVERED):
        assert grey(picture).std() < 45
        assert edges(picture) < 0.1 * edges(clear)


def test_half_a_cover_hides_about_half(clear: Picture) -> None:
    for seed in VARIANTS:
        half = seen_through(clear, Lens.COVERED, seed=seed, amount=0.5)
        unchanged = float((cv2.absdiff(half, clear).max(axis=2) <= 2).mean())
        assert 0.25 < unchanged < 0.65


def test_a_cover_is_darker_at_night(clear: Picture) -> None:
    by_night = np.asarray(clear * 0.2, np.uint8)
    for day, night in zip(variants(clear, Lens.COVERED), variants(by_night, Lens.COVERED), strict=True):
        assert luma(night) < luma(day)


def test_paint_hides_half_of_the_view_or_more_and_leaves_gaps(clear: Picture) -> None:
    for picture in variants(clear, Lens.SPRAYED):
        unchanged = float((cv2.absdiff(picture, clear).max(axis=2) <= 2).mean())
        assert 0.01 < unchanged < 0.55


def test_out_of_focus_the_edges_are_gone_and_the_brightness_is_not(clear: Picture) -> None:
    for picture in variants(clear, Lens.DEFOCUSED):
        assert edges(picture) < 0.35 * edges(clear)
        assert luma(picture) == pytest.approx(luma(clear), abs=0.01)


def test_no_signal_is_one_of_the_flat_colours(clear: Picture) -> None:
    colours = {
        tuple(map(tuple, np.unique(picture.reshape(-1, 3), axis=0))) for picture in variants(clear, Lens.NO_SIGNAL)
    }
    assert colours == {(colour,) for colour in FLAT_COLOURS}


@settings(max_examples=50)
@given(st.sampled_from(HARMFUL), st.integers(0, 99), st.floats(0, 1), st.integers(1, 40), st.integers(1, 40))
def test_any_picture_goes_through_any_lens(lens: Lens, seed: int, amount: float, width: int, height: int) -> None:
    picture = np.full((height, width, 3), 90, np.uint8)
    seen = seen_through(picture, lens, seed=seed, amount=amount)
    assert (seen.shape, seen.dtype) == (picture.shape, picture.dtype)


def test_a_picture_cannot_be_turned_for_it_does_not_show_what_stands_beside() -> None:
    with pytest.raises(ValueError, match="film the street"):
        seen_through(np.zeros((4, 4, 3), np.uint8), Lens.TURNED)


@given(st.integers(0, 10_000))
def test_a_turned_camera_looks_a_tenth_to_six_tenths_aside(seed: int) -> None:
    across, down = Mishap(lens=Lens.TURNED, seed=seed).pan
    assert 0.1 <= abs(across) <= 0.6
    assert abs(down) < 0.2
    assert Mishap(lens=Lens.TURNED, seed=seed, amount=0.0).pan == (0, 0)
    assert Mishap(lens=Lens.COVERED, seed=seed).pan == (0, 0)


@pytest.mark.parametrize("amount", [-0.1, 1.1, float("nan")])
def test_more_than_all_cannot_happen(amount: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        Mishap(amount=amount)
