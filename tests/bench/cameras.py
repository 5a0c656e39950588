"""How many cameras a core watches, ours beside what a user would pick; and what more cameras, or larger ones, cost.

Every method watches the same simulated cameras, H.264 with a key frame each 2 s, and what counts is the CPU time of
its own processes. Ours gives one frame of each camera per 2 s, which is all that is wanted; the peers cannot give less
than they decode.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from deploy.local.mosquitto import Mosquitto
from deploy.local.root import ensure_root
from tests.bench.camera_methods import FFMPEG, FLOOR, KEYS, MOTION, OURS, PLAIN, Around, Method, cost
from tests.bench.camera_motion_package import NoMotionError, motion_root
from tests.bench.camera_rig import Cost, Film, simulated
from tests.bench.figures import Figure, figure
from tests.bench.line import LOCAL

MANY = 20
# With how many cameras the peers are compared: the dearest must leave a core to the cameras.
COMPARED = {
    Film(name="720p15", width=1280, height=720, fps=15): 8,
    Film(name="1080p25", width=1920, height=1080, fps=25): 4,
}
GROWING = Film(name="360p10", width=640, height=360, fps=10)
GROWTH = (20, 50, 100)
PROBED_SECONDS = 4

# How many times more cameras a core has to watch by ours.
LEAST = {PLAIN: 5, FFMPEG: 1, MOTION: 1}

Costs = Mapping[Method, Sequence[Cost]]


def figures(runs: int) -> list[Figure]:
    peers = [PLAIN, FFMPEG, *_motion()]
    with _around() as around:
        found = [found for film in COMPARED for found in _film(film, peers, runs, around)]
        return found + _growth(runs, around)


def _motion() -> list[Method]:
    try:
        motion_root()
    except NoMotionError as reason:
        print(f"bench: without Debian's motion: {reason}", file=sys.stderr, flush=True)
        return []
    return [MOTION]


@contextmanager
def _around() -> Iterator[Around]:
    LOCAL.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory(dir=LOCAL, prefix="bench-") as folder,
        Mosquitto(Path(folder) / "mosquitto", root=ensure_root(LOCAL / "servers")) as mosquitto,
    ):
        yield Around(broker_url=mosquitto.url, folder=Path(folder))


def _film(film: Film, peers: Sequence[Method], runs: int, around: Around) -> list[Figure]:
    few: dict[Method, list[Cost]] = {method: [] for method in (OURS, FLOOR, *peers)}
    many: dict[Method, list[Cost]] = {method: [] for method in (OURS, KEYS, FLOOR)}
    count = COMPARED[film]
    with simulated(film, MANY) as server:
        sent = _megabits(server.urls[0])
        for _ in range(runs):
            for costs, cameras in ((few, count), (many, MANY)):
                for method, found in costs.items():
                    found.append(cost(method, film, server, cameras, around))
    return [
        figure(f"{film.name}: a simulated camera sends", "Mbit/s", [sent]),
        *_per_core(f"{film.name}, {count} together", few),
        *_ratios(film, few),
        *_memory(f"{film.name}, {count} together", few),
        *_per_core(f"{film.name}, {MANY} together", many),
        *_of_many(film, many),
    ]


def _per_core(name: str, costs: Costs) -> list[Figure]:
    return [
        figure(f"{name}: {method.name}", "cameras/core", [one.cameras_per_core for one in found])
        for method, found in costs.items()
    ]


def _memory(name: str, costs: Costs) -> list[Figure]:
    return [
        figure(f"{name}: memory of {method.name}", "MiB/camera", [one.mib_per_camera for one in found])
        for method, found in costs.items()
    ]


def _ratios(film: Film, costs: Costs) -> list[Figure]:
    return [
        figure(f"{film.name}: ours / {method.name}", "ratio", _over(costs, OURS, method), least=LEAST[method])
        for method in costs
        if method in LEAST
    ]


def _of_many(film: Film, costs: Costs) -> list[Figure]:
    name, ours = f"{film.name}, {MANY} cameras", costs[OURS]
    return [
        figure(f"{name}: CPU of ours / of the floor", "ratio", _over(costs, FLOOR, OURS), most=2.5),
        figure(f"{name}: CPU of ours / of key frames decoded", "ratio", _over(costs, KEYS, OURS)),
        figure(f"{name}: CPU of ours", "cores", [one.cores for one in ours], most=1),
        figure(f"{name}: memory of ours", "MiB/camera", [one.mib_per_camera for one in ours]),
        figure(f"{name}: CPU of the simulated cameras", "cores", [one.served_cores for one in ours], most=0.5),
    ]


def _over(costs: Costs, method: Method, other: Method) -> list[float]:
    """How many times more cameras a core watches by `method`, run by run."""
    pairs = zip(costs[method], costs[other], strict=True)
    return [one.cameras_per_core / another.cameras_per_core for one, another in pairs]


def _growth(runs: int, around: Around) -> list[Figure]:
    costs: dict[int, list[Cost]] = {count: [] for count in GROWTH}
    with simulated(GROWING, max(GROWTH)) as server:
        for _ in range(runs):
            for count, found in costs.items():
                found.append(cost(OURS, GROWING, server, count, around))
    return [
        *(found for count, those in costs.items() for found in _of_ours(f"{GROWING.name}, {count} cameras", those)),
        *(_dearer(costs, count) for count in GROWTH[1:]),
    ]


def _of_ours(name: str, costs: Sequence[Cost]) -> list[Figure]:
    return [
        figure(f"{name}: CPU of ours", "cores", [one.cores for one in costs]),
        figure(f"{name}: memory of ours", "MiB/camera", [one.mib_per_camera for one in costs]),
    ]


def _dearer(costs: Mapping[int, Sequence[Cost]], count: int) -> Figure:
    """How many times more a camera costs among so many than among the fewest."""
    pairs = zip(costs[GROWTH[0]], costs[count], strict=True)
    ratios = [few.cameras_per_core / many.cameras_per_core for few, many in pairs]
    return figure(f"{GROWING.name}: CPU per camera, {count} cameras / {GROWTH[0]}", "ratio", ratios, most=1.2)


def _megabits(url: str) -> float:
    """What a camera sends in a second, as ffprobe sees it."""
    command = "ffprobe -v error -rtsp_transport tcp -select_streams v -show_entries packet=size -of csv=p=0"
    read = ["-read_intervals", f"%+{PROBED_SECONDS}", url]
    sizes = subprocess.run([*command.split(), *read], capture_output=True, text=True, check=True).stdout.split()
    return sum(int(size.rstrip(",")) for size in sizes) * 8 / PROBED_SECONDS / 1e6
