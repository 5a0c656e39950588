"""pantau simulate: the city's hardware, played over MQTT and RTSP; or a load of so many messages per second."""

import asyncio
import logging
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from deploy.clocks import real_clocks, utc_now
from deploy.commands.devices import read_inventory
from deploy.commands.failed import FailedError
from deploy.listen import Address, require_free
from deploy.settings import Settings
from deploy.supervise import side_by_side
from devices.broker import BrokerAddress
from devices.device import Device
from simulators.actor import Stage
from simulators.camera import CameraModel, EncoderMissingError, serve_cameras
from simulators.city import City
from simulators.load import LoadStuckError, LoadTerms, publish
from simulators.publisher import SimulateSettings, play
from simulators.rtsp.recording import Codec
from simulators.scenery.light import Light
from simulators.scenery.scene import Scene
from simulators.telemetry import rising, telemetry_stream

# The length of a view; no multiple of the sampling interval, or each sample would show the same moment.
SECONDS = 7
# Views that the cameras share, since each is encoded once: streets by day, in the rain, at dusk, at night.
VIEWS = (
    CameraModel(scene=Scene(seed=0, seconds=SECONDS)),
    CameraModel(scene=Scene(seed=1, seconds=SECONDS, rain=0.6)),
    CameraModel(scene=Scene(seed=2, seconds=SECONDS, light=Light.DUSK)),
    CameraModel(scene=Scene(seed=3, seconds=SECONDS), codec=Codec.H265),
    CameraModel(scene=Scene(seed=5, seconds=SECONDS, light=Light.INFRARED)),
)

log = logging.getLogger(__name__)


async def run(settings: Settings, *, devices_file: Path | None, speed: float, rtsp_port: int) -> None:
    """Play the devices of the list until cancelled, cameras too."""
    devices = read_inventory(devices_file or settings.devices_file).devices
    stage = Stage(address=BrokerAddress.parse(settings.mqtt_url), now=utc_now, grammar=settings.grammar)
    await side_by_side(play(SimulateSettings(speed=speed), devices, City(seed=1), stage), _cameras(devices, rtsp_port))


async def load(settings: Settings, *, devices_file: Path | None, rate: float) -> None:
    """Publish readings of the listed devices at `rate` messages per second until cancelled. Raises FailedError."""
    devices = read_inventory(devices_file or settings.devices_file).devices
    city = City(seed=1)
    messages = telemetry_stream(
        [device for device in devices if city.plays(device)],
        city,
        times_us=rising(real_clocks().now_us),
        grammar=settings.grammar,
    )
    try:
        await publish(messages, LoadTerms(url=settings.mqtt_url, rate=rate))
    except LoadStuckError as stuck:
        raise FailedError(str(stuck)) from stuck


async def _cameras(devices: Iterable[Device], port: int) -> None:
    """Serve every camera of the list until cancelled. Raises ListenError, and FailedError without an encoder."""
    models = {name: model for device in devices if device.kind == "camera" for name, model in _models(device.id)}
    address = Address("127.0.0.1", port, "--rtsp-port")
    require_free([address])
    try:
        async with serve_cameras(models, address.host, address.port):
            log.info("%d simulated cameras at rtsp://%s/ID", len(models) // 2, address)
            await asyncio.Event().wait()
    except EncoderMissingError as missing:
        raise FailedError(str(missing)) from missing


def _models(camera: str) -> Iterator[tuple[str, CameraModel]]:
    """The main stream of a camera, and its sub stream: the same view, half as wide."""
    view = VIEWS[zlib.crc32(camera.encode()) % len(VIEWS)]
    scene = view.scene
    yield camera, view
    yield f"{camera}/sub", CameraModel(scene=replace(scene, width=scene.width // 2, height=scene.height // 2))
