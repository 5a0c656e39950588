"""One camera's pictures as files."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from devices.frame_files import LATEST
from video.frames import FrameFiles
from video.still import Still

CAPTURED_AT = datetime(2026, 3, 1, 7, 30, 0, 123456, tzinfo=UTC)
CAPTURED_NS = 1772350200_123456000
KEPT_NAME = "kept/2026-03-01/20260301T073000.123Z-change.jpg"


def still(content: bytes = b"\xff\xd8 a picture") -> Still:
    return Still(captured_at=CAPTURED_AT, jpeg=content)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "frames" / "cam-01"


@pytest.fixture
def files(folder: Path) -> FrameFiles:
    return FrameFiles(folder)


@pytest.fixture(params=[0o077, 0o022, 0o000], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    former = os.umask(request.param)
    yield
    os.umask(former)


def test_the_file_is_the_picture_and_its_time_is_the_time_of_capture(files: FrameFiles, folder: Path) -> None:
    files.replace_latest(still(b"picture"))
    assert (folder / LATEST).read_bytes() == b"picture"
    assert (folder / LATEST).stat().st_mtime_ns == CAPTURED_NS


def test_a_newer_picture_replaces_the_older_one(files: FrameFiles, folder: Path) -> None:
    files.replace_latest(still(b"older"))
    files.replace_latest(still(b"newer"))
    assert [file.name for file in folder.iterdir()] == [LATEST]
    assert (folder / LATEST).read_bytes() == b"newer"


def test_whoever_reads_while_it_is_replaced_still_has_the_whole_old_picture(files: FrameFiles, folder: Path) -> None:
    files.replace_latest(still(b"older"))
    with (folder / LATEST).open("rb") as reading:
        files.replace_latest(still(b"newer, and longer"))
        assert reading.read() == b"older"


def test_a_kept_picture_stands_under_its_time_and_reason(files: FrameFiles, folder: Path) -> None:
    files.keep(still(b"picture"), "change")
    assert (folder / KEPT_NAME).read_bytes() == b"picture"
    assert (folder / KEPT_NAME).stat().st_mtime_ns == CAPTURED_NS
    assert list(folder.rglob("*.part")) == []


def test_a_kept_picture_is_no_latest_one(files: FrameFiles, folder: Path) -> None:
    files.keep(still(), "covered-before")
    assert not (folder / LATEST).exists()


def test_only_owner_and_group_read_pictures_whatever_the_umask(umask: None, files: FrameFiles, folder: Path) -> None:
    files.replace_latest(still())
    files.keep(still(), "change")
    kept = folder / KEPT_NAME
    assert [oct(path.stat().st_mode & 0o777) for path in (folder / LATEST, kept)] == ["0o640", "0o640"]
    folders = [folder.parent, folder, kept.parent.parent, kept.parent]
    assert [oct(path.stat().st_mode & 0o777) for path in folders] == ["0o750"] * 4


def test_a_folder_that_was_there_keeps_the_rights_it_was_given(files: FrameFiles, folder: Path) -> None:
    folder.mkdir(parents=True)
    folder.chmod(0o2770)
    files.replace_latest(still())
    assert oct(folder.stat().st_mode & 0o7777) == "0o2770"


def replace_often(files: FrameFiles, content: bytes) -> None:
    for _ in range(20):
        files.replace_latest(still(content))


def test_two_that_write_at_once_do_not_mix_their_pictures(files: FrameFiles, folder: Path) -> None:
    """As when a hanging disk lets go of a thread that was given up."""
    files.replace_latest(still(b"a"))
    with ThreadPoolExecutor() as threads:
        writing = [threads.submit(replace_often, files, letter * 500_000) for letter in (b"a", b"b", b"c")]
        while not all(one.done() for one in writing):
            assert len(set((folder / LATEST).read_bytes())) == 1
        for one in writing:
            one.result()
    assert [file.name for file in folder.iterdir()] == [LATEST]


def test_a_refused_picture_leaves_the_former_one_and_nothing_beside_it(files: FrameFiles, folder: Path) -> None:
    files.replace_latest(still(b"older"))
    (folder / "kept").write_bytes(b"no folder")
    with pytest.raises(OSError, match="kept"):
        files.keep(still(b"newer"), "change")
    assert sorted(file.name for file in folder.iterdir()) == ["kept", LATEST]
    assert (folder / LATEST).read_bytes() == b"older"
