"""One camera's voice on MQTT: online or offline, and what was measured."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import aiomqtt

from devices.reading import Status
from devices.topics import Channel, Grammar
from video.broker import connection
from video.newest import Newest
from video.pace import Pace

GOODBYE_SECONDS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What was measured on one frame. `read_at` is the event loop's time when it reached us, in seconds."""

    captured_at: datetime
    brightness_ratio: float
    read_at: float


def telemetry(sample: Sample, now: datetime) -> bytes:
    """The native dialect's message; the frame's age is that at the moment of publishing, never below zero."""
    age = max(timedelta(0), now - sample.captured_at)
    values = {"frame_age_seconds": age.total_seconds(), "brightness_ratio": round(sample.brightness_ratio, 4)}
    return json.dumps({"ts": round(sample.captured_at.timestamp() * 1_000), "values": values}).encode()


class Report:
    """Publishes for one camera over a connection of its own, so that the camera has a will of its own.

    The client identifier is the camera's: after a crash the new connection takes the old one over, and the old one's
    will comes before our new `online`, not a minute after it (MQTT 5, 3.1.4).
    """

    def __init__(
        self,
        camera_id: str,
        samples: Newest[Sample],
        *,
        grammar: Grammar,
        interval: timedelta,
        offline_after: timedelta,
        now: Callable[[], datetime],
    ) -> None:
        self.connected = False
        self._status_topic = grammar.format(camera_id, Channel.STATUS)
        self._telemetry_topic = grammar.format(camera_id, Channel.TELEMETRY)
        self._identifier = f"{grammar.root.replace('/', '-')}-{camera_id}"
        self._samples = samples
        self._interval = interval
        self._offline_after = offline_after.total_seconds()
        self._now = now
        self._heard_at: float | None = None

    async def run_once(self, broker_url: str) -> None:
        """Publish until the connection fails. Raises aiomqtt.MqttError; cancelled, says `offline` and goodbye."""
        will = aiomqtt.Will(self._status_topic, Status.OFFLINE.value, qos=1, retain=True)
        async with connection(broker_url, identifier=self._identifier, will=will) as client:
            self.connected = True
            try:
                await _first_to_end(self._speak(client), _until_disconnected(client))
            except asyncio.CancelledError:
                # A clean disconnect discards the will (MQTT 5, 3.14.4); where none is possible, the will speaks.
                goodbye = self._say(client, Status.OFFLINE, within_seconds=GOODBYE_SECONDS)
                with suppress(aiomqtt.MqttError):
                    await _first_to_end(goodbye, _until_disconnected(client))
                raise
            finally:
                self.connected = False

    async def _speak(self, client: aiomqtt.Client) -> None:
        said: Status | None = None
        pace = Pace(self._interval)
        while True:
            sample = await self._next_sample(forever=said is Status.OFFLINE)
            status = Status.ONLINE if sample else Status.OFFLINE
            if status is not said:
                await self._say(client, status)
                said, pace = status, Pace(self._interval)  # back online, it proves so by a reading at once
            if sample and pace.due(sample.captured_at):
                await client.publish(self._telemetry_topic, telemetry(sample, self._now()), qos=1)

    async def _say(self, client: aiomqtt.Client, status: Status, *, within_seconds: float | None = None) -> None:
        await client.publish(self._status_topic, status.value, qos=1, retain=True, timeout=within_seconds)

    async def _next_sample(self, *, forever: bool) -> Sample | None:
        """The next sample, or None once the last is `offline_after` old; silence counts from the first call on."""
        loop = asyncio.get_running_loop()
        if self._heard_at is None:
            self._heard_at = loop.time()
        try:
            async with asyncio.timeout_at(None if forever else self._heard_at + self._offline_after):
                sample = await self._fresh_sample(loop)
        except TimeoutError:
            return None
        self._heard_at = sample.read_at
        return sample

    async def _fresh_sample(self, loop: asyncio.AbstractEventLoop) -> Sample:
        """Passes over a sample that lay in the mailbox while the broker was away: it proves nothing about now."""
        while True:
            sample = await self._samples.get()
            if loop.time() < sample.read_at + self._offline_after:
                return sample


async def _until_disconnected(client: aiomqtt.Client) -> None:
    """Raises aiomqtt.MqttError when the connection ends; we subscribe to nothing, so no message ever comes."""
    async for _ in client.messages:
        pass


async def _first_to_end(*works: Coroutine[Any, Any, None]) -> None:
    """Run all at once; the first that ends ends all, and what it raises is raised."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
