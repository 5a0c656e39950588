"""pantau simulate: the city's hardware, played over MQTT and RTSP; or a load of so many messages per second."""

import logging
import tomllib
import zlib
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from pydantic import ValidationError

from deploy.clocks import real_clocks, utc_now
from deploy.commands.devices import read_inventory
from deploy.commands.failed import FailedError
from deploy.listen import Address, require_free
from deploy.refused import RefusedError
from deploy.settings import Settings
from deploy.supervise import side_by_side
from devices.broker import BrokerAddress
from devices.device import Device
from simulators.actor import Stage
from simulators.camera import CameraModel, CameraServer, EncoderMissingError, serve_cameras
from simulators.cast import Cast
from simulators.city import City
from simulators.load import LoadStuckError, LoadTerms, publish
from simulators.mishaps import Scenario, Town, befall
from simulators.publisher import cast_of
from simulators.rtsp.recording import Codec
from simulators.scenery.light import Light
from simulators.scenery.scene import Scene
from simulators.schedule import Pace
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


async def run(
    settings: Settings, *, devices_file: Path | None, speed: float, rtsp_port: int, scenario: Path | None
) -> None:
    """Play the devices of the list until cancelled, cameras too, and what the scenario says befalls them."""
    devices = read_inventory(devices_file or settings.devices_file).devices
    stage = Stage(address=BrokerAddress.parse(settings.mqtt_url), now=utc_now, grammar=settings.grammar)
    cast = cast_of(devices, City(seed=1), stage, Pace(started=stage.seconds(), speed=speed))
    story = read_scenario(scenario, devices, cast) if scenario else Scenario()
    await side_by_side(cast.run(), _with_cameras(devices, rtsp_port, partial(_befall, story, cast, devices)))


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


def read_scenario(file: Path, devices: Iterable[Device], cast: Cast) -> Scenario:
    """The mishaps of a file. Raises RefusedError for a file that is none, or is of another city."""
    try:
        scenario = Scenario.model_validate(tomllib.loads(file.read_text("utf-8")))
    except OSError as fault:
        raise RefusedError([f"{file}: cannot be read: {fault.strerror}"]) from fault
    except ValidationError as invalid:
        faults = invalid.errors(include_input=False)
        raise RefusedError(
            [f"{file}: {'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in faults]
        ) from None
    except ValueError as fault:
        raise RefusedError([f"{file}: not TOML: {fault}"]) from fault
    played = {device: tuple(part.metrics) for device, part in cast.parts.items()}
    if wrong := scenario.fault({device.id: device for device in devices}, played):
        raise RefusedError([f"{file}: {wrong}"])
    return scenario


async def _befall(story: Scenario, cast: Cast, devices: Iterable[Device], cameras: CameraServer) -> None:
    await befall(story, Town(cast=cast, cameras=cameras, devices={device.id: device for device in devices}))


async def _with_cameras(devices: Iterable[Device], port: int, act: Callable[[CameraServer], Awaitable[None]]) -> None:
    """Serve every camera of the list while `act` runs. Raises ListenError, and FailedError without an encoder."""
    models = {name: model for device in devices if device.kind == "camera" for name, model in _models(device.id)}
    address = Address("127.0.0.1", port, "--rtsp-port")
    require_free([address])
    try:
        async with serve_cameras(models, address.host, address.port) as cameras:
            log.info("%d simulated cameras at rtsp://%s/ID", len(models) // 2, address)
            await act(cameras)
    except EncoderMissingError as missing:
        raise FailedError(str(missing)) from missing


def _models(camera: str) -> Iterator[tuple[str, CameraModel]]:
    """The main stream of a camera, and its sub stream: the same view, half as wide."""
    view = VIEWS[zlib.crc32(camera.encode()) % len(VIEWS)]
    scene = view.scene
    yield camera, view
    yield f"{camera}/sub", CameraModel(scene=replace(scene, width=scene.width // 2, height=scene.height // 2))
