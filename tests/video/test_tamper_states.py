import numpy as np
import pytest

from devices.tamper import Tamper
from simulators.scenery.lens import Lens, Mishap
from tests.video.tamper_watching import LEARNED, MISHAPS, NIGHT, NOON, Watching, begun, ended
from video.frame import Picture
from video.tamper.settings import HoldSettings, TamperSettings

SETTINGS = TamperSettings()
FEW = 6.0  # seconds: three pictures
CLEAR = SETTINGS.dark.clear_seconds


@pytest.mark.parametrize("second", [NOON, NIGHT], ids=["day", "night"])
@pytest.mark.parametrize(("kind", "lens"), MISHAPS.items())
def test_each_fault_raises_its_own_state_within_its_hold_and_clears_after(
    kind: Tamper, lens: Lens, second: float
) -> None:
    camera = Watching(second=second)
    hold = SETTINGS.of(kind).begin_seconds
    assert begun(camera.see(LEARNED)) == []
    assert begun(camera.see(hold - 2, Mishap(lens=lens))) == []
    assert begun(camera.see(2 + FEW, Mishap(lens=lens))) == [kind]
    assert camera.see(2, Mishap(lens=lens))[-1].holding == {kind}
    clean = camera.see(CLEAR + FEW)
    assert (begun(clean), ended(clean), clean[-1].holding) == ([], [kind], frozenset())


@pytest.mark.parametrize("second", [NOON, NIGHT], ids=["day", "night"])
def test_the_same_picture_again_and_again_is_frozen(second: float) -> None:
    camera = Watching(second=second)
    camera.see(LEARNED)
    still = camera.day.picture(second + LEARNED)
    verdicts = camera.see_each(SETTINGS.frozen.begin_seconds + FEW, lambda _: still)
    assert begun(verdicts) == [Tamper.FROZEN]
    assert ended(camera.see(CLEAR + FEW)) == [Tamper.FROZEN]


def test_a_clock_that_runs_over_a_dead_sensor_hides_nothing() -> None:
    camera = Watching()
    camera.see(LEARNED)
    still = camera.day.picture(camera.second)

    def with_clock(second: float) -> Picture:
        picture = still.copy()
        picture[:18] = camera.day.picture(second)[:18]
        return picture

    assert begun(camera.see_each(40, with_clock)) == [Tamper.FROZEN]


def test_a_camera_that_starts_under_its_cap_is_dark_before_anything_was_learned() -> None:
    camera = Watching()
    assert begun(camera.see(20, Mishap(lens=Lens.BLACK))) == [Tamper.DARK]
    assert ended(camera.see(20)) == [Tamper.DARK]


def test_a_screen_without_signal_is_known_before_anything_was_learned() -> None:
    assert begun(Watching().see(20, Mishap(lens=Lens.NO_SIGNAL))) == [Tamper.SIGNAL_LOST]


def test_one_black_picture_after_the_other_is_dark_and_not_frozen() -> None:
    camera = Watching()
    camera.see(LEARNED)
    black = np.zeros((180, 320, 3), np.uint8)
    assert begun(camera.see_each(60, lambda _: black)) == [Tamper.DARK]


def test_a_cap_after_a_cloth_is_one_state_after_the_other() -> None:
    camera = Watching()
    camera.see(LEARNED)
    assert begun(camera.see(30, Mishap(lens=Lens.COVERED))) == [Tamper.COVERED]
    capped = camera.see(20, Mishap(lens=Lens.BLACK))
    assert (begun(capped), ended(capped)) == ([Tamper.DARK], [Tamper.COVERED])
    assert all(len(verdict.holding) == 1 for verdict in capped)


def test_a_kind_that_is_switched_off_is_never_told_and_still_explains_others() -> None:
    off = TamperSettings(covered=HoldSettings(enabled=False, begin_seconds=20))
    camera = Watching(settings=off)
    camera.see(LEARNED)
    covered = camera.see(90, Mishap(lens=Lens.COVERED))
    assert begun(covered) == []
    assert all(verdict.pending == frozenset() for verdict in covered)
