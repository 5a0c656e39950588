"""pantau doctor: can I reach broker, database, cameras, channels?"""

import asyncio
import json
import ssl
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

import aiomqtt
import psycopg

from alerts.notify.channels.kinds import open_all
from alerts.notify.channels.sender import Sender
from deploy.camera_logins import camera_logins
from deploy.commands.failed import FailedError
from deploy.database import connect
from deploy.settings import Settings
from devices import registry
from devices.broker import BrokerAddress
from devices.device import Device
from video.camera import Camera, cameras
from video.credentials import Credentials
from video.describe import describe
from video.failure import CameraError
from video.source import Source

# A server that has just been started, or a link that loses packets, takes some seconds to answer and is there.
SECONDS = 15.0
# A modem may first have to be waited for.
CHANNEL_SECONDS = 45.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that must be reached; `reason` is None where it is."""

    part: str
    name: str
    reason: str | None

    def __str__(self) -> str:
        return (
            f"{'ok' if self.reason is None else 'FAIL':<5}{self.part:<9} {self.name:<24} {self.reason or ''}".rstrip()
        )


async def run(settings: Settings, *, as_json: bool) -> None:
    """A line each. Raises FailedError where something cannot be reached, RefusedError for a camera's login file."""
    logins = camera_logins(settings)
    database, devices = await _database(settings.database_url)
    async with open_all(settings.city.channels) as senders:
        findings = [
            database,
            await _broker(settings.mqtt_url),
            *await asyncio.gather(*(_camera(camera, logins) for camera in _cameras(settings, devices))),
            *await asyncio.gather(*(_channel(name, sender) for name, sender in senders.items())),
        ]
    print(json.dumps([asdict(one) for one in findings], indent=2) if as_json else "\n".join(map(str, findings)))
    if failed := [one for one in findings if one.reason is not None]:
        raise FailedError(f"{len(failed)} of {len(findings)} cannot be reached")


async def _database(url: str) -> tuple[Finding, Iterable[Device]]:
    """And the registry, where there is one."""
    if not url:
        return Finding(part="database", name="", reason="PANTAU_DATABASE_URL is not set"), ()
    try:
        async with asyncio.timeout(SECONDS), connect(url) as connection:
            return Finding(part="database", name="", reason=None), (await registry.load(connection)).values()
    except psycopg.errors.UndefinedTable:
        return Finding(part="database", name="", reason="it has no tables: run `pantau migrate`"), ()
    except (psycopg.Error, TimeoutError) as fault:
        return Finding(part="database", name="", reason=_words(fault)), ()


async def _broker(url: str) -> Finding:
    if not url:
        return Finding(part="broker", name="", reason="PANTAU_MQTT_URL is not set")
    broker = BrokerAddress.parse(url)
    client = aiomqtt.Client(
        broker.host,
        broker.port,
        username=broker.user,
        password=broker.password,
        tls_context=ssl.create_default_context() if broker.tls else None,
        timeout=SECONDS,
    )
    try:
        async with asyncio.timeout(SECONDS), client:
            return Finding(part="broker", name="", reason=None)
    except (aiomqtt.MqttError, OSError) as fault:  # TimeoutError is an OSError
        return Finding(part="broker", name="", reason=_words(fault))


def _cameras(settings: Settings, devices: Iterable[Device]) -> list[Camera]:
    return cameras(devices, settings.city.video.stream_of)


async def _camera(camera: Camera, logins: Mapping[str, Credentials]) -> Finding:
    """Whether it describes its stream to us, as it must before it can be watched; a name of a failure where not."""
    source = Source(address=camera.rtsp_url, credentials=logins.get(camera.id))
    try:
        await asyncio.to_thread(describe, source, timeout_seconds=SECONDS)
    except CameraError as fault:
        return Finding(part="camera", name=camera.id, reason=fault.failure)
    return Finding(part="camera", name=camera.id, reason=None)


async def _channel(name: str, sender: Sender) -> Finding:
    try:
        async with asyncio.timeout(CHANNEL_SECONDS):
            return Finding(part="channel", name=name, reason=await sender.check())
    except TimeoutError as fault:
        return Finding(part="channel", name=name, reason=_words(fault))


def _words(fault: BaseException) -> str:
    return " ".join(str(fault).split()) or type(fault).__name__
