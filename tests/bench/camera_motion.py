"""Peer (c): Debian's motion, one process for all cameras, looking for motion twice a second and keeping nothing.

Two frames a second are the least it takes. Pictures as large as they come are its cheapest ("rescaling comes at a very
high CPU cost", its manual says, and so it was seen), and its capture_rate must exceed the camera's, or it falls behind.
"""

import argparse
import os
import re
import subprocess
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError

from deploy.local.ports import free_port
from tests.bench.camera_counting import answer
from tests.bench.camera_motion_package import library_path, motion_root

CONFIGURATION = """\
daemon off
setup_mode off
log_level 4
log_file {folder}/motion.log
target_dir {folder}
framerate 2
width {width}
height {height}
picture_output off
movie_output off
stream_port 0
webcontrol_port {port}
webcontrol_localhost on
"""
CAMERA = """\
camera_id {number}
netcam_url {url}
netcam_params rtsp_transport=tcp,capture_rate={rate}
"""
CONNECTED = re.compile(r"Camera [1-9]\d* Connection OK")


def main() -> None:
    parser = argparse.ArgumentParser()
    for name in ("width", "height", "fps"):
        parser.add_argument(f"--{name}", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("urls", nargs="+")
    asked = parser.parse_args()
    port = free_port()
    configuration = CONFIGURATION.format(folder=asked.folder, width=asked.width, height=asked.height, port=port)
    for number, url in enumerate(asked.urls, start=1):
        camera = asked.folder / f"camera-{number}.conf"
        camera.write_text(CAMERA.format(number=number, url=url, rate=asked.fps + 1))
        configuration += f"camera {camera}\n"
    (asked.folder / "motion.conf").write_text(configuration)
    with _running(asked.folder / "motion.conf"):
        answer(lambda: _connected(port))


@contextmanager
def _running(configuration: Path) -> Iterator[None]:
    root = motion_root()
    command = [str(root / "usr/bin/motion"), "-n", "-c", str(configuration)]
    environment = {**os.environ, "LD_LIBRARY_PATH": library_path(root)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as motion:
        try:
            yield
        finally:
            motion.kill()  # it would take some seconds to say goodbye to its cameras


def _connected(port: int) -> Sequence[int]:
    """1 for each camera that it is connected to: it does not tell how many frames it took."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/0/detection/connection", timeout=5) as answered:
            return [1] * len(CONNECTED.findall(answered.read().decode()))
    except URLError:
        return []


if __name__ == "__main__":
    main()
