"""The guard that stops the keeping of pictures before the disk is full."""

from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from video.disk_guard import LOOK_SECONDS, DiskGuard, Space, shortage, space_of
from video.keep_settings import KeepSettings

A_TENTH = KeepSettings(min_free_ratio=0.1, min_free_bytes=0)
DISK = Space(free_bytes=500, total_bytes=1000, free_inodes=50, total_inodes=100)


@dataclass
class Disk:
    """A disk whose free space is what the test says, and a clock."""

    space: Space = DISK
    seconds: float = 0.0
    looks: list[float] = field(default_factory=list)

    def look(self) -> Space:
        self.looks.append(self.seconds)
        return self.space

    def clock(self) -> float:
        return self.seconds

    def later(self, *, free_bytes: int) -> None:
        self.space = replace(self.space, free_bytes=free_bytes)
        self.seconds += LOOK_SECONDS


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
def guard(disk: Disk) -> DiskGuard:
    return DiskGuard(A_TENTH, space=disk.look, clock=disk.clock)


@pytest.mark.parametrize(
    ("space", "settings", "short"),
    [
        (replace(DISK, free_bytes=100), A_TENTH, False),
        (replace(DISK, free_bytes=99), A_TENTH, True),
        (replace(DISK, free_bytes=600), KeepSettings(min_free_ratio=0.1, min_free_bytes=601), True),
        (replace(DISK, free_bytes=99), KeepSettings(min_free_ratio=0.1, min_free_bytes=10), True),
        (replace(DISK, free_inodes=9), A_TENTH, True),
        (replace(DISK, free_inodes=0, total_inodes=0), A_TENTH, False),
    ],
)
def test_a_disk_is_short_of_whichever_runs_out_first(space: Space, settings: KeepSettings, *, short: bool) -> None:
    assert (shortage(space, settings) is not None) is short


def test_keeping_stops_and_begins_again_only_with_some_room_more(disk: Disk, guard: DiskGuard) -> None:
    answers = []
    for free_bytes in (500, 100, 99, 100, 109, 111, 109, 99):
        disk.later(free_bytes=free_bytes)
        answers.append(guard.has_room())
    assert answers == [True, True, False, False, False, True, True, False]


def test_each_change_is_said_once(disk: Disk, guard: DiskGuard, caplog: pytest.LogCaptureFixture) -> None:
    for free_bytes in (500, 50, 40, 30, 500, 600):
        disk.later(free_bytes=free_bytes * 10**9)
        disk.space = replace(disk.space, total_bytes=10**12)
        guard.has_room()
    assert [record.getMessage() for record in caplog.records] == [
        "no picture is kept but the latest of each camera: 50.0 GB of 1000.0 GB free, not 100.0 GB",
        "pictures are kept again",
    ]


def test_the_disk_is_not_asked_for_each_picture(disk: Disk, guard: DiskGuard) -> None:
    for seconds in (0, 1, LOOK_SECONDS - 1, LOOK_SECONDS, LOOK_SECONDS + 1):
        disk.seconds = seconds
        guard.has_room()
    assert disk.looks == [0, LOOK_SECONDS]


def test_a_folder_that_is_nowhere_is_a_refusal_of_the_disk(disk: Disk, tmp_path: Path) -> None:
    guard = DiskGuard(A_TENTH, space=lambda: space_of(tmp_path / "nowhere"), clock=disk.clock)
    with pytest.raises(FileNotFoundError):
        guard.has_room()
