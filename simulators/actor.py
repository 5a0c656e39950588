"""One simulated device on the broker."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import aiomqtt
import msgspec

from devices.broker import BrokerAddress
from devices.device import Device
from devices.kinds import KINDS
from devices.reading import Status
from devices.topics import Channel, Grammar
from simulators.city import City
from simulators.company import Company
from simulators.schedule import backoff_delay, connect_delay, report_delay

KEEPALIVE_SECONDS = 30
FAREWELL_SECONDS = 2.0
_json = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What all devices share: the broker, the time now (aware), and how to wait."""

    address: BrokerAddress
    now: Callable[[], datetime]
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    grammar: Grammar = field(default_factory=Grammar)


class Actor:
    """Lives `speed` times as fast as `stage.now`, from `started` (UTC epoch seconds) on."""

    def __init__(
        self, device: Device, city: City, stage: Stage, company: Company, *, started: float, speed: float
    ) -> None:
        self._device = device
        self._city = city
        self._stage = stage
        self._company = company
        self._started = started
        self._speed = speed
        self._failures = 0

    async def run(self) -> None:
        """Connect, report and connect again, until cancelled."""
        seed, device = self._city.seed, self._device.id
        await self._stage.sleep(connect_delay(seed, device))
        while True:
            reason = await self._until_lost()
            self._failures += 1
            self._company.fail(reason)
            await self._stage.sleep(backoff_delay(seed, device, self._failures))

    async def _until_lost(self) -> str:
        """One connection, from birth to loss; returns why it was lost or could not be had."""
        reason = ""
        try:
            async with self._client() as client:
                await self._perform(client)
        except* aiomqtt.MqttError as lost:
            reason = str(lost.exceptions[0])
        _unless_cancelled()
        return reason

    async def _perform(self, client: aiomqtt.Client) -> None:
        try:
            await _while_connected(client, self._live(client))
        except asyncio.CancelledError:
            await _while_connected(client, self._say_farewell(client))
            raise

    async def _live(self, client: aiomqtt.Client) -> None:
        await self._say(client, Status.ONLINE)
        self._failures = 0
        self._company.enter()
        try:
            while True:
                await self._report(client)
                # aiomqtt waits by asyncio.wait_for: before Python 3.12 it loses a cancellation that meets the PUBACK.
                _unless_cancelled()
                await self._stage.sleep(self._seconds_to_next_report())
        finally:
            self._company.leave()

    async def _say(self, client: aiomqtt.Client, status: Status) -> None:
        await client.publish(self._topic(Channel.STATUS), status.value, qos=1, retain=True)

    async def _say_farewell(self, client: aiomqtt.Client) -> None:
        """The broker speaks the will of those who vanish; who disconnects in order must say it himself."""
        with suppress(TimeoutError):  # a broker that does not answer misses us by itself, and speaks the will
            async with asyncio.timeout(FAREWELL_SECONDS):
                await self._say(client, Status.OFFLINE)

    async def _report(self, client: aiomqtt.Client) -> None:
        values = self._city.values(self._device, self._simulated_time())
        ts = int(self._stage.now().timestamp() * 1_000)
        payload = _json.encode({"ts": ts, "values": spoken(self._device.kind, values)})
        await client.publish(self._topic(Channel.TELEMETRY), payload, qos=1)

    def _seconds_to_next_report(self) -> float:
        interval = KINDS[self._device.kind].interval_seconds
        t = self._simulated_time()
        return report_delay(self._city.seed, self._device.id, interval_seconds=interval, t=t) / self._speed

    def _simulated_time(self) -> float:
        return self._started + (self._stage.now().timestamp() - self._started) * self._speed

    def _client(self) -> aiomqtt.Client:
        address = self._stage.address
        return aiomqtt.Client(
            address.host,
            address.port,
            username=address.user,
            password=address.password,
            identifier=f"simulated-{self._device.id}",
            protocol=aiomqtt.ProtocolVersion.V311,  # what most devices speak
            clean_session=True,
            will=aiomqtt.Will(self._topic(Channel.STATUS), Status.OFFLINE.value, qos=1, retain=True),
            keepalive=KEEPALIVE_SECONDS,
            tls_context=ssl.create_default_context() if address.tls else None,
        )

    def _topic(self, channel: Channel) -> str:
        return self._stage.grammar.format(self._device.id, channel)


def spoken(kind: str, values: dict[str, float]) -> dict[str, float | bool]:
    """The values as a device writes them: what is a yes or no becomes a JSON boolean."""
    metrics = KINDS[kind].metrics
    return {name: bool(value) if metrics[name].unit == "bool" else value for name, value in values.items()}


async def _while_connected(client: aiomqtt.Client, work: Coroutine[Any, Any, None]) -> None:
    """Do the work. Raises a group of MqttError as soon as the connection is lost, in the midst of a wait too."""
    async with asyncio.TaskGroup() as group:
        watch = group.create_task(_watch(client))
        await work
        watch.cancel()


async def _watch(client: aiomqtt.Client) -> None:
    async for _ in client.messages:  # no subscription, so no message: this ends by the loss alone
        continue


def _unless_cancelled() -> None:
    """A task that was cancelled stays so, whatever became of its CancelledError. Raises CancelledError."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
