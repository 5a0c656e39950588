"""Simulated cameras and one consumer of them, each in processes of their own, and what the consumer cost."""

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tests.rig import cpu_seconds, until

# A whole number of the cameras' GOPs, so that every window holds the same number of key frames.
WINDOW_SECONDS = 10.0
SETTLE_SECONDS = 4.0
OPEN_SECONDS = 90.0
LEAVE_SECONDS = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Film:
    """What a camera sends; `name` as a data sheet has it."""

    name: str
    width: int
    height: int
    fps: int

    @property
    def arguments(self) -> Sequence[str]:
        return [f"--width={self.width}", f"--height={self.height}", f"--fps={self.fps}"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a module of ours in a process of its own says when asked; it ends when it can be asked no more."""

    pid: int
    questions: IO[str]
    answers: IO[str]

    def frames(self) -> tuple[int, int]:
        """The frames of all cameras until now, and how many cameras gave any."""
        with suppress(BrokenPipeError):  # it has ended, and so do its answers
            self.questions.write("\n")
            self.questions.flush()
        answered = self.answers.readline()
        assert answered, "the process has ended"
        frames, cameras = answered.split()
        return int(frames), int(cameras)


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    pid: int
    urls: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What was counted until `at`, in monotonic seconds."""

    at: float
    frames: int
    consumer_cpu: float
    server_cpu: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Of all cameras together; but `fps` is of one. `served_cores` is what the simulated cameras took themselves."""

    cameras: int
    cores: float
    fps: float
    resident_mib: float
    served_cores: float

    @property
    def cameras_per_core(self) -> float:
        return self.cameras / self.cores

    @property
    def mib_per_camera(self) -> float:
        return self.resident_mib / self.cameras


@contextmanager
def simulated(film: Film, count: int) -> Iterator[Simulated]:
    with _module("camera_server", f"--cameras={count}", *film.arguments) as server:
        urls = server.answers.readline().split()
        assert len(urls) == count, "the simulated cameras have ended"
        yield Simulated(pid=server.pid, urls=urls)


@contextmanager
def consuming(module: str, *arguments: str, cameras: int) -> Iterator[Asked]:
    """The consumer, once every camera has given it a frame."""
    with _module(module, *arguments) as consumer:
        until(lambda: consumer.frames()[1] == cameras, f"{module} sees {cameras} cameras", OPEN_SECONDS)
        yield consumer


def measure(consumer: Asked, server: Simulated, cameras: int) -> Cost:
    time.sleep(SETTLE_SECONDS)
    before = _moment(consumer, server)
    time.sleep(WINDOW_SECONDS)
    after = _moment(consumer, server)
    seconds = after.at - before.at
    return Cost(
        cameras=cameras,
        cores=(after.consumer_cpu - before.consumer_cpu) / seconds,
        fps=(after.frames - before.frames) / cameras / seconds,
        resident_mib=resident_mib(consumer.pid),
        served_cores=(after.server_cpu - before.server_cpu) / seconds,
    )


def _moment(consumer: Asked, server: Simulated) -> Moment:
    return Moment(
        at=time.monotonic(),
        frames=consumer.frames()[0],
        consumer_cpu=cpu_seconds(consumer.pid),
        server_cpu=cpu_seconds(server.pid),
    )


def resident_mib(pid: int) -> float:
    """Memory of a process and all it started; what several of them share is counted once (the kernel's PSS)."""
    summary = Path(f"/proc/{pid}/smaps_rollup").read_text()
    (kib,) = [int(line.split()[1]) for line in summary.splitlines() if line.startswith("Pss:")]
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return kib / 1024 + sum(resident_mib(int(child)) for child in children)


@contextmanager
def _module(name: str, *arguments: str) -> Iterator[Asked]:
    command = [sys.executable, "-m", f"tests.bench.{name}", *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield Asked(pid=process.pid, questions=process.stdin, answers=process.stdout)
        finally:
            with suppress(BrokenPipeError):
                process.stdin.close()
            try:
                process.wait(LEAVE_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
