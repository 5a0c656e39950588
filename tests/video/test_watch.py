"""The whole room: a simulated camera at one end, a real broker at the other."""

import asyncio
import json
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import aiomqtt
import cv2
import pytest
from prometheus_client import REGISTRY
from pydantic import SecretStr

from deploy.local.mosquitto import Mosquitto
from devices.acceptance import accept
from devices.kinds import KINDS
from devices.payloads.native import decode_telemetry
from devices.reading import Element, Reading
from devices.topics import Grammar
from simulators.camera import CameraServer
from video.camera import Camera
from video.credentials import Credentials
from video.frames import LATEST, LatestFrames
from video.opener import FFMPEG_ENVIRONMENT
from video.settings import VideoSettings
from video.watch import Surroundings, Watch

QUICK = VideoSettings(
    interval_seconds=1,
    report_seconds=1,
    offline_after_seconds=4,
    open_timeout_seconds=10,
    read_timeout_seconds=2,
)


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Attempts:
    """Supervision as deploy does it, with shorter pauses, and a list of what went wrong."""

    faults: list[str] = field(default_factory=list)

    async def keep(self, name: str, attempt: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await attempt()
            except Exception as fault:  # noqa: BLE001  any fault is one attempt
                self.faults.append(f"{name}: {fault}")
            await asyncio.sleep(0.2)


@dataclass
class Heard:
    """What the broker hands to a subscriber, in order."""

    grammar: Grammar
    messages: list[tuple[str, str]] = field(default_factory=list)

    def of(self, device: str, channel: str) -> list[str]:
        return [payload for topic, payload in self.messages if topic == f"{self.grammar.root}/{device}/{channel}"]

    def statuses(self, device: str) -> list[str]:
        return self.of(device, "status")

    async def until_online(self, device: str) -> None:
        """Forgets what was said before: on a busy machine a first frame may come after a first `offline`."""
        await self.until(lambda: self.statuses(device)[-1:] == ["online"])
        self.messages.clear()

    async def until(self, true: Callable[[], bool], *, within_seconds: float = 30) -> None:
        async with asyncio.timeout(within_seconds):
            while not true():
                await asyncio.sleep(0.05)


@asynccontextmanager
async def listening(broker_url: str, grammar: Grammar) -> AsyncIterator[Heard]:
    heard = Heard(grammar)
    parts = urlsplit(broker_url)

    async def hear(client: aiomqtt.Client) -> None:
        async for message in client.messages:
            heard.messages.append((str(message.topic), bytes(message.payload).decode()))

    async with aiomqtt.Client(str(parts.hostname), parts.port or 1883) as client:
        await client.subscribe(f"{grammar.root}/#", qos=1)
        task = asyncio.create_task(hear(client))
        yield heard
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@asynccontextmanager
async def running(watch: Watch) -> AsyncIterator[None]:
    task = asyncio.create_task(watch.run())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@dataclass
class Room:
    """What the tests need to build a watch on one broker, under a root of its own."""

    broker_url: str
    folder: Path
    grammar: Grammar = field(default_factory=lambda: Grammar(f"test-{secrets.token_hex(4)}"))
    attempts: Attempts = field(default_factory=Attempts)

    def watch(self, urls: Mapping[str, str], credentials: Mapping[str, Credentials] | None = None) -> Watch:
        around = Surroundings(
            settings=QUICK,
            environment=FFMPEG_ENVIRONMENT,
            frames=LatestFrames(self.folder, jpeg_quality=80),
            broker_url=self.broker_url,
            grammar=self.grammar,
            now=utc_now,
        )
        cameras = [Camera(id=camera, rtsp_url=url) for camera, url in urls.items()]
        return Watch(cameras, credentials or {}, around, keep=self.attempts.keep)


@pytest.fixture
def room(mosquitto_server: Mosquitto, tmp_path: Path) -> Room:
    return Room(mosquitto_server.url, tmp_path)


async def test_a_camera_is_published_like_any_sensor(room: Room, camera_server: CameraServer) -> None:
    urls = {camera: camera_server.url(camera) for camera in ("cam-01", "cam-02")}
    watch = room.watch(urls)
    async with listening(room.broker_url, room.grammar) as heard, running(watch):
        await heard.until(lambda: all(len(heard.of(camera, "telemetry")) >= 3 for camera in urls))
        assert watch.not_ready() == {"broker": None}
        latest = room.folder / "cam-01" / LATEST
        assert time.time() - latest.stat().st_mtime < 3
        picture = cv2.imread(str(latest))
        assert picture is not None
        assert picture.shape == (180, 320, 3)
    assert room.attempts.faults == []
    assert heard.statuses("cam-01")[-2:] == ["online", "offline"]
    for camera, brightness in (("cam-01", 0.3), ("cam-02", 0.7)):
        values = latest_values(heard.of(camera, "telemetry")[-1])
        assert values["brightness_ratio"] == pytest.approx(brightness, abs=0.03)
        assert 0 <= values["frame_age_seconds"] < 1


async def test_the_file_carries_the_capture_time_that_was_published(room: Room, camera_server: CameraServer) -> None:
    async with listening(room.broker_url, room.grammar) as heard:
        async with running(room.watch({"cam-01": camera_server.url("cam-01")})):
            await heard.until(lambda: len(heard.of("cam-01", "telemetry")) >= 2)
        kept_ms = (room.folder / "cam-01" / LATEST).stat().st_mtime_ns / 1e6
    published = [json.loads(payload)["ts"] for payload in heard.of("cam-01", "telemetry")]
    assert min(abs(kept_ms - ts) for ts in published) <= 1


async def test_a_stalled_camera_goes_offline_and_comes_back(room: Room, camera_server: CameraServer) -> None:
    async with (
        listening(room.broker_url, room.grammar) as heard,
        running(room.watch({"cam-01": camera_server.url("cam-01")})),
    ):
        await heard.until_online("cam-01")
        camera_server.camera("cam-01").stall()
        await heard.until(lambda: heard.statuses("cam-01") == ["offline"])
        said = len(heard.of("cam-01", "telemetry"))
        await asyncio.sleep(1.5)
        assert len(heard.of("cam-01", "telemetry")) == said, "a camera that sees nothing says nothing"
        camera_server.camera("cam-01").resume()
        await heard.until(lambda: heard.statuses("cam-01") == ["offline", "online"])


async def test_a_connection_cut_for_a_moment_is_no_outage(room: Room, camera_server: CameraServer) -> None:
    async with (
        listening(room.broker_url, room.grammar) as heard,
        running(room.watch({"cam-01": camera_server.url("cam-01")})),
    ):
        await heard.until_online("cam-01")
        camera_server.camera("cam-01").close_clients()
        await heard.until(lambda: len(heard.of("cam-01", "telemetry")) >= 4)
        assert heard.statuses("cam-01") == []
    assert room.attempts.faults == [f"camera cam-01: {camera_server.url('cam-01')}: no further frame"]


async def test_a_dead_camera_is_offline_and_no_hindrance_to_another(
    room: Room, camera_server: CameraServer, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
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
    assert counted("pantau_video_open_failures_total", "cam-99") >= 2
    assert heard.of("cam-99", "telemetry") == []
    everything = " ".join([*room.attempts.faults, *capfd.readouterr(), caplog.text, str(heard.messages)])
    assert f"camera cam-99: {dead}: refused" in everything
    assert "r4h" not in everything


async def test_without_a_broker_watching_goes_on_and_reporting_comes_back(
    camera_server: CameraServer, tmp_path: Path, servers_root: Path, scratch: Path
) -> None:
    with Mosquitto(scratch / "watch-mosquitto", root=servers_root) as broker:
        room = Room(broker.url, tmp_path)
        watch = room.watch({"cam-01": camera_server.url("cam-01")})
        async with running(watch):
            async with listening(broker.url, room.grammar) as heard:
                await heard.until_online("cam-01")
            broker.kill()
            seen = counted("pantau_video_frames_total", "cam-01")
            await heard.until(lambda: counted("pantau_video_frames_total", "cam-01") >= seen + 3)
            assert watch.not_ready() == {"broker": "1 of 1 cameras have no connection"}
            assert time.time() - (tmp_path / "cam-01" / LATEST).stat().st_mtime < 3
            broker.start()
            async with listening(broker.url, room.grammar) as heard:
                await heard.until(lambda: "online" in heard.statuses("cam-01"))


async def test_a_camera_lost_while_the_broker_was_away_is_not_called_online(
    camera_server: CameraServer, tmp_path: Path, servers_root: Path, scratch: Path
) -> None:
    with Mosquitto(scratch / "lost-mosquitto", root=servers_root) as broker:
        room = Room(broker.url, tmp_path)
        async with running(room.watch({"cam-01": camera_server.url("cam-01")})):
            async with listening(broker.url, room.grammar) as heard:
                await heard.until_online("cam-01")
            broker.kill()
            camera_server.camera("cam-01").stall()
            await heard.until(lambda: counted("pantau_video_frame_age_seconds", "cam-01") > 5)
            broker.start()
            async with listening(broker.url, room.grammar) as heard:
                await heard.until(lambda: heard.statuses("cam-01") != [])
                assert heard.statuses("cam-01") == ["offline"]


async def test_a_stop_without_a_broker_is_quick(
    camera_server: CameraServer, tmp_path: Path, servers_root: Path, scratch: Path
) -> None:
    with Mosquitto(scratch / "stop-mosquitto", root=servers_root) as broker:
        room = Room(broker.url, tmp_path)
        async with running(room.watch({"cam-01": camera_server.url("cam-01")})):
            async with listening(broker.url, room.grammar) as heard:
                await heard.until_online("cam-01")
            broker.kill()
            begun = time.monotonic()
        assert time.monotonic() - begun < 6


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
from devices.topics import Grammar
from video.camera import Camera
from video.frames import LatestFrames
from video.opener import FFMPEG_ENVIRONMENT
from video.settings import VideoSettings
from video.watch import Surroundings, Watch

camera_url, broker_url, folder, root = sys.argv[1:]
os.environ.update(FFMPEG_ENVIRONMENT)

async def main():
    around = Surroundings(settings=VideoSettings(), environment=os.environ,
        frames=LatestFrames(Path(folder), jpeg_quality=80), broker_url=broker_url, grammar=Grammar(root),
        now=lambda: datetime.now(UTC))
    await Watch([Camera(id="cam-01", rtsp_url=camera_url)], {}, around, keep=lambda name, attempt: attempt()).run()

asyncio.run(main())
"""


async def test_a_killed_process_leaves_its_cameras_offline(room: Room, camera_server: CameraServer) -> None:
    arguments = (camera_server.url("cam-01"), room.broker_url, str(room.folder), room.grammar.root)
    async with listening(room.broker_url, room.grammar) as heard:
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", WATCHING, *arguments)
        await heard.until_online("cam-01")
        process.kill()
        await process.wait()
        await heard.until(lambda: heard.statuses("cam-01") == ["offline"], within_seconds=5)


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
    async with (
        listening(room.broker_url, room.grammar) as heard,
        running(room.watch({"cam-02": camera_server.url("cam-02")})),
    ):
        await heard.until(lambda: len(heard.of("cam-02", "telemetry")) >= 3)
        assert counted("pantau_video_frames_not_kept_total", "cam-02") >= 2
        assert list((small_disk / "cam-02").iterdir()) == []
        filler.unlink()
        await heard.until((small_disk / "cam-02" / LATEST).exists)
    assert [record.getMessage() for record in caplog.records if record.name == "video.watch"] == [
        "cam-02: frames are not kept: No space left on device",
        "cam-02: frames are kept again",
    ]


async def test_the_age_of_the_newest_frame_grows_while_nothing_comes(room: Room, camera_server: CameraServer) -> None:
    async with (
        listening(room.broker_url, room.grammar) as heard,
        running(room.watch({"cam-01": camera_server.url("cam-01")})),
    ):
        await heard.until_online("cam-01")
        camera_server.camera("cam-01").stall()
        await heard.until(lambda: counted("pantau_video_frame_age_seconds", "cam-01") > 3)


def counted(name: str, camera: str) -> float:
    return REGISTRY.get_sample_value(name, {"camera": camera}) or 0.0


def latest_values(payload: str) -> dict[str, float]:
    """The readings that ingest would accept: no value may be refused."""
    received_us = round(time.time() * 1e6)
    (element,) = decode_telemetry(payload.encode(), received_us)
    assert isinstance(element, Element)
    judged = list(accept("cam-01", KINDS["camera"], element, received_us))
    assert all(isinstance(reading, Reading) for reading in judged), judged
    return {reading.metric: reading.value for reading in judged if isinstance(reading, Reading)}
