"""What looks like tampering and is none."""

from dataclasses import replace
from datetime import timedelta

import cv2
import numpy as np
import pytest

from devices.tamper import Tamper
from simulators.scenery.film import film_of
from simulators.scenery.lens import Lens, Mishap
from simulators.scenery.moment import Moment
from tests.video.tamper_watching import LEARNED, MIDNIGHT, NIGHT, Watching, begun
from video.frame import Picture
from video.measure import measure

COVERED = Mishap(lens=Lens.COVERED)
WITH_INFRARED = 1  # the seed of a camera that has a lamp of its own


def test_time_that_was_not_watched_completes_no_hold() -> None:
    camera = Watching()
    camera.see(LEARNED)
    camera.see(4, COVERED)
    camera.second += 3600
    assert begun(camera.see(2, COVERED)) == []
    assert begun(camera.see(30, COVERED)) == [Tamper.COVERED]


def test_a_camera_that_comes_back_with_the_picture_it_left_is_not_frozen() -> None:
    camera = Watching()
    camera.see(LEARNED)
    still = camera.day.picture(camera.second)
    for _ in range(6):
        camera.second += 600
        assert begun(camera.see_each(8, lambda _: still)) == []


def test_the_same_frame_handed_in_again_counts_for_nothing() -> None:
    camera = Watching()
    camera.see(LEARNED)
    measures = measure(camera.day.picture(camera.second))
    at = MIDNIGHT + timedelta(seconds=camera.second)
    verdicts = [camera.watch.judge(measures, at) for _ in range(100)]
    assert all(not verdict.pending | verdict.holding for verdict in verdicts)


def test_a_clock_set_back_neither_begins_nor_ends_anything_and_watching_goes_on() -> None:
    camera = Watching()
    camera.see(LEARNED)
    assert begun(camera.see(30, COVERED)) == [Tamper.COVERED]
    camera.second -= 1800
    assert camera.see(2)[0].holding == {Tamper.COVERED}
    assert camera.see(20)[-1].holding == frozenset()


def test_the_infrared_switch_is_no_tampering_and_faults_are_seen_soon_after() -> None:
    camera = Watching(seed=WITH_INFRARED)
    switch = next(second for second in np.arange(17.5, 19, 1 / 1800) * 3600 if camera.day.sees_infrared(second))
    camera.second = switch - LEARNED
    verdicts = camera.see(2 * LEARNED + 10)
    assert begun(verdicts) == []
    assert begun(camera.see(30, COVERED)) == [Tamper.COVERED]


def test_dusk_may_end_in_a_black_night() -> None:
    camera = Watching()
    camera.see(LEARNED)
    since = camera.second

    def fading(second: float) -> Picture:
        light = float(np.exp((since - second) / 200))  # half as light every two minutes
        return np.asarray(cv2.convertScaleAbs(camera.day.picture(second), alpha=light), np.uint8)

    assert begun(camera.see_each(900, fading)) == []


def test_a_bus_before_the_lens_passes() -> None:
    camera = Watching()
    camera.see(LEARNED)

    def with_bus(second: float) -> Picture:
        picture = camera.day.picture(second)
        picture[20:, 120:] = (60, 70, 160)
        return picture

    assert begun(camera.see_each(20, with_bus)) == []
    assert begun(camera.see(60)) == []


@pytest.mark.parametrize("night", [False, True], ids=["day", "night"])
def test_a_downpour_is_weather(night: bool) -> None:  # noqa: FBT001 - the parameter of a table
    film = film_of(2, 320, 180)
    dry = Moment(tick=0, stamp="", sun=0.0, lamps=1.0, grain=6.0) if night else Moment(tick=0, stamp="", grain=2.0)

    def street(second: float) -> Picture:
        rain = min(1.0, max(0.0, (second - begin - LEARNED) / 60))
        return film.picture(replace(dry, tick=round(second), stamp=f"{second:.0f}", rain=rain, wet=rain))

    camera = Watching(second=NIGHT if night else 43_200.0)
    begin = camera.second
    assert begun(camera.see_each(300, street)) == []


def test_headlights_into_the_lens_pass() -> None:
    film = film_of(3, 320, 180)

    def street(second: float) -> Picture:
        glare = 1.0 if begin + LEARNED < second < begin + LEARNED + 12 else 0.0
        moment = Moment(tick=round(second), stamp=f"{second:.0f}", sun=0.0, lamps=1.0, grain=5.0, glare=glare)
        return film.picture(moment)

    camera = Watching(second=NIGHT)
    begin = camera.second
    assert begun(camera.see_each(160, street)) == []


def test_a_pole_that_sways_in_the_wind_is_not_moved() -> None:
    film = film_of(0, 320, 180)

    def street(second: float) -> Picture:
        sway = 0.006 * np.sin(second * 1.7)
        shake = (float(sway), float(sway) / 2) if second > begin + LEARNED else (0.0, 0.0)
        return film.picture(Moment(tick=round(second), stamp=f"{second:.0f}", grain=2.0, shake=shake))

    camera = Watching()
    begin = camera.second
    assert begun(camera.see_each(200, street)) == []
