"""`python -m tests.bench.camera_ours`: the whole video room in a process of its own, as `pantau video` runs it.

The cameras are those of the command line instead of the registry's. Ends with its standard input.
"""

import argparse
import asyncio
import os
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from deploy.clocks import real_supervisor, utc_now
from deploy.processes.video import CAMERA_WAITS_SECONDS, delivered
from devices.device import Device
from devices.frame_files import LATEST
from devices.topics import Grammar
from tests.bench.camera_counting import answer
from video import metrics
from video.opener import FFMPEG_ENVIRONMENT
from video.settings import VideoSettings
from video.surroundings import Surroundings
from video.watch import Watch


def watch(urls: Sequence[str], broker_url: str, folder: Path, root: str) -> Watch:
    """A camera is called by the last part of its address."""
    around = Surroundings(
        settings=VideoSettings(),
        environment=os.environ,
        folder=folder,
        memory=folder / "learned",
        broker_url=broker_url,
        grammar=Grammar(root),
        now=utc_now,
    )
    supervisor = real_supervisor()
    patient = replace(supervisor, waits_seconds=CAMERA_WAITS_SECONDS, did_well=delivered)
    watching = Watch(around, keep_sampling=patient.keep, keep_reporting=supervisor.keep)
    names = {url.rpartition("/")[2]: url for url in urls}
    watching.follow(Device(id=name, kind="camera", name=name, attributes={"rtsp_url": names[name]}) for name in names)
    return watching


def frames(folder: Path) -> Sequence[int]:
    """The frames of each camera that has a picture on disk."""
    (family,) = metrics.FRAMES.collect()
    counted = {sample.labels["camera"]: round(sample.value) for sample in family.samples if _is_total(sample.name)}
    return [count for camera, count in counted.items() if (folder / camera / LATEST).exists()]


def _is_total(name: str) -> bool:
    return name.endswith("_total")  # beside it stands when the counting began


def _answer_and_leave(folder: Path) -> None:
    answer(lambda: frames(folder))
    os._exit(0)  # as deploy ends it: threads may be inside OpenCV


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--broker", required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--root", default="pantau/v1")
    parser.add_argument("urls", nargs="+")
    asked = parser.parse_args()
    os.environ.update(FFMPEG_ENVIRONMENT)
    threading.Thread(target=_answer_and_leave, args=(asked.folder,), daemon=True).start()
    asyncio.run(watch(asked.urls, asked.broker, asked.folder, asked.root).run())


if __name__ == "__main__":
    main()
