"""No picture stays longer than was set."""

import asyncio
import os
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, Counter

from devices.frame_files import LATEST, KeptFrame
from video.frames import FrameFiles
from video.keep_settings import Days
from video.retention import NotRemovedError, Retention, Sweep
from video.still import Still

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def removed() -> Counter:
    return Counter("removed", "removed", registry=CollectorRegistry())


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def keep(folder: Path, camera: str, *days_ago: float) -> None:
    for days in days_ago:
        FrameFiles(folder / camera).keep(Still(captured_at=ago(days), jpeg=b"picture"), "regular")


def show(folder: Path, camera: str, days_ago: float) -> None:
    FrameFiles(folder / camera).replace_latest(Still(captured_at=ago(days_ago), jpeg=b"picture"))


def left(folder: Path) -> list[str]:
    """What there is, as camera and age in days; a kept picture by its name, the latest by its time."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return sorted(f"{path.relative_to(folder).parts[0]} {age(path):g}" for path in files)


def age(path: Path) -> float:
    kept = KeptFrame.parse(path.stem)
    taken = kept.captured_at if kept else datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return (NOW - taken) / timedelta(days=1)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def sweep(folder: Path, removed: Counter, days: Days = 7, *, now: datetime = NOW) -> float:
    """How many were removed, in all."""
    await Retention(folder, days, removed=removed).run_once(now)
    (metric,) = removed.collect()
    return next(float(sample.value) for sample in metric.samples if sample.name.endswith("_total"))


async def test_what_is_older_than_seven_days_goes_and_all_else_stays(tmp_path: Path, removed: Counter) -> None:
    keep(tmp_path, "cam-01", 0, 1, 6.5, 6.75, 7, 7.25, 7.5, 8, 30)
    assert await sweep(tmp_path, removed) == 4
    assert left(tmp_path) == ["cam-01 0", "cam-01 1", "cam-01 6.5", "cam-01 6.75", "cam-01 7"]


async def test_the_folder_of_a_day_goes_with_its_last_picture(tmp_path: Path, removed: Counter) -> None:
    keep(tmp_path, "cam-01", 0, 8, 8.1)
    await sweep(tmp_path, removed)
    assert names(tmp_path / "cam-01" / "kept") == ["2026-11-21"]


async def test_the_last_picture_of_a_silent_camera_does_not_lie_there_for_ever(
    tmp_path: Path, removed: Counter
) -> None:
    show(tmp_path, "cam-01", 0.001)
    show(tmp_path, "cam-02", 6.9)
    show(tmp_path, "cam-03", 7.1)
    assert await sweep(tmp_path, removed) == 1
    assert names(tmp_path) == ["cam-01", "cam-02"]


async def test_nothing_is_left_of_a_camera_that_is_no_more(tmp_path: Path, removed: Counter) -> None:
    keep(tmp_path, "cam-gone", 8, 9)
    show(tmp_path, "cam-gone", 8)
    keep(tmp_path, "cam-01", 1)
    await sweep(tmp_path, removed)
    assert names(tmp_path) == ["cam-01"]


async def test_for_ever_is_for_ever(tmp_path: Path, removed: Counter) -> None:
    keep(tmp_path, "cam-01", 1, 4000)
    show(tmp_path, "cam-01", 4000)
    assert await sweep(tmp_path, removed, "forever") == 0
    assert left(tmp_path) == ["cam-01 1", "cam-01 4000", "cam-01 4000"]


async def test_only_what_bears_a_name_of_ours_is_touched(tmp_path: Path, removed: Counter) -> None:
    keep(tmp_path, "cam-01", 8)
    (day,) = (tmp_path / "cam-01" / "kept").iterdir()
    strangers = [
        day / "note.txt",
        day / "20261101T000000.000Z-regular.png",
        tmp_path / "cam-01" / "kept" / "2026-11-01",
        tmp_path / "cam-01" / "plan.jpg",
        tmp_path / "lost+found" / LATEST,
        tmp_path / "note.txt",
    ]
    for stranger in strangers:
        stranger.parent.mkdir(exist_ok=True)
        stranger.write_bytes(b"")
        os.utime(stranger, (0, 0))
    assert await sweep(tmp_path, removed) == 1
    assert all(stranger.exists() for stranger in strangers)


@pytest.mark.parametrize("days", [7, "forever"])
async def test_what_is_long_half_written_goes_and_what_is_being_written_stays(
    tmp_path: Path, removed: Counter, days: Days
) -> None:
    for camera, hours in (("cam-01", 0.1), ("cam-02", 2), ("cam-03", 2)):
        folder = tmp_path / camera
        folder.mkdir()
        (folder / "17.part").write_bytes(b"\xff\xd8 half")
        os.utime(folder / "17.part", (NOW.timestamp() - 3600 * hours,) * 2)
    show(tmp_path, "cam-03", 0)
    (tmp_path / "cam-03" / "latest.jpg.part").write_bytes(b"as an older version named it")
    os.utime(tmp_path / "cam-03" / "latest.jpg.part", (0, 0))
    assert await sweep(tmp_path, removed, days) == 3
    assert (names(tmp_path / "cam-01"), names(tmp_path / "cam-03")) == (["17.part"], [LATEST])
    assert names(tmp_path) == ["cam-01", "cam-03"]


async def test_before_the_first_picture_there_is_nothing_to_do(tmp_path: Path, removed: Counter) -> None:
    assert await sweep(tmp_path / "frames", removed) == 0


async def test_what_the_disk_will_not_let_go_is_told_after_all_else_was_removed(
    tmp_path: Path, removed: Counter
) -> None:
    keep(tmp_path, "cam-01", 8)
    keep(tmp_path, "cam-02", 8, 9)
    (stuck,) = (tmp_path / "cam-01" / "kept").glob("*/*.jpg")
    stuck.unlink()
    stuck.mkdir()  # whom unlink refuses, be it root
    with pytest.raises(NotRemovedError, match=rf"^1 removals refused, the first: .*{stuck.name}"):
        await sweep(tmp_path, removed)
    assert names(tmp_path) == ["cam-01"]


async def test_cameras_at_work_are_not_disturbed_by_a_sweep(tmp_path: Path, removed: Counter) -> None:
    cameras = ("cam-01", "cam-02", "cam-03")

    def work(camera: str) -> None:
        for number in range(80):
            show(tmp_path, camera, 0)
            keep(tmp_path, camera, number / 86_400)

    async def sweep_on() -> None:
        while True:
            await sweep(tmp_path, removed)

    for camera in cameras:
        keep(tmp_path, camera, *range(7, 100))
    sweeping = asyncio.create_task(sweep_on())
    try:
        await asyncio.gather(*(asyncio.to_thread(work, camera) for camera in cameras))
        assert not sweeping.done()
    finally:
        sweeping.cancel()
        await asyncio.wait([sweeping])
    assert await sweep(tmp_path, removed) == 3 * 92
    assert len(left(tmp_path)) == 3 * (1 + 80 + 1)


KEEPING = """
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from video.frames import FrameFiles
from video.still import Still

files = FrameFiles(Path(sys.argv[1]) / "cam-01")
picture = b"begin" + bytes(3_000_000) + b"end"
for number in range(1_000_000):
    still = Still(captured_at=datetime(2026, 11, 21, tzinfo=UTC) + timedelta(milliseconds=number), jpeg=picture)
    files.replace_latest(still)
    files.keep(still, "change")
    print(number, flush=True)
"""


@pytest.mark.parametrize("pictures", [1, 2, 4])
async def test_a_killed_process_leaves_whole_pictures_and_one_part_at_most_which_is_swept(
    tmp_path: Path, removed: Counter, pictures: int
) -> None:
    kill_after(tmp_path, pictures)
    whole, parts = written(tmp_path)
    assert len(whole) > pictures
    assert all(path.read_bytes().endswith(b"end") for path in whole)
    assert len(parts) <= 1
    await sweep(tmp_path, removed, "forever", now=datetime.now(UTC) + timedelta(hours=2))
    assert written(tmp_path) == (whole, [])


def written(folder: Path) -> tuple[list[Path], list[Path]]:
    """Pictures, and what is no picture yet."""
    return sorted(folder.rglob("*.jpg")), sorted(folder.rglob("*.part"))


def kill_after(folder: Path, pictures: int) -> None:
    """In the middle of the next one."""
    with subprocess.Popen([sys.executable, "-c", KEEPING, folder], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        for _ in range(pictures):
            process.stdout.readline()
        process.kill()


def test_a_stop_ends_a_sweep_where_it_is(tmp_path: Path, removed: Counter) -> None:
    keep(tmp_path, "cam-01", 8, 9)
    stopped = threading.Event()
    stopped.set()
    Sweep(pictures_from=ago(7), parts_from=ago(1), removed=removed).run(tmp_path, stopped)
    assert left(tmp_path) == ["cam-01 8", "cam-01 9"]
