"""The video room at work between simulated cameras and a real broker, and what a subscriber hears of it."""

import asyncio
import json
import os
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiomqtt
from prometheus_client import REGISTRY

from devices.acceptance import accept
from devices.device import Device
from devices.kinds import KINDS
from devices.payloads.native import decode_telemetry
from devices.reading import Element, Reading
from devices.topics import Grammar
from tests.patience import PATIENCE_SECONDS
from video.credentials import Credentials
from video.settings import VideoSettings
from video.surroundings import Surroundings
from video.watch import Watch

QUICK = VideoSettings(
    interval_seconds=1,
    report_seconds=1,
    offline_after_seconds=4,
    open_timeout_seconds=10,
    read_timeout_seconds=2,
    full_decode_beyond_seconds=1.5,
)
# For cameras that nothing befalls: however late a busy machine is with a picture, it is nobody's outage.
PATIENT = QUICK.model_copy(
    update={
        "offline_after_seconds": PATIENCE_SECONDS,
        "open_timeout_seconds": PATIENCE_SECONDS,
        "read_timeout_seconds": PATIENCE_SECONDS,
    }
)


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Attempts:
    """Supervision as deploy does it, with shorter pauses, and a list of what went wrong."""

    faults: list[str] = field(default_factory=list)

    def of(self, camera: str) -> int:
        """How often its stream was lost, or could not be had."""
        return sum(fault.startswith(f"camera {camera}:") for fault in self.faults)

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

    def events(self, device: str, type_: str) -> list[dict[str, Any]]:
        """The data of each event of that type."""
        said = (json.loads(payload) for payload in self.of(device, "event"))
        return [event["data"] for event in said if event["type"] == type_]

    def values(self, device: str) -> dict[str, float]:
        """What was published last; empty before."""
        said = self.of(device, "telemetry")
        return latest_values(said[-1]) if said else {}

    def statuses(self, device: str) -> list[str]:
        return self.of(device, "status")

    async def until_online(self, device: str) -> None:
        """Forgets what was said before: on a busy machine a first frame may come after a first `offline`."""
        await self.until(lambda: self.statuses(device)[-1:] == ["online"])
        self.messages.clear()

    async def until_reported(self, device: str, times: int) -> None:
        """So many times more than until now."""
        said = len(self.of(device, "telemetry"))
        await self.until(lambda: len(self.of(device, "telemetry")) >= said + times)

    async def until(self, true: Callable[[], bool], *, within_seconds: float = PATIENCE_SECONDS) -> None:
        async with asyncio.timeout(within_seconds):
            while not true():
                await asyncio.sleep(0.05)


@asynccontextmanager
async def listening(broker_url: str, grammar: Grammar) -> AsyncIterator[Heard]:
    heard = Heard(grammar)
    async with hearing(broker_url, f"{grammar.root}/#", lambda *message: heard.messages.append(message)):
        yield heard


@asynccontextmanager
async def hearing(broker_url: str, topics: str, hear: Callable[[str, str], None]) -> AsyncIterator[None]:
    """`hear` gets topic and payload of each message until the block ends."""
    parts = urlsplit(broker_url)

    async def hear_all(client: aiomqtt.Client) -> None:
        async for message in client.messages:
            hear(str(message.topic), bytes(message.payload).decode())

    async with aiomqtt.Client(str(parts.hostname), parts.port or 1883) as client:
        await client.subscribe(topics, qos=1)
        task = asyncio.create_task(hear_all(client))
        try:
            yield
        finally:
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
    settings: VideoSettings = QUICK
    grammar: Grammar = field(default_factory=lambda: Grammar(f"test-{secrets.token_hex(4)}"))
    attempts: Attempts = field(default_factory=Attempts)

    def now(self) -> datetime:
        return utc_now()

    def watch(self, urls: Mapping[str, str], credentials: Mapping[str, Credentials] | None = None) -> Watch:
        around = Surroundings(
            settings=self.settings,
            credentials=credentials or {},
            environment=os.environ,
            folder=self.folder,
            memory=self.folder.parent / "cameras",
            broker_url=self.broker_url,
            grammar=self.grammar,
            now=utc_now,
        )
        watch = Watch(around, keep_sampling=self.attempts.keep, keep_reporting=self.attempts.keep)
        watch.follow(camera(id_, url) for id_, url in urls.items())
        return watch


def camera(id_: str, url: str) -> Device:
    return Device(id=id_, kind="camera", name=id_, attributes={"rtsp_url": url})


def counted(name: str, camera: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, {"camera": camera, **labels}) or 0.0


def latest_values(payload: str) -> dict[str, float]:
    """The readings that ingest would accept: no value may be refused."""
    received_us = round(time.time() * 1e6)
    (element,) = decode_telemetry(payload.encode(), received_us)
    assert isinstance(element, Element)
    judged = list(accept("cam-01", KINDS["camera"], element, received_us))
    assert all(isinstance(reading, Reading) for reading in judged), judged
    return {reading.metric: reading.value for reading in judged if isinstance(reading, Reading)}
