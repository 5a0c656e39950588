"""A camera's whole day, at any second of it."""

from itertools import pairwise

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulators.nature.rhythm import DAY, HOUR
from simulators.scenery.chance import events
from simulators.scenery.day import CameraDay
from simulators.scenery.figures import Actor
from simulators.scenery.lens import Lens, Mishap
from simulators.scenery.nuisance import Nuisance
from simulators.scenery.picture import Picture, luma
from simulators.scenery.sky import sky

SEEDS = range(8)
NOON, MIDNIGHT = 12.0 * HOUR, 0.0
BELOW_THE_CLOCK = 20
SHIFTS = st.integers(0, DAY - 1).map(float)


@pytest.fixture(scope="module")
def cameras() -> list[CameraDay]:
    return [camera(seed) for seed in SEEDS]


def camera(seed: int) -> CameraDay:
    return CameraDay(seed=seed, width=320, height=180)


def crowd(day: CameraDay, second: float) -> tuple[Actor, ...]:
    return day.moment(second).actors


def difference(one: Picture, other: Picture) -> float:
    return float(cv2.absdiff(one, other)[BELOW_THE_CLOCK:].mean())


def test_a_second_is_the_same_in_any_order_and_from_any_camera_of_the_seed(cameras: list[CameraDay]) -> None:
    seconds = [MIDNIGHT, 5 * HOUR, NOON + 0.5, 18.2 * HOUR]
    forwards = [cameras[1].picture(second) for second in seconds]
    backwards = [camera(1).picture(second) for second in reversed(seconds)]
    assert all(map(np.array_equal, forwards, reversed(backwards)))


def test_no_picture_is_that_of_two_seconds_before(cameras: list[CameraDay]) -> None:
    for day in cameras:
        for hour in (0, 6, 12, 18):
            row = [day.picture(hour * HOUR + 2 * index) for index in range(8)]
            assert min(difference(one, other) for one, other in pairwise(row)) > 0.2


@pytest.mark.parametrize("lens", sorted(set(Lens) - {Lens.CLEAR, Lens.DEFOCUSED}))
@pytest.mark.parametrize("second", [MIDNIGHT, NOON])
def test_every_mishap_is_seen_by_day_and_by_night(cameras: list[CameraDay], lens: Lens, second: float) -> None:
    for day in cameras:
        before, after = (smoothed(day.picture(second + pause)) for pause in (0, 2))
        for variant in range(4):
            changed = smoothed(day.picture(second, Mishap(lens=lens, seed=variant)))
            assert difference(changed, before) > 1.5 * difference(after, before)


@pytest.mark.parametrize("second", [MIDNIGHT, NOON])
def test_out_of_focus_every_street_loses_its_edges_by_day_and_by_night(cameras: list[CameraDay], second: float) -> None:
    for day in cameras:
        sharp = edges(day.picture(second))
        assert all(
            edges(day.picture(second, Mishap(lens=Lens.DEFOCUSED, seed=seed))) < 0.6 * sharp for seed in range(8)
        )


def edges(picture: Picture) -> float:
    return float(cv2.Laplacian(smoothed(picture)[BELOW_THE_CLOCK:], cv2.CV_64F).var())


def smoothed(picture: Picture) -> Picture:
    """Without its grain."""
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), 1.0), np.uint8)


@pytest.mark.parametrize("variant", range(6))
def test_a_turned_camera_shows_at_one_side_what_it_had_at_the_other(cameras: list[CameraDay], variant: int) -> None:
    mishap = Mishap(lens=Lens.TURNED, seed=variant)
    across, down = round(320 * mishap.pan[0]), round(180 * mishap.pan[1])
    left = max(across, 0) + 10
    sample = cameras[0].picture(NOON)[60:120, left : left + 100]
    likeness = cv2.matchTemplate(cameras[0].picture(NOON, mishap), sample, cv2.TM_CCOEFF_NORMED)
    _, best, _, found = cv2.minMaxLoc(likeness)
    assert best > 0.9
    assert found == (pytest.approx(left - across, abs=1), pytest.approx(60 - down, abs=1))


@pytest.mark.parametrize("lens", [Lens.BLACK, Lens.COVERED])
def test_behind_a_cap_there_is_still_the_grain_and_the_clock(cameras: list[CameraDay], lens: Lens) -> None:
    one, other = (cameras[0].picture(second, Mishap(lens=lens)) for second in (NOON, NOON + 2))
    assert 0 < difference(one, other) < 4
    assert one[:BELOW_THE_CLOCK].max() > 200


def test_it_is_light_by_day_and_dark_by_night(cameras: list[CameraDay]) -> None:
    for day in cameras:
        assert luma(day.picture(NOON)) > luma(day.picture(MIDNIGHT)) + 0.05


def test_some_cameras_turn_grey_at_dusk_and_back_at_dawn_once_each(cameras: list[CameraDay]) -> None:
    switching = 0
    for day in cameras:
        turns = [one != other for one, other in pairwise(day.sees_infrared(second) for second in range(0, DAY, 60))]
        assert sum(turns) in {0, 2}
        switching += sum(turns) == 2
    assert 0 < switching < len(cameras)


def test_more_people_are_out_at_seven_than_at_three(cameras: list[CameraDay]) -> None:
    seven, three = (
        sum(len(crowd(day, hour * HOUR + 30 * index)) for day in cameras for index in range(20)) for hour in (7, 3)
    )
    assert seven > 2 * three


def test_some_time_of_the_day_a_bus_fills_half_of_the_view(cameras: list[CameraDay]) -> None:
    for day in cameras:
        stops = [actor for second in range(7 * HOUR, 10 * HOUR, 10) for actor in crowd(day, second) if actor.is_near]
        assert stops
        assert all(0.4 < actor.size * actor.length / 16 * 9 < 0.65 for actor in stops)


@settings(max_examples=300)
@given(st.integers(0, 50), SHIFTS)
def test_the_sky_keeps_its_bounds_and_never_jumps(seed: int, second: float) -> None:
    above = sky(seed)
    for measure, fastest in ((above.daylight, 0.02), (above.cloud, 0.1), (above.lamps, 0.05), (above.rain, 0.02)):
        assert 0 <= measure(second) <= 1
        assert abs(measure(second + 1) - measure(second)) < fastest
    assert 0 <= above.wet(second) <= 1


@given(st.integers(0, 50), SHIFTS)
def test_a_pole_shakes_by_a_few_pixels_at_most(seed: int, second: float) -> None:
    across, down = Nuisance(seed=seed).shake(second)
    assert abs(across) * 1280 <= 4
    assert abs(down) * 720 <= 2


@given(st.integers(0, 50), SHIFTS)
def test_a_nuisance_keeps_its_bounds(seed: int, second: float) -> None:
    nuisance = Nuisance(seed=seed)
    assert 0.8 < nuisance.exposure(second) < 1.2
    assert -1 <= nuisance.sway(second) <= 1
    assert 0 <= nuisance.glare(second) <= 1
    assert 0 <= nuisance.insect(second) <= 1
    assert nuisance.drops(second, 0.0) == ()


@given(st.integers(0, 2**64 - 1), st.floats(-1e6, 1e6), st.floats(1, 1e4), st.floats(0.1, 10))
def test_an_event_goes_on_until_it_has_lasted(key: int, second: float, every: float, slots: float) -> None:
    lasting = every * slots
    for event in events(key, second, every=every, lasting=lasting):
        assert 0 <= event.age < lasting
        later = list(events(key, second + lasting, every=every, lasting=lasting))
        assert event.chances not in [other.chances for other in later]
    assert list(events(key, second, every=every, lasting=lasting, odds=0.0)) == []
