"""Eyes that admit when they cannot see: eight cameras learn their streets, and then each is wronged in its own way.

After a minute of good pictures something happens to each lens. Within its hold time each camera says which of the
eight things it is, and nothing else; when the lens is clear again, it says so. A ninth one is left alone.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from deploy.local.mosquitto import Mosquitto
from devices.frame_files import KEPT, KeptFrame
from devices.tamper import Tamper
from simulators.camera import CameraServer, serve_cameras
from simulators.faults import Fault
from simulators.scenery.scene import Scene
from tests.patience import PATIENCE_SECONDS
from tests.video.room import Heard, Room, listening, running
from tests.video.tamper_watching import MISHAPS
from video.settings import VideoSettings
from video.tamper.settings import HoldSettings, TamperSettings

UNTOUCHED = "cam-untouched"
QUICK = HoldSettings(begin_seconds=6, clear_seconds=3)
SETTINGS = VideoSettings(
    interval_seconds=1,
    report_seconds=2,
    tamper=TamperSettings(**{str(tamper): QUICK for tamper in Tamper}),
)
LEARN_SECONDS = 70
# Seeds of streets. (Every fifth is a plain wall, on which there is little to miss.)
STREETS = (0, 1, 2, 3, 5, 6, 7, 8)
VIEW = Scene(width=640, height=360, fps=5, gop_seconds=1, seconds=7)


def name_of(tamper: Tamper) -> str:
    return f"cam-{tamper.replace('_', '-')}"


def holding(heard: Heard, name: str) -> set[str]:
    values = heard.values(name)
    return {tamper for tamper in Tamper if values.get(tamper)}


async def wrong(server: CameraServer, tamper: Tamper) -> None:
    if tamper is Tamper.FROZEN:
        await server.camera(name_of(tamper)).suffer(Fault.FROZEN)
    else:
        await server.camera(name_of(tamper)).show(replace(scene(tamper), lens=MISHAPS[tamper]))


async def right(server: CameraServer, tamper: Tamper) -> None:
    if tamper is Tamper.FROZEN:
        await server.camera(name_of(tamper)).recover()
    else:
        await server.camera(name_of(tamper)).show(scene(tamper))


def scene(tamper: Tamper) -> Scene:
    return replace(VIEW, seed=STREETS[list(Tamper).index(tamper)])


@pytest.mark.timeout(400)
async def test_each_camera_says_what_was_done_to_it_and_when_it_sees_again(
    mosquitto_server: Mosquitto, tmp_path: Path
) -> None:
    room = Room(mosquitto_server.url, tmp_path, settings=SETTINGS)
    names = [UNTOUCHED, *map(name_of, Tamper)]
    scenes = {UNTOUCHED: VIEW, **{name_of(tamper): scene(tamper) for tamper in Tamper}}
    async with (
        serve_cameras(scenes) as server,
        listening(room.broker_url, room.grammar) as heard,
        running(room.watch({name: server.url(name) for name in names})),
    ):
        await heard.until(lambda: all(heard.of(name, "telemetry") for name in names))
        learnt = room.now().timestamp() + LEARN_SECONDS
        await heard.until(lambda: room.now().timestamp() > learnt, within_seconds=LEARN_SECONDS + PATIENCE_SECONDS)
        for tamper in Tamper:
            await wrong(server, tamper)
        await heard.until(lambda: all(holding(heard, name_of(tamper)) == {tamper} for tamper in Tamper))
        for tamper in Tamper:
            await right(server, tamper)
        await heard.until(lambda: not any(holding(heard, name) for name in names))
    for tamper in Tamper:
        begun = [said["begun"] for said in heard.events(name_of(tamper), "camera_tampered")]
        assert begun == [[tamper], []], f"{tamper}: begun and ended once, and nothing else in between"
        reasons = {frame.reason for frame in kept(room.folder / name_of(tamper))}
        assert {f"{tamper}-before", f"{tamper}-after"} <= reasons
    assert heard.events(UNTOUCHED, "camera_tampered") == []
    assert all("offline" not in heard.statuses(name)[1:-1] for name in names), "a wronged camera is not a lost one"


def kept(folder: Path) -> list[KeptFrame]:
    found = [KeptFrame.parse(path.stem) for path in (folder / KEPT).glob("*/*.jpg")]
    return [frame for frame in found if frame is not None]
