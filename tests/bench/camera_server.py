"""`python -m tests.bench.camera_server`: simulated cameras in a process of their own, apart from what is measured."""

import argparse
import asyncio
import sys

from simulators.camera import serve_cameras
from simulators.scenery.scene import Scene

# So much rain makes a stream of what cameras are set to: some 2 Mbit/s at 720p15, 4 at 1080p25.
RAIN = 0.1
GOP_SECONDS = 2
LOOP_SECONDS = 8


async def main() -> None:
    """Says where the cameras are, in one line, once they play; ends with its standard input."""
    parser = argparse.ArgumentParser()
    for name in ("cameras", "width", "height", "fps"):
        parser.add_argument(f"--{name}", type=int, required=True)
    asked = parser.parse_args()
    scene = Scene(
        width=asked.width,
        height=asked.height,
        fps=asked.fps,
        rain=RAIN,
        gop_seconds=GOP_SECONDS,
        seconds=LOOP_SECONDS,
    )
    names = [f"cam-{number:03d}" for number in range(1, asked.cameras + 1)]
    async with serve_cameras(dict.fromkeys(names, scene)) as server:
        print(*map(server.url, names), flush=True)
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())
