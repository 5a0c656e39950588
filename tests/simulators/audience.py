"""Who listens to simulated devices in tests: every word on the broker, in order."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import aiomqtt

from devices.broker import BrokerAddress
from devices.topics import Channel, Grammar
from tests.patience import PATIENCE_SECONDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    device: str
    channel: Channel
    payload: bytes
    retained: bool


@dataclass
class Audience:
    words: list[Word] = field(default_factory=list)

    def forget(self) -> None:
        self.words.clear()

    def of(self, device: str) -> list[Word]:
        return [word for word in self.words if word.device == device]

    def payloads(self, device: str, channel: Channel) -> list[bytes]:
        return [word.payload for word in self.of(device) if word.channel is channel]

    def statuses(self, device: str) -> list[bytes]:
        return self.payloads(device, Channel.STATUS)

    def reports(self, device: str) -> list[dict[str, Any]]:
        """The elements of its telemetry; those of a batch one by one."""
        told = [json.loads(payload) for payload in self.payloads(device, Channel.TELEMETRY)]
        return [element for said in told for element in (said if isinstance(said, list) else [said])]

    def have_said(self, status: bytes) -> set[str]:
        return {word.device for word in self.words if word.channel is Channel.STATUS and word.payload == status}

    def have_reported(self) -> set[str]:
        return {word.device for word in self.words if word.channel is Channel.TELEMETRY}

    async def until(self, true: Callable[[], bool], *, within_seconds: float = PATIENCE_SECONDS) -> None:
        async with asyncio.timeout(within_seconds):
            while not true():
                await asyncio.sleep(0.01)


async def until_alone() -> None:
    """Until no other task is left: one that is not gone by then has been left behind."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while asyncio.all_tasks() != {asyncio.current_task()}:
            await asyncio.sleep(0.01)


@asynccontextmanager
async def listening(url: str, grammar: Grammar) -> AsyncIterator[Audience]:
    audience = Audience()
    address = BrokerAddress.parse(url)

    async def listen(client: aiomqtt.Client) -> None:
        async for message in client.messages:
            topic = grammar.parse(message.topic.value)
            assert topic is not None
            payload = bytes(message.payload)
            word = Word(device=topic.device, channel=topic.channel, payload=payload, retained=message.retain)
            audience.words.append(word)

    async with aiomqtt.Client(address.host, address.port) as client:
        await client.subscribe(f"{grammar.root}/#", qos=1)
        task = asyncio.create_task(listen(client))
        try:
            yield audience
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
