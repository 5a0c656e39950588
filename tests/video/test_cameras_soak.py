"""The whole room in a process of its own, for ten minutes: a hundred cameras without a leak, and twenty that drop."""

import asyncio
import secrets
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from statistics import median
from typing import Self

import pytest

from deploy.local.mosquitto import Mosquitto
from deploy.processes.video import CAMERA_WAITS_SECONDS
from deploy.supervise import JITTER
from devices.frame_files import LATEST
from simulators.camera import CameraServer, serve_cameras
from simulators.faults import Fault
from simulators.rtsp.camera import Camera
from simulators.scenery.scene import Scene
from tests.rig import resident_bytes
from tests.video.room import hearing
from video.opener import Timeouts
from video.settings import VideoSettings

REPOSITORY = Path(__file__).parents[2]
SETTINGS = VideoSettings()
SOAK_SECONDS = 600
# By then every camera has opened, and what is learned of each has its size.
SETTLE_SECONDS = 120
LOOK_SECONDS = 5
LOOKS_A_MINUTE = 60 // LOOK_SECONDS
FLAT = 1.05
# Of a camera that gives a frame each 2 s, on a machine that may be busy.
FRESH_SECONDS = 10
OPEN_SECONDS = 90
TIMEOUTS = Timeouts(
    open=timedelta(seconds=SETTINGS.open_timeout_seconds), read=timedelta(seconds=SETTINGS.read_timeout_seconds)
)
# The attempt that the last drop still spoils, the longest wait after it, and the first frames of the next attempt.
BACK_SECONDS = TIMEOUTS.hang.total_seconds() + CAMERA_WAITS_SECONDS[-1] * (1 + JITTER) + FRESH_SECONDS
WAYS_TO_GO = (Fault.DISCONNECTED, Fault.STALLED, Fault.MUTE, Fault.BUSY, Fault.GONE, Fault.BABBLING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What a process holds at one moment. The room starts no other process: a child could only be a zombie."""

    resident_bytes: int
    threads: int
    files: int
    children: int

    @classmethod
    def of(cls, pid: int) -> Self:
        process = Path(f"/proc/{pid}")
        tasks = list((process / "task").iterdir())
        return cls(
            resident_bytes=resident_bytes(pid),
            threads=len(tasks),
            files=len(list((process / "fd").iterdir())),
            children=sum(map(_children, tasks)),
        )


def _children(task: Path) -> int:
    """How many processes a thread has started that are not yet gone; those of a thread that ended go to another."""
    try:
        return len((task / "children").read_text().split())
    except (FileNotFoundError, ProcessLookupError):
        return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """The room's process, its pictures, and what each camera last said of itself over MQTT."""

    pid: int
    folder: Path
    cameras: Sequence[str]
    statuses: dict[str, str] = field(default_factory=dict)
    outages: set[str] = field(default_factory=set)

    def heard(self, camera: str, status: str) -> None:
        self.statuses[camera] = status
        if status == "offline":
            self.outages.add(camera)

    def is_all_well(self, since: float = 0) -> bool:
        """Every camera is online, and has given a picture since that moment."""
        return all(self.statuses.get(camera) == "online" and self._seen_at(camera) > since for camera in self.cameras)

    def _seen_at(self, camera: str) -> float:
        """When its latest picture was captured, in seconds since 1970; never is long ago."""
        latest = self.folder / camera / LATEST
        return latest.stat().st_mtime if latest.exists() else 0.0


@asynccontextmanager
async def watching(server: CameraServer, cameras: Iterable[str], broker_url: str, folder: Path) -> AsyncIterator[Room]:
    """The room at work, once every camera is online with a picture."""
    names = list(cameras)
    root = f"soak-{secrets.token_hex(4)}"
    command = ("-m", "tests.bench.camera_ours", "--broker", broker_url, "--folder", folder, "--root", root)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *command,
        *map(server.url, names),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
        cwd=REPOSITORY,
    )
    assert process.stdin is not None
    room = Room(pid=process.pid, folder=folder, cameras=names)
    try:
        async with hearing(
            broker_url, f"{root}/+/status", lambda topic, status: room.heard(topic.split("/")[-2], status)
        ):
            await until(lambda: process.returncode is not None or room.is_all_well(), within_seconds=OPEN_SECONDS)
            assert process.returncode is None
            room.outages.clear()  # on a busy machine a first frame may come after a first `offline`
            yield room
            assert process.returncode is None
    finally:
        process.stdin.close()
        await process.wait()


async def until(true: Callable[[], bool], *, within_seconds: float) -> None:
    async with asyncio.timeout(within_seconds):
        while not true():
            await asyncio.sleep(0.2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """How often a camera goes, on average, and for how long it is away: seconds."""

    every: float
    away: tuple[float, float]


async def drop_at_random(camera: Camera, random: Random, trouble: Trouble, *, seconds: float) -> int:
    """How many times it went. At the end it is there again."""
    loop, drops = asyncio.get_running_loop(), 0
    end = loop.time() + seconds
    while loop.time() < end:
        await asyncio.sleep(random.expovariate(1 / trouble.every))
        await camera.suffer(random.choice(WAYS_TO_GO))
        await asyncio.sleep(random.uniform(*trouble.away))
        await camera.recover()
        drops += 1
    return drops


async def drop_all(broker_url: str, folder: Path, trouble: Trouble, *, cameras: int, seconds: float) -> Room:
    """Every camera dropping at random: afterwards all are back, and no thread is left behind."""
    scenes = {f"cam-{number:02d}": small_scene(seed=0) for number in range(cameras)}
    async with serve_cameras(scenes) as server, watching(server, scenes, broker_url, folder) as room:
        threads = Body.of(room.pid).threads
        dropping = (drop_at_random(server.camera(name), Random(name), trouble, seconds=seconds) for name in scenes)
        drops = await asyncio.gather(*dropping)
        ended = time.time()
        assert min(drops) > 0, "a camera that never went need not come back"
        await until(lambda: room.is_all_well(since=ended), within_seconds=BACK_SECONDS)
        await until(lambda: Body.of(room.pid).threads <= threads, within_seconds=BACK_SECONDS)
        return room


def small_scene(seed: int) -> Scene:
    return Scene(seed=seed, width=320, height=180, fps=10, gop_seconds=2, seconds=4)


def minutes(amounts: Iterable[int]) -> list[float]:
    """The median of each whole minute."""
    listed = list(amounts)
    starts = range(0, len(listed) - LOOKS_A_MINUTE + 1, LOOKS_A_MINUTE)
    return [median(listed[start : start + LOOKS_A_MINUTE]) for start in starts]


@pytest.mark.soak
@pytest.mark.timeout(400)
async def test_cameras_that_drop_at_random_come_back(mosquitto_server: Mosquitto, tmp_path: Path) -> None:
    await drop_all(mosquitto_server.url, tmp_path, Trouble(every=2, away=(0, 2)), cameras=4, seconds=8)


@pytest.mark.soak
@pytest.mark.timeout(SOAK_SECONDS + 600)
async def test_ten_minutes_of_every_camera_dropping_leave_all_of_them_back(
    mosquitto_server: Mosquitto, tmp_path: Path
) -> None:
    trouble = Trouble(every=20, away=(0, 40))
    room = await drop_all(mosquitto_server.url, tmp_path, trouble, cameras=20, seconds=SOAK_SECONDS)
    assert len(room.outages) > len(room.cameras) / 2, "drops that nobody notices prove nothing"


@pytest.mark.soak
@pytest.mark.timeout(SOAK_SECONDS + 600)
async def test_a_hundred_cameras_for_ten_minutes_leave_nothing_behind(
    mosquitto_server: Mosquitto, tmp_path: Path
) -> None:
    scenes = [small_scene(seed) for seed in range(4)]
    cameras = {f"cam-{number:03d}": scenes[number % len(scenes)] for number in range(100)}
    async with (
        serve_cameras(cameras) as server,
        watching(server, cameras, mosquitto_server.url, tmp_path) as room,
    ):
        await asyncio.sleep(SETTLE_SECONDS)
        bodies = []
        for _ in range((SOAK_SECONDS - SETTLE_SECONDS) // LOOK_SECONDS):
            await asyncio.sleep(LOOK_SECONDS)
            bodies.append(Body.of(room.pid))
        assert room.is_all_well(since=time.time() - FRESH_SECONDS)
        assert room.outages == set()
    resident = minutes(body.resident_bytes for body in bodies)
    assert max(resident) <= FLAT * min(resident), resident
    assert len({body.threads for body in bodies}) == 1
    assert len(set(minutes(body.files for body in bodies))) == 1
    assert {body.children for body in bodies} == {0}
