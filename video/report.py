"""One camera's voice on MQTT: online or offline and why, what was measured, what happened to its picture."""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Final

import aiomqtt
from prometheus_client import Counter

from devices.reading import Status
from devices.topics import Channel, Grammar
from video.broker import connection
from video.message import Happening, Sample, event, telemetry
from video.newest import Newest
from video.pace import Pace

GOODBYE_SECONDS = 2
# Why a camera is offline as long as nobody can say: it was reached, or not yet tried, and no frame came.
NO_FRAME: Final = "no_frame"
LOST: Final = "camera_lost"
BACK: Final = "camera_back"
# Happenings that wait for the broker; beyond, the oldest is given up and counted.
MAX_WAITING: Final = 100
# What a process before us told is not known: a first frame is told as a return.
NOT_YET: Final = ""


class Report:
    """Publishes for one camera over a connection of its own, so that the camera has a will of its own.

    The client identifier is the camera's: after a crash the new connection takes the old one over, and the old one's
    will comes before our new `online`, not a minute after it (MQTT 5, 3.1.4). All methods belong to the event loop.
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
        given_up: Counter,
    ) -> None:
        self.connected = False
        self._topics = {channel: grammar.format(camera_id, channel) for channel in Channel}
        self._identifier = f"{grammar.root.replace('/', '-')}-{camera_id}"
        self._samples = samples
        self._interval = interval
        self._offline_after = offline_after.total_seconds()
        self._now = now
        self._given_up = given_up
        self._heard_at: float | None = None
        self._offline = False
        self._why = NO_FRAME
        self._told: str | None = NOT_YET
        self._happenings: deque[Happening] = deque()
        self._waiting = asyncio.Event()

    def failed(self, why: str) -> None:
        """The stream is lost, by this name. It is told once the camera counts as offline, and again when it changes."""
        self._why = why
        if self._offline:
            self._tell_why()

    def happened(self, happening: Happening) -> None:
        if len(self._happenings) == MAX_WAITING:
            self._happenings.popleft()
            self._given_up.inc()
        self._happenings.append(happening)
        self._waiting.set()

    async def run_once(self, broker_url: str) -> None:
        """Publish until the connection fails. Raises aiomqtt.MqttError; cancelled, says `offline` and goodbye."""
        will = aiomqtt.Will(self._topics[Channel.STATUS], Status.OFFLINE.value, qos=1, retain=True)
        async with connection(broker_url, identifier=self._identifier, will=will) as client:
            self.connected = True
            try:
                await _first_to_end(self._speak(client), self._tell(client), _until_disconnected(client))
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
        states: Mapping[str, bool] = {}
        pace = Pace(self._interval)
        while True:
            sample = await self._next_sample(forever=said is Status.OFFLINE)
            status = Status.ONLINE if sample else Status.OFFLINE
            if status is not said:
                await self._say(client, status)
                self._turned(status)
                said, pace = status, Pace(self._interval)  # back online, it proves so by a reading at once
            if sample and (pace.due(sample.captured_at) or sample.states != states):
                await _publish(client, self._topics[Channel.TELEMETRY], telemetry(sample, self._now()))
                states = sample.states

    async def _tell(self, client: aiomqtt.Client) -> None:
        """A happening leaves its queue once the broker has it: one that is said twice is stored once."""
        while True:
            await self._waiting.wait()
            while self._happenings:
                first = self._happenings[0]
                await _publish(client, self._topics[Channel.EVENT], event(first))
                if self._happenings and self._happenings[0] is first:
                    self._happenings.popleft()
            self._waiting.clear()

    def _turned(self, status: Status) -> None:
        self._offline = status is Status.OFFLINE
        if self._offline:
            self._tell_why()
        elif self._told is not None:
            self._told = None
            self.happened(Happening(type=BACK, at=self._now()))

    def _tell_why(self) -> None:
        if self._why != self._told:
            self._told = self._why
            self.happened(Happening(type=LOST, at=self._now(), data={"reason": self._why}))

    async def _say(self, client: aiomqtt.Client, status: Status, *, within_seconds: float | None = None) -> None:
        await _publish(client, self._topics[Channel.STATUS], status.value, retain=True, within_seconds=within_seconds)

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
        self._heard_at, self._why = sample.taken_at, NO_FRAME
        return sample

    async def _fresh_sample(self, loop: asyncio.AbstractEventLoop) -> Sample:
        """Passes over a sample that lay in the mailbox while the broker was away: it proves nothing about now."""
        while True:
            sample = await self._samples.get()
            if loop.time() < sample.taken_at + self._offline_after:
                return sample


async def _publish(
    client: aiomqtt.Client,
    topic: str,
    payload: str | bytes,
    *,
    retain: bool = False,
    within_seconds: float | None = None,
) -> None:
    """In a task of its own: asyncio.wait_for, in which a client waits, loses a cancellation that comes together with
    the acknowledgement (before Python 3.12). The report would go on, and whoever stops it would wait for ever.
    """
    publishing = asyncio.ensure_future(client.publish(topic, payload, qos=1, retain=retain, timeout=within_seconds))
    try:
        await asyncio.wait({publishing})
        publishing.result()
    finally:
        publishing.cancel()


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
