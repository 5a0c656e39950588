"""The whole room: a simulated camera at one end, a real broker at the other."""

import asyncio
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import aiomqtt
import cv2
import pytest
from pydantic import SecretStr

from deploy.local.mosquitto import Mosquitto
from devices.frame_files import LATEST
from simulators.camera import CameraServer
from tests.patience import PATIENCE_SECONDS
from tests.video.room import PATIENT, QUICK, Room, counted, latest_values, listening, running
from video.credentials import Credentials


@pytest.fixture
def room(mosquitto_server: Mosquitto, tmp_path: Path) -> Room:
    return Room(mosquitto_server.url, tmp_path, settings=PATIENT)


async def test_a_camera_is_published_like_any_sensor(room: Room, camera_server: CameraServer) -> None:
    urls = {camera: camera_server.url(camera) for camera in ("cam-01", "cam-02")}
    watch = room.watch(urls)
    async with listening(room.broker_url, room.grammar) as heard, running(watch):
        await heard.until(lambda: all(len(heard.of(camera, "telemetry")) >= 3 for camera in urls))
        assert watch.not_ready() == {"broker": None}
        latest = room.folder / "cam-01" / LATEST
        await heard.until(lambda: time.time() - latest.stat().st_mtime < 3)
        picture = cv2.imread(str(latest))
        assert picture is not None
        assert picture.shape == (180, 320, 3)
        await heard.until(lambda: all(0 <= heard.values(camera)["frame_age_seconds"] < 1 for camera in urls))
    assert room.attempts.faults == []
    assert heard.statuses("cam-01") == ["online", "offline"]
    for camera, brightness in (("cam-01", 0.3), ("cam-02", 0.7)):
        values = latest_values(heard.of(camera, "telemetry")[-1])
        assert values["brightness_ratio"] == pytest.approx(brightness, abs=0.03)


async def test_the_file_carries_the_capture_time_that_was_published(room: Room, camera_server: CameraServer) -> None:
    room.settings = PATIENT.model_copy(update={"report_seconds": 0.1})  # every sample is told

    def differ_ms() -> float:
        published: int = json.loads(heard.of("cam-01", "telemetry")[-1])["ts"]
        return abs((room.folder / "cam-01" / LATEST).stat().st_mtime_ns / 1e6 - published)

    async with (
        listening(room.broker_url, room.grammar) as heard,
        running(room.watch({"cam-01": camera_server.url("cam-01")})),
    ):
        await heard.until_reported("cam-01", 2)
        camera_server.camera("cam-01").stall()
        await heard.until(lambda: differ_ms() <= 1)


async def test_a_stalled_camera_goes_offline_and_comes_back(room: Room, camera_server: CameraServer) -> None:
    room.settings = QUICK
    async with (
        listening(room.broker_url, room.grammar) as heard,
        running(room.watch({"cam-01": camera_server.url("cam-01")})),
    ):
        await heard.until_online("cam-01")
        await heard.until_reported("cam-01", 3)
        lost = room.attempts.of("cam-01")
        camera_server.camera("cam-01").stall()
        await heard.until(lambda: room.attempts.of("cam-01") > lost)  # no frame is on its way any more
        await heard.until(lambda: heard.statuses("cam-01")[-1:] == ["offline"])
        said = len(heard.of("cam-01", "telemetry"))
        await asyncio.sleep(1.5)
        assert len(heard.of("cam-01", "telemetry")) == said, "a camera that sees nothing says nothing"
        camera_server.camera("cam-01").resume()
        await heard.until(lambda: heard.statuses("cam-01")[-1:] == ["online"])


async def test_a_connection_cut_for_a_moment_is_no_outage(room: Room, camera_server: CameraServer) -> None:
    async with (
        listening(room.broker_url, room.grammar) as heard,
        running(room.watch({"cam-01": camera_server.url("cam-01")})),
    ):
        await heard.until_online("cam-01")
        camera_server.camera("cam-01").close_clients()
        await heard.until_reported("cam-01", 4)
        assert heard.statuses("cam-01") == []
    assert room.attempts.faults == [f"camera cam-01: {camera_server.url('cam-01')}: closed"]


async def test_a_dead_camera_is_offline_and_no_hindrance_to_another(
    room: Room, camera_server: CameraServer, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    room.settings = QUICK
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        dead = f"rtsp://127.0.0.1:{reserved.getsockname()[1]}/1"
        secret = {"cam-99": Credentials(user="admin", password=SecretStr("r4h@s:i/a"))}
        async with (
            listening(room.broker_url, room.grammar) as heard,
            running(room.watch({"cam-01": camera_server.url("cam-01"), "cam-99": dead}, secret)),
        ):
            await heard.until(
                lambda: heard.statuses("cam-01")[-1:] == ["online"] and heard.statuses("cam-99") == ["offline"]
            )
            await heard.until(lambda: heard.events("cam-99", "camera_lost")[-1:] == [{"reason": "refused"}])
            await heard.until(lambda: counted("pantau_video_failures_total", "cam-99", reason="refused") >= 2)
    assert heard.of("cam-99", "telemetry") == []
    everything = " ".join([*room.attempts.faults, *capfd.readouterr(), caplog.text, str(heard.messages)])
    assert f"camera cam-99: {dead}: refused" in everything
    assert "r4h" not in everything


async def test_without_a_broker_watching_goes_on_and_reporting_comes_back(
    camera_server: CameraServer, tmp_path: Path, servers_root: Path, scratch: Path
) -> None:
    with Mosquitto(scratch / "watch-mosquitto", root=servers_root) as broker:
        room = Room(broker.url, tmp_path, settings=PATIENT)
        watch = room.watch({"cam-01": camera_server.url("cam-01")})
        async with running(watch):
            async with listening(broker.url, room.grammar) as heard:
                await heard.until_online("cam-01")
            broker.kill()
            seen = counted("pantau_video_frames_total", "cam-01")
            await heard.until(lambda: counted("pantau_video_frames_total", "cam-01") >= seen + 3)
            await heard.until(lambda: watch.not_ready() == {"broker": "1 of 1 cameras have no connection"})
            await heard.until(lambda: time.time() - (tmp_path / "cam-01" / LATEST).stat().st_mtime < 3)
            broker.start()
            async with listening(broker.url, room.grammar) as heard:
                await heard.until(lambda: "online" in heard.statuses("cam-01"))


async def test_a_camera_lost_while_the_broker_was_away_is_not_called_online(
    camera_server: CameraServer, tmp_path: Path, servers_root: Path, scratch: Path
) -> None:
    forgetful = tmp_path / "forgetful.conf"
    forgetful.write_text("persistence false\n")  # or it might know an `online` of before
    with Mosquitto(scratch / "lost-mosquitto", root=servers_root, config=forgetful) as broker:
        room = Room(broker.url, tmp_path)
        async with running(room.watch({"cam-01": camera_server.url("cam-01")})):
            async with listening(broker.url, room.grammar) as heard:
                await heard.until_online("cam-01")
                await heard.until_reported("cam-01", 3)
            broker.kill()
            lost = room.attempts.of("cam-01")
            camera_server.camera("cam-01").stall()
            await heard.until(lambda: room.attempts.of("cam-01") > lost)  # no frame is on its way any more
            await heard.until(lambda: counted("pantau_video_frame_age_seconds", "cam-01") > 5)
            broker.start()
            async with listening(broker.url, room.grammar) as heard:
                await heard.until(lambda: heard.statuses("cam-01") != [])
                assert heard.statuses("cam-01") == ["offline"]


async def test_a_stop_waits_for_no_broker(
    camera_server: CameraServer, tmp_path: Path, servers_root: Path, scratch: Path
) -> None:
    with Mosquitto(scratch / "stop-mosquitto", root=servers_root) as broker:
        room = Room(broker.url, tmp_path, settings=PATIENT)
        async with asyncio.timeout(2 * PATIENCE_SECONDS), running(room.watch({"cam-01": camera_server.url("cam-01")})):
            async with listening(broker.url, room.grammar) as heard:
                await heard.until_online("cam-01")
            broker.kill()


async def test_a_camera_taken_over_from_a_dead_process_ends_online(room: Room, camera_server: CameraServer) -> None:
    """The dead process's will must not come last: it would call a living camera offline until the next change."""
    status = f"{room.grammar.root}/cam-01/status"
    dead = aiomqtt.Client(
        str(urlsplit(room.broker_url).hostname),
        urlsplit(room.broker_url).port or 1883,
        identifier=f"{room.grammar.root}-cam-01",
        will=aiomqtt.Will(status, "offline", qos=1, retain=True),
    )
    async with listening(room.broker_url, room.grammar) as heard, dead:
        async with running(room.watch({"cam-01": camera_server.url("cam-01")})):
            await heard.until(lambda: "online" in heard.statuses("cam-01"))
            assert heard.statuses("cam-01")[0] == "offline"
        with pytest.raises(aiomqtt.MqttError):
            await anext(dead.messages)


WATCHING = """
import asyncio, os, sys
from datetime import UTC, datetime
from pathlib import Path
from devices.device import Device
from devices.topics import Grammar
from video.opener import FFMPEG_ENVIRONMENT
from video.settings import VideoSettings
from video.surroundings import Surroundings
from video.watch import Watch

camera_url, broker_url, folder, root = sys.argv[1:]
os.environ.update(FFMPEG_ENVIRONMENT)

async def main():
    patient = VideoSettings(offline_after_seconds=120, open_timeout_seconds=120, read_timeout_seconds=120)
    around = Surroundings(settings=patient, environment=os.environ, folder=Path(folder),
        memory=Path(folder) / "learned", broker_url=broker_url, grammar=Grammar(root), now=lambda: datetime.now(UTC))
    once = lambda name, attempt: attempt()
    watch = Watch(around, keep_sampling=once, keep_reporting=once)
    watch.follow([Device(id="cam-01", kind="camera", name="Pasar", attributes={"rtsp_url": camera_url})])
    await watch.run()

asyncio.run(main())
"""


async def test_a_killed_process_leaves_its_cameras_offline(room: Room, camera_server: CameraServer) -> None:
    arguments = (camera_server.url("cam-01"), room.broker_url, str(room.folder), room.grammar.root)
    async with listening(room.broker_url, room.grammar) as heard:
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", WATCHING, *arguments)
        await heard.until_online("cam-01")
        process.kill()
        await process.wait()
        await heard.until(lambda: heard.statuses("cam-01") == ["offline"])


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "small"
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "none", folder], check=False).returncode:
        pytest.skip("mounting a small disk needs root")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


async def test_a_full_disk_does_not_blind_the_city(
    room: Room, camera_server: CameraServer, small_disk: Path, caplog: pytest.LogCaptureFixture
) -> None:
    room.folder = small_disk
    filler = small_disk / "filler"
    with suppress(OSError), filler.open("wb", buffering=0) as file:
        while file.write(bytes(4096)):
            pass

    def said() -> list[str]:
        return [record.getMessage() for record in caplog.records if record.name == "video.lookout"]

    async with (
        listening(room.broker_url, room.grammar) as heard,
        running(room.watch({"cam-02": camera_server.url("cam-02")})),
    ):
        await heard.until(lambda: len(heard.of("cam-02", "telemetry")) >= 3)
        assert counted("pantau_video_frames_not_kept_total", "cam-02") >= 2
        await heard.until(lambda: list((small_disk / "cam-02").iterdir()) == [])
        filler.unlink()
        await heard.until((small_disk / "cam-02" / LATEST).exists)
        await heard.until(lambda: len(said()) == 2)
    assert said() == ["cam-02: frames are not kept: No space left on device", "cam-02: frames are kept again"]


async def test_the_age_of_the_newest_frame_grows_while_nothing_comes(room: Room, camera_server: CameraServer) -> None:
    async with (
        listening(room.broker_url, room.grammar) as heard,
        running(room.watch({"cam-01": camera_server.url("cam-01")})),
    ):
        await heard.until_online("cam-01")
        camera_server.camera("cam-01").stall()
        await heard.until(lambda: counted("pantau_video_frame_age_seconds", "cam-01") > 3)
