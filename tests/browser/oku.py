"""All of OKU: its own list, everyone heard, cameras with pictures; and a part of it on the stage of the simulator."""

import asyncio
import time
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import cv2
import msgspec

from deploy.clocks import utc_now
from deploy.commands.devices import read_inventory
from deploy.database import connect
from deploy.settings import DEFAULT_CONFIG
from devices import registry
from devices.broker import BrokerAddress
from devices.device import Device
from simulators.actor import Stage, spoken
from simulators.cast import Cast
from simulators.city import City
from simulators.publisher import playing
from simulators.scenery.light import Light
from simulators.scenery.scene import Scene, pictures
from tests.centre import Centre, ingesting
from tests.dashboards.footage import Footage

SEEN = {"frame_age_seconds": 0.4, "brightness_ratio": 0.43, "frames_per_second": 12.5}
# Sooner than any device or frame is old.
AGAIN_SECONDS = 8.0
VIEWS = [Scene(seed=seed, light=light) for seed in (1, 2, 3) for light in (Light.DAY, Light.DUSK)]


def oku() -> list[Device]:
    return list(read_inventory(DEFAULT_CONFIG.with_name("devices.csv")).devices)


@asynccontextmanager
async def playing_oku(
    centre: Centre, data: Path, *, on_stage: Sequence[Device] = (), mute: Collection[str] = ()
) -> AsyncIterator[Cast]:
    """Those on stage are played by the simulator; all others report every few seconds, but for who is mute then."""
    city, devices = City(seed=1), oku()
    async with connect(centre.database_url) as connection:
        await registry.import_devices(connection, devices)
    broker = BrokerAddress.parse(centre.mqtt_url)
    stage = Stage(address=broker, now=utc_now, grammar=centre.grammar)
    played = {device.id for device in on_stage}
    rest = [device for device in devices if device.id not in played]
    async with ingesting(centre), playing(on_stage, city, stage, interval_seconds=AGAIN_SECONDS) as cast:
        going_on = asyncio.create_task(_again_and_again(centre, city, rest, mute, Footage(data / "frames")))
        try:
            yield cast
        finally:
            going_on.cancel()
            with suppress(asyncio.CancelledError):
                await going_on


async def _again_and_again(
    centre: Centre, city: City, devices: Sequence[Device], mute: Collection[str], footage: Footage
) -> None:
    frames = await asyncio.to_thread(lambda: [_jpeg(view) for view in VIEWS])
    footage.folder.mkdir(parents=True, exist_ok=True)
    while True:
        heard = [device for device in devices if device.id not in mute]
        for number, camera in enumerate(device for device in heard if device.kind == "camera"):
            footage.capture(camera.id, utc_now(), frames[number % len(frames)])
        await report(centre, city, heard, mute)
        await asyncio.sleep(AGAIN_SECONDS)


async def report(centre: Centre, city: City, devices: Sequence[Device], mute: Collection[str] = ()) -> None:
    """One of each, but for who is mute when its turn comes."""
    for device in devices:
        if device.id in mute:
            continue
        t = time.time()
        values = spoken(device.kind, city.values(device, t)) if city.plays(device) else SEEN
        await centre.publish(device.id, msgspec.json.encode({"ts": int(t * 1_000), "values": values}))


def _jpeg(view: Scene) -> bytes:
    _, encoded = cv2.imencode(".jpg", next(iter(pictures(view))))
    return encoded.tobytes()
