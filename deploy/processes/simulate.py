"""pantau simulate: the city's hardware, played over MQTT and RTSP; or a load of so many messages per second."""

import asyncio
import logging
import zlib
from collections.abc import Iterable
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
from simulators.camera import EncoderMissingError, serve_cameras
from simulators.city import City
from simulators.load import LoadStuckError, LoadTerms, publish
from simulators.publisher import SimulateSettings, play
from simulators.scenery.scene import Scene
from simulators.telemetry import rising, telemetry_stream

# Views that differ in light; the cameras share them, since each view is encoded once.
VIEWS = 5

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
    scenes = {device.id: _scene(device.id) for device in devices if device.kind == "camera"}
    address = Address("127.0.0.1", port, "--rtsp-port")
    require_free([address])
    try:
        async with serve_cameras(scenes, address.host, address.port):
            log.info("%d simulated cameras at rtsp://%s/ID", len(scenes), address)
            await asyncio.Event().wait()
    except EncoderMissingError as missing:
        raise FailedError(str(missing)) from missing


def _scene(camera: str) -> Scene:
    view = zlib.crc32(camera.encode()) % VIEWS
    return Scene(seed=view, brightness=0.3 + 0.1 * view)
