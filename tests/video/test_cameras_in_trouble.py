"""Every way in which a camera can fail at once: each told by its name, each survived, none in another's way."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from deploy.local.mosquitto import Mosquitto
from devices.frame_files import KEPT, LATEST, KeptFrame
from devices.tamper import Tamper
from simulators.camera import CameraServer, serve_cameras
from simulators.faults import Fault
from simulators.scenery.scene import Scene
from tests.video.room import PATIENT, QUICK, Heard, Room, camera, counted, listening, running

REASONS = {
    Fault.STALLED: {"stalled"},
    Fault.GARBLED: {"garbage", "stalled"},
    Fault.MUTE: {"no_answer", "stalled"},
    Fault.BUSY: {"too_many_clients"},
    Fault.NOT_FOUND: {"not_found"},
    Fault.LOCKED: {"wrong_password"},
    Fault.AUDIO_ONLY: {"no_video"},
    Fault.BABBLING: {"garbage"},
    Fault.GONE: {"no_answer", "closed"},
}
WELL = "cam-well"
# Long enough for a camera that is well to be seen again after a machine stood still, short enough to wait for.
TROUBLED = QUICK.model_copy(
    update={"offline_after_seconds": 25.0, "open_timeout_seconds": 5.0, "read_timeout_seconds": 4.0}
)
VIEW = Scene(width=320, height=180, fps=10, gop_seconds=1, seconds=2)


def name_of(fault: Fault) -> str:
    return f"cam-{fault.replace('_', '-')}"


@pytest.fixture
def room(mosquitto_server: Mosquitto, tmp_path: Path) -> Room:
    return Room(mosquitto_server.url, tmp_path, settings=PATIENT)


@pytest_asyncio.fixture
async def server() -> AsyncIterator[CameraServer]:
    async with serve_cameras(dict.fromkeys((WELL, *map(name_of, REASONS)), VIEW)) as cameras:
        yield cameras


def last_reason(heard: Heard, name: str) -> str | None:
    lost = heard.events(name, "camera_lost")
    return str(lost[-1]["reason"]) if lost else None


async def test_each_failure_is_told_by_its_name_and_survived(room: Room, server: CameraServer) -> None:
    room.settings = TROUBLED
    names = [WELL, *map(name_of, REASONS)]
    async with (
        listening(room.broker_url, room.grammar) as heard,
        running(room.watch({name: server.url(name) for name in names})),
    ):
        await heard.until(lambda: all(heard.statuses(name)[-1:] == ["online"] for name in names))
        heard.messages.clear()
        for fault in REASONS:
            await server.camera(name_of(fault)).suffer(fault)
        await heard.until(lambda: all(last_reason(heard, name_of(fault)) in names for fault, names in REASONS.items()))
        assert heard.statuses(WELL) == [], "a camera that is well is nobody's victim"
        await heard.until_reported(WELL, 2)
        for fault in REASONS:
            await server.camera(name_of(fault)).recover()
        await heard.until(lambda: all(heard.statuses(name_of(fault)) == ["offline", "online"] for fault in REASONS))
        await heard.until(lambda: all(heard.events(name_of(fault), "camera_back") for fault in REASONS))
    tampered = {name: heard.events(name, "camera_tampered") for name in names}
    assert not any(tampered.values()), "a camera whose link is gone is offline, never tampered"


async def test_a_new_camera_disturbs_none_and_a_removed_one_says_goodbye(room: Room, server: CameraServer) -> None:
    watch = room.watch({WELL: server.url(WELL)})
    other = name_of(Fault.BUSY)
    async with listening(room.broker_url, room.grammar) as heard, running(watch):
        await heard.until(lambda: heard.statuses(WELL)[-1:] == ["online"])
        watch.follow([camera(WELL, server.url(WELL)), camera(other, server.url(other))])
        await heard.until(lambda: heard.statuses(other)[-1:] == ["online"])
        watch.follow([camera(WELL, server.url(WELL))])
        await heard.until(lambda: heard.statuses(other)[-1:] == ["offline"])
        await heard.until_reported(WELL, 2)
        assert heard.statuses(WELL) == ["online"]
        # nothing is told any more of a camera that is gone
        await heard.until(lambda: counted("pantau_video_frames_total", other) == 0)


async def test_a_camera_says_how_good_its_connection_is(room: Room, server: CameraServer) -> None:
    async with (
        listening(room.broker_url, room.grammar) as heard,
        running(room.watch({WELL: server.url(WELL)})),
    ):
        await heard.until_reported(WELL, 3)
        # After a machine stood still for a while: once nine tenths of the time were seen.
        await heard.until(lambda: excellent(heard.values(WELL)))
        values = heard.values(WELL)
        assert values["frames_per_second"] < 3, "one key frame a second: of ten frames, nine are never decoded"
        assert 0 <= values["motion_ratio"] <= 1
        assert values["sharpness"] > 0
        assert not any(values[tamper] for tamper in Tamper)


def excellent(values: Mapping[str, float]) -> bool:
    return values["connection_grade"] == 3 and values["frames_per_second"] > 0.3


async def test_an_alert_on_what_a_camera_sees_keeps_a_picture_from_before_and_after(
    room: Room, server: CameraServer
) -> None:
    keep = PATIENT.keep.model_copy(
        update={"alert_after_seconds": 1.0, "change_ratio": "never", "every_minutes": "never"}
    )
    room.settings = PATIENT.model_copy(update={"keep": keep})
    watch = room.watch({WELL: server.url(WELL)})
    kept = room.folder / WELL / KEPT
    async with listening(room.broker_url, room.grammar) as heard, running(watch):
        await heard.until(lambda: len(heard.of(WELL, "telemetry")) >= 2)
        watch.on_alert(["fp-001"])
        watch.on_alert([WELL])
        await heard.until(lambda: len(list(kept.glob("*/*.jpg"))) == 2)
    before, after = sorted(KeptFrame.parse(path.stem) or pytest.fail(path.name) for path in kept.glob("*/*.jpg"))
    assert (before.reason, after.reason) == ("alert-before", "alert-after")
    assert after.captured_at - before.captured_at >= timedelta(seconds=1)


async def test_a_camera_that_shakes_itself_for_a_while_comes_back(room: Room, server: CameraServer) -> None:
    room.settings = TROUBLED
    async with (
        listening(room.broker_url, room.grammar) as heard,
        running(room.watch({WELL: server.url(WELL)})),
    ):
        await heard.until_online(WELL)
        for fault in (Fault.DISCONNECTED, Fault.STALLED, Fault.GONE, Fault.RESIZED):
            await server.camera(WELL).suffer(fault)
            await asyncio.sleep(1)
        await server.camera(WELL).recover()
        await heard.until((room.folder / WELL / LATEST).exists)
        await heard.until_reported(WELL, 3)
        await heard.until(lambda: heard.values(WELL)["frame_age_seconds"] < 2)
