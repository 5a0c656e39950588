"""The MQTT channel: a page as JSON on a topic, for signs, sirens and whatever else listens to a broker."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

import msgspec
from pydantic import AfterValidator, Field, Secret

from alerts.notify.channels.sender import ORDINARY, Answer, Pace, Sender, failure
from alerts.notify.channels.settings import TIMEOUT_SECONDS, BesideCity, ChannelSettings, TimeoutSeconds
from alerts.notify.page import Page, to_json
from devices.broker import BrokerAddress


def _broker(url: str) -> str:
    try:
        BrokerAddress.parse(url)
    except ValueError:  # which may quote what is part of a password
        raise ValueError("is no mqtt://user:password@host:port, nor mqtts://…") from None
    return url


class Mqtt(ChannelSettings):
    """Which broker, its login inside the URL, and which topic where a page names none."""

    SECRETS = ("url",)

    kind: Literal["mqtt"]
    url: Secret[Annotated[str, AfterValidator(_broker)]]
    topic: Annotated[str, Field(pattern=r"^[^+#]+$")] | None = None
    ca_file: BesideCity | None = None
    timeout_seconds: TimeoutSeconds = TIMEOUT_SECONDS

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Sender]:
        yield MqttSender(self)


@dataclass(frozen=True, slots=True)
class MqttSender:
    """The open channel; a connection lasts for one page, which is delivered when the broker has acknowledged it."""

    mqtt: Mqtt
    pace: Pace = ORDINARY

    async def send(self, page: Page, now: datetime) -> Answer:  # noqa: ARG002  a broker asks for no patience
        topic = page.to or self.mqtt.topic
        if topic is None:
            return Answer(refused="no topic: neither the page nor the channel has one")
        body = {key: value for key, value in to_json(page).items() if key != "webhook"}
        return Answer(refused=await self._publish((topic, msgspec.json.encode(body))))

    async def check(self) -> str | None:
        return await self._publish(None)

    async def _publish(self, message: tuple[str, bytes] | None) -> str | None:
        """Connect, and publish if there is what. Why it did not work, or None."""
        import aiomqtt  # noqa: PLC0415  heavy, and every process reads the settings

        broker, seconds = BrokerAddress.parse(self.mqtt.url.get_secret_value()), self.mqtt.timeout_seconds
        client = aiomqtt.Client(
            broker.host,
            broker.port,
            username=broker.user,
            password=broker.password,
            tls_context=ssl.create_default_context(cafile=self.mqtt.ca_file) if broker.tls else None,
            timeout=seconds,
        )
        try:
            async with asyncio.timeout(seconds), client:
                if message is not None:
                    await client.publish(*message, qos=1)
        except (aiomqtt.MqttError, OSError, ValueError) as fault:  # TimeoutError is an OSError
            return failure(fault)
        return None
