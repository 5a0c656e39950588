"""Peer (b): an ffmpeg per camera as Frigate starts it for detection, its pictures read from a pipe.

The arguments are Frigate's own defaults (global, preset-rtsp-generic, scale, detect output) without hardware; the
pictures stay as large as they come, which spares it the scaling.
"""

import argparse
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import IO

from tests.bench.camera_counting import watch

FPS = 5
BUFFERED_FRAMES = 10
GLOBAL = "-hide_banner -loglevel warning -threads 2"
INPUT = (
    "-avoid_negative_ts make_zero -fflags +genpts+discardcorrupt -rtsp_transport tcp -timeout 10000000"
    " -use_wallclock_as_timestamps 1"
)
OUTPUT = "-r {fps} -vf fps={fps},scale={width}:{height} -threads 2 -f rawvideo -pix_fmt yuv420p pipe:"


def command(url: str, width: int, height: int) -> Sequence[str]:
    output = OUTPUT.format(fps=FPS, width=width, height=height)
    return ["ffmpeg", *GLOBAL.split(), *INPUT.split(), "-i", url, *output.split()]


def frames(pipe: IO[bytes], frame_bytes: int) -> Iterator[None]:
    while len(pipe.read(frame_bytes)) == frame_bytes:
        yield


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--width", type=int, required=True)
    parser.add_argument("--height", type=int, required=True)
    parser.add_argument("urls", nargs="+")
    asked = parser.parse_args()
    frame_bytes = asked.width * asked.height * 3 // 2  # yuv420p
    with ExitStack() as processes:
        pipes = {
            url: processes.enter_context(_started(command(url, asked.width, asked.height), frame_bytes))
            for url in asked.urls
        }
        watch(asked.urls, lambda url: frames(pipes[url], frame_bytes))


@contextmanager
def _started(arguments: Sequence[str], frame_bytes: int) -> Iterator[IO[bytes]]:
    """The pipe it writes into, buffered as in Frigate."""
    with subprocess.Popen(
        arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, bufsize=frame_bytes * BUFFERED_FRAMES
    ) as process:
        assert process.stdout is not None
        try:
            yield process.stdout
        finally:
            process.kill()


if __name__ == "__main__":
    main()
