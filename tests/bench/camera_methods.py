"""The ways of watching cameras that are compared, and what one of them costs."""

import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.camera_rig import Cost, Film, Simulated, consuming, measure

SAMPLES_PER_SECOND = 0.5
FRIGATE_FPS = 5
# A method further from its frames than this share looks cheaper than it is, or does more than it should.
TOLERANCE = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What ours is given beside the cameras."""

    broker_url: str
    folder: Path


Arguments = Callable[[Film, Around], Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """`fps` is what it gives of one camera; None where it does not tell."""

    name: str
    module: str
    fps: Callable[[Film], float | None]
    arguments: Arguments = lambda _film, _around: ()


def _folder(around: Around) -> str:
    return f"--folder={tempfile.mkdtemp(dir=around.folder)}"


OURS = Method(
    name="ours: measured, kept as JPEG, published",
    module="camera_ours",
    fps=lambda _: SAMPLES_PER_SECOND,
    arguments=lambda _, around: [f"--broker={around.broker_url}", _folder(around)],
)
KEYS = Method(name="key frames decoded, no more", module="camera_keys", fps=lambda _: SAMPLES_PER_SECOND)
FLOOR = Method(name="the floor: packets taken, not decoded", module="camera_demux", fps=lambda film: film.fps)
PLAIN = Method(name="(a) cap.read() in a loop", module="camera_plain", fps=lambda film: film.fps)
FFMPEG = Method(
    name="(b) an ffmpeg per camera, as Frigate",
    module="camera_ffmpeg",
    fps=lambda _: FRIGATE_FPS,
    arguments=lambda film, _: [f"--width={film.width}", f"--height={film.height}"],
)
MOTION = Method(
    name="(c) Debian's motion",
    module="camera_motion",
    fps=lambda _: None,
    arguments=lambda film, around: [*film.arguments, _folder(around)],
)


def cost(method: Method, film: Film, server: Simulated, cameras: int, around: Around) -> Cost:
    """Says so where a method gave another number of frames: then its figure is not what it seems."""
    urls = server.urls[:cameras]
    with consuming(method.module, *method.arguments(film, around), *urls, cameras=cameras) as consumer:
        found = measure(consumer, server, cameras)
    wanted = method.fps(film)
    if wanted is not None and abs(found.fps - wanted) > TOLERANCE * wanted:
        given = f"{found.fps:.2f} frames a second of each of {cameras} cameras, not {wanted:g}"
        print(f"bench: {film.name}, {method.name}: {given}", file=sys.stderr, flush=True)
    return found
