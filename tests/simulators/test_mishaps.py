"""What befalls a played city of itself: on a real Mosquitto and real RTSP cameras, and the story that is shipped."""

import asyncio
import secrets
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from deploy.commands.devices import read_inventory
from deploy.local.mosquitto import Mosquitto
from deploy.processes.simulate import read_scenario
from deploy.rehearse import FOLDER
from deploy.settings import DEFAULT_CONFIG
from devices.broker import BrokerAddress
from devices.device import Device
from devices.topics import Grammar
from simulators.actor import Stage
from simulators.camera import CameraServer, serve_cameras
from simulators.city import City
from simulators.faults import Fault
from simulators.mishaps import CameraFault, Cut, Drift, Scenario, Town, befall
from simulators.publisher import cast_of, playing
from simulators.scenery.scene import Scene
from simulators.schedule import Pace
from tests.patience import PATIENCE_SECONDS
from tests.simulators.audience import Audience, listening

CITY = City(seed=1)
DEVICES = [
    Device(id="fp-1", kind="fibre_point", name="FP 1"),
    Device(id="fp-2", kind="fibre_point", name="FP 2", parents=("fp-1",)),
    Device(id="hs-1", kind="hotspot", name="HS", parents=("fp-2",)),
    Device(id="hs-2", kind="hotspot", name="HS", parents=(("fp-1", "fp-2"),)),
    Device(id="cam-1", kind="camera", name="CAM 1", parents=("fp-2",)),
    Device(id="cam-2", kind="camera", name="CAM 2", parents=("fp-1",)),
]
BY_ID = {device.id: device for device in DEVICES}
CUT = Cut(kind="cut", device="fp-2", at_seconds=0, lasts_seconds=1)


class Hours:
    """A story's own time: what lasts is over when its test has seen enough."""

    def __init__(self) -> None:
        self._lasting: dict[float, asyncio.Event] = defaultdict(asyncio.Event)

    async def sleep(self, seconds: float) -> None:
        if seconds:
            await self._lasting[seconds].wait()
            self._lasting[seconds].clear()

    def over(self, seconds: float) -> None:
        """So many seconds, for the one who waits for them or will."""
        self._lasting[seconds].set()


@asynccontextmanager
async def town(server: Mosquitto, hours: Hours) -> AsyncIterator[tuple[Town, Audience]]:
    stage = Stage(
        address=BrokerAddress.parse(server.url),
        now=lambda: datetime.now(UTC),
        grammar=Grammar(f"mishaps/{secrets.token_hex(4)}"),
    )
    scene = Scene(width=160, height=96, seconds=1)
    async with (
        serve_cameras({"cam-1": scene, "cam-2": scene}) as cameras,
        listening(server.url, stage.grammar) as audience,
        playing(DEVICES, CITY, stage, interval_seconds=0.2) as cast,
    ):
        story = replace(cast, stage=replace(stage, sleep=hours.sleep))
        yield Town(cast=story, cameras=cameras, devices=BY_ID), audience


async def until_fault(cameras: CameraServer, camera: str, fault: Fault | None) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while cameras.camera(camera).mount.fault is not fault:
            await asyncio.sleep(0.02)


async def test_a_cut_takes_what_hangs_below_and_gives_it_back_again_and_again(mosquitto_server: Mosquitto) -> None:
    hours = Hours()
    async with town(mosquitto_server, hours) as (place, audience):
        story = asyncio.create_task(befall(Scenario(mishaps=(CUT,), again_after_seconds=2), place))
        for _ in range(2):
            await until_fault(place.cameras, "cam-1", Fault.GONE)
            assert place.cameras.camera("cam-2").mount.fault is None, "it hangs elsewhere"
            await audience.until(lambda: {"fp-2", "hs-1"} == offline(audience))
            hours.over(CUT.lasts_seconds)
            await until_fault(place.cameras, "cam-1", None)
            await audience.until(lambda: not offline(audience))
            hours.over(2)
        assert not story.done()
        story.cancel()


def offline(audience: Audience) -> set[str]:
    return {id_ for id_ in BY_ID if audience.statuses(id_)[-1:] == [b"offline"]}


async def test_a_camera_has_its_fault_for_a_while_and_a_metric_drifts_for_a_while(mosquitto_server: Mosquitto) -> None:
    frozen = CameraFault(kind="camera", device="cam-2", fault=Fault.FROZEN, at_seconds=0, lasts_seconds=1)
    bent = Drift(kind="drift", device="fp-1", metric="rx_power_dbm", by=-50.0, at_seconds=0, lasts_seconds=2)
    hours = Hours()
    async with town(mosquitto_server, hours) as (place, _):
        story = asyncio.create_task(befall(Scenario(mishaps=(frozen, bent)), place))
        await until_fault(place.cameras, "cam-2", Fault.FROZEN)
        part, now = place.cast.parts["fp-1"], place.cast.stage.seconds()
        async with asyncio.timeout(PATIENCE_SECONDS):
            while part.values(now)["rx_power_dbm"] > -50:
                await asyncio.sleep(0.02)
            hours.over(frozen.lasts_seconds)
            hours.over(bent.lasts_seconds)
            await until_fault(place.cameras, "cam-2", None)
            while part.values(now)["rx_power_dbm"] < -50:
                await asyncio.sleep(0.02)
        story.cancel()


@pytest.mark.parametrize(
    ("mishap", "reason"),
    [
        (Cut(kind="cut", device="fp-9", at_seconds=0, lasts_seconds=1), "fp-9 is not in the device list"),
        (
            CameraFault(kind="camera", device="fp-1", fault=Fault.GONE, at_seconds=0, lasts_seconds=1),
            "fp-1 is no camera",
        ),
        (
            Drift(kind="drift", device="fp-1", metric="level_metres", by=1, at_seconds=0, lasts_seconds=1),
            "fp-1 does not report level_metres",
        ),
    ],
)
def test_a_story_of_another_city_is_refused(mishap: Cut | CameraFault | Drift, reason: str) -> None:
    played = {"fp-1": ("rx_power_dbm",)}
    assert reason in (Scenario(mishaps=(mishap,)).fault(BY_ID, played) or "")
    assert Scenario(mishaps=(CUT,)).fault(BY_ID, played) is None


def test_the_story_of_oku_can_be_told_and_is_no_storm(mosquitto_server: Mosquitto) -> None:
    devices = read_inventory(DEFAULT_CONFIG.with_name("devices.csv")).devices
    stage = Stage(address=BrokerAddress.parse(mosquitto_server.url), now=lambda: datetime.now(UTC))
    file = DEFAULT_CONFIG.parent / FOLDER / "scenario.toml"
    story = read_scenario(file, devices, cast_of(devices, CITY, stage, Pace(started=0.0)))
    assert story.again_after_seconds is not None
    spans = sorted((mishap.at_seconds, mishap.at_seconds + mishap.lasts_seconds) for mishap in story.mishaps)
    assert spans
    assert all(end < begin for (_, end), (begin, _) in pairwise([*spans, (story.again_after_seconds,) * 2]))
