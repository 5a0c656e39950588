"""The film that a simulated camera plays."""

from dataclasses import replace
from itertools import pairwise

import cv2
import numpy as np
import pytest

from simulators.scenery.lens import Lens
from simulators.scenery.light import Light
from simulators.scenery.picture import Picture, luma
from simulators.scenery.scene import Scene, pictures
from simulators.scenery.sensor import exposed, grain

SMALL = Scene(width=320, height=180, fps=3, seconds=1)
EMPTY = replace(SMALL, cars=0, people=0)


def first(scene: Scene) -> Picture:
    return next(pictures(scene))


def sharpness(picture: Picture) -> float:
    return float(cv2.Laplacian(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), cv2.CV_64F)[20:].var())  # below the clock


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


def test_grain_has_the_asked_deviation_is_new_at_every_tick_and_changes_no_brightness() -> None:
    flat = np.full((180, 320, 3), 100, np.uint8)
    sensor = grain(3, 320, 180)
    noisy = [sensor.add(flat, 5.0, tick) for tick in range(200)]
    assert all(picture.mean() == pytest.approx(100, abs=0.5) for picture in noisy)
    assert noisy[0].std() == pytest.approx(5.0 * 1.25**0.5, rel=0.1)  # in brightness, and half as much in colour
    assert len({picture.tobytes() for picture in noisy}) == 200


def test_equal_scenes_look_the_same_to_the_last_pixel() -> None:
    scene = Scene(seed=7, rain=0.5, light=Light.NIGHT, width=320, height=180, fps=2)
    one, other = (np.stack(list(pictures(scene))) for _ in range(2))
    assert np.array_equal(one, other)


def test_another_seed_is_another_street() -> None:
    streets = [first(replace(SMALL, seed=seed)).astype(np.int16) for seed in range(6)]
    assert min(np.abs(one - other).mean() for one in streets for other in streets if one is not other) > 12


def test_every_fifth_street_is_plain() -> None:
    edges = [sharpness(first(replace(EMPTY, seed=seed))) for seed in range(10)]
    assert max(edges[4::5]) < 0.5 * min(edges[seed] for seed in range(10) if seed % 5 != 4)


def test_the_traffic_moves_and_the_loop_has_no_seam() -> None:
    loop = [picture.astype(np.int16) for picture in pictures(Scene(fps=10, width=320, height=180, rain=0.3))]
    steps = [float(np.abs(loop[index] - loop[index - 1]).mean()) for index in range(len(loop))]
    assert min(steps) > 0
    assert steps[0] < 1.5 * max(steps[1:])  # step 0 leads from the last picture back to the first


@pytest.mark.parametrize("light", Light)
@pytest.mark.parametrize("lens", sorted(set(Lens) - {Lens.NO_SIGNAL}))
def test_no_picture_is_that_before_it_again(light: Light, lens: Lens) -> None:
    loop = list(pictures(replace(EMPTY, light=light, lens=lens)))
    assert all(np.abs(cv2.absdiff(one, other))[20:].any() for one, other in pairwise([*loop, loop[0]]))


def test_without_a_signal_every_picture_is_of_one_colour_and_has_no_clock() -> None:
    loop = list(pictures(Scene(lens=Lens.NO_SIGNAL, width=320, height=180)))
    assert all(np.array_equal(picture, loop[0]) for picture in loop)
    assert np.ptp(loop[0].reshape(-1, 3), axis=0).tolist() == [0, 0, 0]


def test_it_gets_darker_from_day_to_dusk_to_night() -> None:
    day, dusk, night = (luma(first(replace(SMALL, light=light))) for light in (Light.DAY, Light.DUSK, Light.NIGHT))
    assert day > 1.1 * dusk > 1.1 * 1.1 * night


def test_infrared_has_no_colours_and_its_corners_are_dark() -> None:
    picture = first(replace(EMPTY, light=Light.INFRARED, seed=4))
    blue, green, red = cv2.split(picture)
    assert np.array_equal(blue, green)
    assert np.array_equal(green, red)
    assert picture[80:120, 130:190].mean() > 1.5 * picture[80:120, :30].mean()


def test_rain_takes_contrast_away_and_falls_elsewhere_in_every_picture() -> None:
    dry, wet = (list(pictures(replace(EMPTY, rain=rain))) for rain in (0.0, 1.0))
    assert wet[0][20:90].std() < 0.9 * dry[0][20:90].std()
    assert cv2.absdiff(*wet[:2]).mean() > 2 * cv2.absdiff(*dry[:2]).mean()


def test_the_pictures_have_the_asked_size_and_number() -> None:
    loop = list(pictures(Scene(width=320, height=180, fps=3, seconds=2)))
    assert [picture.shape for picture in loop] == [(180, 320, 3)] * 6


def test_the_smallest_picture_can_be_filmed_too() -> None:
    for light in Light:
        assert first(Scene(width=2, height=2, light=light, rain=1.0)).shape == (2, 2, 3)


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"brightness": 1.1}, "brightness"),
        ({"brightness": float("nan")}, "brightness"),
        ({"rain": -0.1}, "rain"),
        ({"people": -1}, "people"),
        ({"width": 641}, "odd"),
        ({"fps": 0}, "at least 1"),
        ({"seconds": 5, "gop_seconds": 2}, "whole GOP"),
    ],
)
def test_a_scene_that_cannot_be_filmed_is_refused_with_the_reason(wrong: dict[str, int], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        Scene(**wrong)
