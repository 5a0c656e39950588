import errno
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np
import pytest

from video.frame import Frame
from video.frames import LATEST, PART, LatestFrames

CAPTURED_AT = datetime(2026, 3, 1, 7, 30, 0, 123456, tzinfo=UTC)
CAPTURED_NS = 1772350200_123456000


def frame(grey: int = 128, captured_at: datetime = CAPTURED_AT) -> Frame:
    return Frame(captured_at=captured_at, picture=np.full((36, 64, 3), grey, np.uint8))


@pytest.fixture
def frames(tmp_path: Path) -> LatestFrames:
    return LatestFrames(tmp_path, jpeg_quality=80)


def test_the_file_is_the_picture_and_its_time_is_the_time_of_capture(frames: LatestFrames, tmp_path: Path) -> None:
    frames.keep("cam-01", frame(grey=200))
    latest = tmp_path / "cam-01" / LATEST
    picture = cv2.imread(str(latest))
    assert picture is not None
    assert picture.shape == (36, 64, 3)
    assert picture.mean() == pytest.approx(200, abs=2)
    assert latest.stat().st_mtime_ns == CAPTURED_NS


def test_a_newer_picture_replaces_the_older_one(frames: LatestFrames, tmp_path: Path) -> None:
    frames.keep("cam-01", frame(grey=10))
    frames.keep("cam-01", frame(grey=250))
    assert [file.name for file in (tmp_path / "cam-01").iterdir()] == [LATEST]
    picture = cv2.imread(str(tmp_path / "cam-01" / LATEST))
    assert picture is not None
    assert picture.mean() > 240


def test_whoever_reads_while_it_is_replaced_still_has_the_whole_old_picture(
    frames: LatestFrames, tmp_path: Path
) -> None:
    frames.keep("cam-01", frame(grey=10))
    before = (tmp_path / "cam-01" / LATEST).read_bytes()
    with (tmp_path / "cam-01" / LATEST).open("rb") as reading:
        frames.keep("cam-01", frame(grey=250))
        assert reading.read() == before


def test_a_full_disk_leaves_the_old_picture_and_no_half_one(frames: LatestFrames, tmp_path: Path) -> None:
    frames.keep("cam-01", frame(grey=10))
    folder = tmp_path / "cam-01"
    before = (folder / LATEST).read_bytes()
    (folder / PART).symlink_to("/dev/full")  # the kernel's own "No space left on device"
    with pytest.raises(OSError, match="No space left") as refused:
        frames.keep("cam-01", frame(grey=250))
    assert refused.value.errno == errno.ENOSPC
    assert [file.name for file in folder.iterdir()] == [LATEST]
    assert (folder / LATEST).read_bytes() == before
    assert (folder / LATEST).stat().st_mtime_ns == CAPTURED_NS


def test_what_a_killed_process_left_half_written_is_overwritten(frames: LatestFrames, tmp_path: Path) -> None:
    (tmp_path / "cam-01").mkdir()
    (tmp_path / "cam-01" / PART).write_bytes(b"\xff\xd8 half")
    frames.keep("cam-01", frame())
    assert [file.name for file in (tmp_path / "cam-01").iterdir()] == [LATEST]
