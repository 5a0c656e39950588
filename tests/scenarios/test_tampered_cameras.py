"""Eyes that admit when they cannot see: eight cameras learn their streets, and then each is wronged in its own way.

After a minute of good pictures something happens to each lens. Within its hold time each camera says which of the
eight things it is, and nothing else; when the lens is clear again, it says so. A ninth one is left alone.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

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
    offline_after_seconds=60,
    open_timeout_seconds=60,
    read_timeout_seconds=60,
    tamper=TamperSettings(**{str(tamper): QUICK for tamper in Tamper}),
)
# Of one report every two seconds: for more than the minute of pictures that it takes to know what is usual.
REPORTS_TO_LEARN = 35
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
        await heard.until(
            lambda: all(len(heard.of(name, "telemetry")) > REPORTS_TO_LEARN for name in names),
            within_seconds=2 * PATIENCE_SECONDS,
        )
        for tamper in Tamper:
            await wrong(server, tamper)
        await heard.until(lambda: all(holding(heard, name_of(tamper)) == {tamper} for tamper in Tamper))
        for tamper in Tamper:
            await right(server, tamper)
        await heard.until(lambda: not any(holding(heard, name) for name in names))
        await heard.until(lambda: all(len(told(heard, tamper)) == 2 for tamper in Tamper))
        await heard.until(lambda: all(reasons(room, tamper) >= kept_for(tamper) for tamper in Tamper))
    for tamper in Tamper:
        begun = [said["begun"] for said in told(heard, tamper)]
        assert begun == [[tamper], []], f"{tamper}: begun and ended once, and nothing else in between"
    assert heard.events(UNTOUCHED, "camera_tampered") == []
    assert all("offline" not in heard.statuses(name)[1:-1] for name in names), "a wronged camera is not a lost one"


def told(heard: Heard, tamper: Tamper) -> list[dict[str, Any]]:
    return heard.events(name_of(tamper), "camera_tampered")


def kept_for(tamper: Tamper) -> set[str]:
    return {f"{tamper}-before", f"{tamper}-after"}


def reasons(room: Room, tamper: Tamper) -> set[str]:
    """For which pictures were kept."""
    found = [KeptFrame.parse(path.stem) for path in (room.folder / name_of(tamper) / KEPT).glob("*/*.jpg")]
    return {frame.reason for frame in found if frame is not None}
