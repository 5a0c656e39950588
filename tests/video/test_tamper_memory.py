"""What a watch has learned goes on after the process's end, and after a change that stays."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from devices.tamper import Tamper
from simulators.scenery.lens import Lens, Mishap
from tests.video.tamper_watching import LEARNED, NIGHT, NOON, Watching, begun, ended
from video.measure import WIDTH
from video.memory import NAME, PART, BrokenMemoryError, load, remove_old, save
from video.tamper.settings import HoldSettings, TamperSettings
from video.tamper.state import TamperState

COVERED, TURNED = Mishap(lens=Lens.COVERED), Mishap(lens=Lens.TURNED)
ADOPTED_SOON = TamperSettings(adopt_after_hours=0.02)  # 72 s
ELSEWHERE = 100.0  # seconds: more than that


def restarted(camera: Watching, folder: Path) -> Watching:
    save(folder, "cam-01", camera.watch.state)
    return Watching(second=camera.second, state=load(folder, "cam-01"))


def test_a_fault_is_seen_at_once_after_a_restart(tmp_path: Path) -> None:
    camera = Watching()
    camera.see(LEARNED)
    assert begun(restarted(camera, tmp_path).see(30, COVERED)) == [Tamper.COVERED]


def test_what_held_before_a_restart_holds_after_it_and_has_not_begun_again(tmp_path: Path) -> None:
    camera = Watching()
    camera.see(LEARNED)
    camera.see(40, TURNED)
    camera = restarted(camera, tmp_path)
    verdicts = camera.see(20, TURNED)
    assert begun(verdicts) == []
    assert all(verdict.holding == {Tamper.MOVED} for verdict in verdicts)
    assert ended(camera.see(20)) == [Tamper.MOVED]


def test_a_process_that_was_away_while_night_fell_knows_the_night_of_the_day_before(tmp_path: Path) -> None:
    camera = Watching(second=NIGHT)
    camera.see(LEARNED)
    camera.second = NOON
    camera.see(LEARNED)
    camera = restarted(camera, tmp_path)
    camera.second = NIGHT
    assert begun(camera.see(LEARNED)) == []
    assert begun(camera.see(30, COVERED)) == [Tamper.COVERED]


def test_a_process_that_was_away_while_night_fell_for_the_first_time_learns_it(tmp_path: Path) -> None:
    camera = Watching()
    camera.see(LEARNED)
    camera = restarted(camera, tmp_path)
    camera.second = NIGHT
    assert begun(camera.see(LEARNED + 10)) == []
    assert begun(camera.see(30, COVERED)) == [Tamper.COVERED]


def test_without_a_file_nothing_is_known(tmp_path: Path) -> None:
    state = load(tmp_path, "cam-01")
    assert (state.recent, state.hours, state.holds) == (None, {}, {})


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    camera = Watching()
    camera.see(LEARNED)
    camera.see(10, COVERED)
    state = camera.watch.state
    save(tmp_path, "cam-01", state)
    loaded = load(tmp_path, "cam-01")
    assert (loaded.hours, loaded.holds) == (state.hours, state.holds)
    assert (loaded.learned_at, loaded.remembered_at) == (state.learned_at, state.remembered_at)
    assert state.recent is not None
    assert loaded.recent is not None
    assert loaded.recent.traits == state.recent.traits
    assert not (tmp_path / "cam-01" / PART).exists()


@pytest.mark.parametrize(
    ("spoilt", "why"),
    [
        (lambda content: content[: len(content) // 2], "Invalid JSON"),
        (lambda _: b"", "Invalid JSON"),
        (lambda _: b"{}", "recent: Field required"),
        (lambda content: content.replace(b'"version":1', b'"version":9'), "version"),
        (lambda content: content.replace(b'"picture":"', b'"picture":"AAAA', 1), "no picture"),
        (lambda content: content + b" " * (5 << 20), "larger than"),
    ],
    ids=["cut short", "empty", "something else", "a later version", "a broken picture", "huge"],
)
def test_a_broken_file_is_refused_by_name_and_reason(tmp_path: Path, spoilt: object, why: str) -> None:
    camera = Watching()
    camera.see(LEARNED)
    save(tmp_path, "cam-01", camera.watch.state)
    path = tmp_path / "cam-01" / NAME
    assert callable(spoilt)
    path.write_bytes(spoilt(path.read_bytes()))
    with pytest.raises(BrokenMemoryError, match=why) as refused:
        load(tmp_path, "cam-01")
    assert str(path) in str(refused.value)


def test_a_new_view_is_adopted_when_its_time_is_over_and_never_sooner() -> None:
    camera = Watching(settings=ADOPTED_SOON)
    camera.see(LEARNED)
    hold = ADOPTED_SOON.moved.begin_seconds
    assert begun(camera.see(hold + 6, TURNED)) == [Tamper.MOVED]
    assert ended(camera.see(60, TURNED)) == []
    assert ended(camera.see(20, TURNED)) == [Tamper.MOVED]
    assert begun(camera.see(LEARNED, TURNED)) == []
    assert begun(camera.see(hold + 6)) == [Tamper.MOVED]


def test_blindness_is_never_the_new_normal() -> None:
    camera = Watching(settings=ADOPTED_SOON)
    camera.see(LEARNED)
    assert camera.see(ELSEWHERE + 60, COVERED)[-1].holding == {Tamper.COVERED}


def test_a_camera_that_is_turned_on_purpose_learns_each_view_in_silence() -> None:
    turning = TamperSettings(moved=HoldSettings(enabled=False, begin_seconds=10))
    camera = Watching(settings=turning)
    camera.see(LEARNED)
    assert begun(camera.see(10 + LEARNED, TURNED)) == []
    assert begun(camera.see(30, COVERED)) == [Tamper.COVERED]


def test_what_lies_under_a_privacy_mask_is_in_no_file(tmp_path: Path) -> None:
    camera = Watching()
    camera.see(LEARNED)
    left = ((0.0, 0.0), (0.4, 0.0), (0.4, 1.0), (0.0, 1.0))
    save(tmp_path, "cam-01", camera.watch.state, [left])
    kept = load(tmp_path, "cam-01")
    assert kept.recent
    assert kept.hours
    for normal in (kept.recent, *(remembered.recalled() for remembered in kept.hours.values())):
        masked, seen = np.split(normal.view.grey, [int(0.38 * WIDTH)], axis=1)
        assert float(masked.std()) < 2, "one flat colour, but for what JPEG makes of it"
        assert float(seen.std()) > 10
    assert begun(Watching(second=camera.second, state=kept).see(30)) == [], "an edge of the mask is no fault"


def test_of_a_camera_long_silent_nothing_is_remembered(tmp_path: Path) -> None:
    now = datetime(2026, 1, 8, tzinfo=UTC)
    for camera, age in (("cam-old", 8), ("cam-new", 6)):
        save(tmp_path, camera, TamperState())
        os.utime(tmp_path / camera / NAME, ((now - timedelta(days=age)).timestamp(),) * 2)
    remove_old(tmp_path, now - timedelta(days=7))
    assert [path.parent.name for path in tmp_path.glob(f"*/{NAME}")] == ["cam-new"]


def test_of_a_view_that_is_mostly_masked_nothing_is_saved_but_what_holds(tmp_path: Path) -> None:
    camera = Watching()
    camera.see(LEARNED)
    camera.see(40, COVERED)
    most = ((0.0, 0.0), (0.8, 0.0), (0.8, 1.0), (0.0, 1.0))
    save(tmp_path, "cam-01", camera.watch.state, [most])
    kept = load(tmp_path, "cam-01")
    assert (kept.recent, kept.hours) == (None, {})
    assert kept.holds == camera.watch.state.holds


def test_what_was_learned_is_read_by_nobody_else(tmp_path: Path) -> None:
    save(tmp_path / "cameras", "cam-01", TamperState())
    folder = tmp_path / "cameras" / "cam-01"
    assert [path.stat().st_mode & 0o777 for path in (folder / NAME, folder, folder.parent)] == [0o640, 0o750, 0o750]
