"""One camera's pictures, from the sample to the disk."""

import subprocess
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import cv2
import numpy as np
import pytest
from prometheus_client import CollectorRegistry, Counter

from devices.frame_files import LATEST, KeptFrame
from devices.tamper import Tamper
from video.album import Album
from video.disk_guard import DiskGuard, Space, space_of
from video.frame import Frame, Picture
from video.frames import FrameFiles
from video.keep_settings import KeepSettings
from video.keeping import Sight
from video.polygon import Polygon
from video.retention import Retention

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
CALM = Sight()
MOVING = Sight(motion_ratio=0.5)
COVERED = Sight(holding=frozenset({Tamper.COVERED}))
LEFT_HALF: Polygon = ((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0))
EMPTY_DISK = Space(free_bytes=10**12, total_bytes=10**12, free_inodes=0, total_inodes=0)
FULL_DISK = Space(free_bytes=0, total_bytes=10**12, free_inodes=0, total_inodes=0)
SOON_AGAIN = KeepSettings(every_minutes="never", change_seconds=1)


class Shelf:
    """An album in a folder, with its counters, and a disk that is what it says."""

    def __init__(self, folder: Path, settings: KeepSettings = SOON_AGAIN, *masks: Polygon) -> None:
        self.folder = folder / "cam-01"
        self.space: Space | None = EMPTY_DISK
        self.kept = Counter("kept", "kept", registry=CollectorRegistry())
        self.withheld = Counter("withheld", "withheld", registry=CollectorRegistry())
        self.seconds = 0.0
        self.album = Album(
            FrameFiles(self.folder),
            settings,
            DiskGuard(settings, space=lambda: self.space or space_of(folder), clock=self._clock),
            jpeg_quality=90,
            privacy_masks=masks,
            kept=self.kept,
            withheld=self.withheld,
        )

    def _clock(self) -> float:
        """A long time passes between any two looks, so that each is a new one."""
        self.seconds += 60
        return self.seconds

    def show(self, seconds: float, sight: Sight = CALM, picture: Picture | None = None) -> None:
        shown = grey(128) if picture is None else picture
        self.album.keep(Frame(captured_at=NOON + timedelta(seconds=seconds), picture=shown), sight)

    def kept_files(self) -> list[Path]:
        return sorted(self.folder.glob("kept/*/*"), key=lambda path: path.name)

    def reasons(self) -> list[str]:
        frames = [KeptFrame.parse(path.stem) for path in self.kept_files()]
        return [frame.reason for frame in frames if frame is not None]


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


def grey(level: int) -> Picture:
    return np.full((36, 64, 3), level, np.uint8)


def counted(counter: Counter) -> float:
    (metric,) = counter.collect()
    return next(float(sample.value) for sample in metric.samples if sample.name.endswith("_total"))


def level(path: Path) -> float:
    picture = cv2.imread(str(path))
    assert picture is not None, f"{path.name} is no picture"
    return float(picture.mean())


def test_each_picture_is_the_latest_and_only_some_are_kept(shelf: Shelf) -> None:
    shelf.show(0, CALM, grey(10))
    shelf.show(2, MOVING, grey(200))
    shelf.show(4, CALM, grey(90))
    assert level(shelf.folder / LATEST) == pytest.approx(90, abs=2)
    (change,) = shelf.kept_files()
    assert level(change) == pytest.approx(200, abs=2)
    assert change.stat().st_mtime == (NOON + timedelta(seconds=2)).timestamp()
    assert counted(shelf.kept) == 1


def test_a_kept_picture_is_the_latest_byte_for_byte(shelf: Shelf) -> None:
    shelf.show(0, MOVING)
    assert shelf.kept_files()[0].read_bytes() == (shelf.folder / LATEST).read_bytes()


def test_a_tamper_leaves_what_was_seen_before_and_after(shelf: Shelf) -> None:
    shelf.show(0, CALM, grey(120))
    shelf.show(2, Sight(pending=frozenset({Tamper.COVERED})), grey(20))
    shelf.show(4, COVERED, grey(20))
    assert shelf.reasons() == ["covered-before", "covered-after"]
    assert [level(path) for path in shelf.kept_files()] == [pytest.approx(120, abs=2), pytest.approx(20, abs=2)]


def test_an_alert_leaves_what_was_seen_before_and_after(shelf: Shelf) -> None:
    shelf.show(0, CALM, grey(120))
    shelf.album.on_alert(NOON + timedelta(seconds=1))
    shelf.show(2, CALM, grey(50))
    shelf.show(7, CALM, grey(20))
    assert shelf.reasons() == ["alert-before", "alert-after"]
    assert [level(path) for path in shelf.kept_files()] == [pytest.approx(120, abs=2), pytest.approx(20, abs=2)]


def test_a_privacy_mask_is_burnt_into_every_file_and_not_into_what_is_measured(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, SOON_AGAIN, LEFT_HALF)
    picture = grey(255)
    shelf.show(0, CALM, picture)
    shelf.album.on_alert(NOON + timedelta(seconds=1))
    shelf.show(2, MOVING, picture)
    shelf.show(8, COVERED, picture)
    assert picture.min() == 255
    assert sorted(shelf.reasons()) == ["alert-after", "alert-before", "change", "covered-after", "covered-before"]
    for path in (shelf.folder / LATEST, *shelf.kept_files()):
        shown = cv2.imread(str(path))
        assert shown is not None
        assert shown[:, :28].max() < 100
        assert shown[:, 40:].min() > 200


def test_near_a_full_disk_nothing_is_kept_but_the_latest_goes_on(shelf: Shelf) -> None:
    shelf.space = FULL_DISK
    shelf.show(0, MOVING, grey(10))
    shelf.show(2, MOVING, grey(200))
    assert level(shelf.folder / LATEST) == pytest.approx(200, abs=2)
    assert [path.name for path in shelf.folder.iterdir()] == [LATEST]
    assert (counted(shelf.kept), counted(shelf.withheld)) == (0, 2)
    shelf.space = EMPTY_DISK
    shelf.show(4, MOVING)
    assert shelf.reasons() == ["change"]


def test_a_disk_that_refuses_is_heard_of_and_the_next_picture_is_written(shelf: Shelf) -> None:
    shelf.show(0)
    (shelf.folder / "kept").write_bytes(b"no folder")
    with pytest.raises(OSError, match="kept"):
        shelf.show(2, MOVING, grey(200))
    assert level(shelf.folder / LATEST) == pytest.approx(200, abs=2)
    (shelf.folder / "kept").unlink()
    shelf.show(4, MOVING)
    assert shelf.reasons() == ["change"]


DISK_BYTES = 4 * 2**20


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real one."""
    folder = tmp_path / "small"
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "none", folder], check=False).returncode:
        pytest.skip("mounting a small disk needs root")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


def noise(seed: int) -> Picture:
    """About 60 kB as JPEG."""
    return np.random.default_rng(seed).integers(0, 256, (180, 320, 3), np.uint8)


def test_on_a_full_disk_the_former_picture_stands_whole_and_keeping_begins_again(small_disk: Path) -> None:
    shelf = Shelf(small_disk)
    shelf.show(0, CALM, noise(0))
    before = (shelf.folder / LATEST).read_bytes()
    filler = small_disk / "filler"
    with suppress(OSError), filler.open("wb", buffering=0) as file:
        while file.write(bytes(4096)):
            pass
    with pytest.raises(OSError, match="No space left on device"):
        shelf.show(2, MOVING, noise(2))
    assert [path.name for path in shelf.folder.iterdir()] == [LATEST]
    assert (shelf.folder / LATEST).read_bytes() == before
    assert (shelf.folder / LATEST).stat().st_mtime == NOON.timestamp()
    filler.unlink()
    shelf.show(4, MOVING, noise(4))
    assert shelf.reasons() == ["change"]
    assert (shelf.folder / LATEST).stat().st_mtime == NOON.timestamp() + 4


async def test_a_small_disk_is_never_filled_and_keeps_again_when_old_pictures_have_gone(small_disk: Path) -> None:
    shelf = Shelf(
        small_disk, KeepSettings(every_minutes="never", change_seconds=1, min_free_ratio=0.5, min_free_bytes=0)
    )
    shelf.space = None
    pictures = 100
    for number in range(pictures):
        shelf.show(2 * number, MOVING, noise(number))
    assert counted(shelf.kept) > 10
    assert counted(shelf.kept) + counted(shelf.withheld) == pictures
    assert DISK_BYTES * 0.45 < space_of(small_disk).free_bytes <= DISK_BYTES * 0.5
    assert (shelf.folder / LATEST).stat().st_mtime == NOON.timestamp() + 2 * (pictures - 1)
    await Retention(small_disk, 7, removed=shelf.withheld).run_once(NOON + timedelta(days=8))
    kept_before = counted(shelf.kept)
    shelf.show(86_400, MOVING, noise(1))
    assert counted(shelf.kept) == kept_before + 1
