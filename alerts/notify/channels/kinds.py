"""Every kind of channel there is, and all those of a city, open."""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Annotated, TypeAlias

from pydantic import Field

from alerts.notify.channels.apprise import Apprise
from alerts.notify.channels.mail import Email
from alerts.notify.channels.mqtt import Mqtt
from alerts.notify.channels.ntfy import Ntfy
from alerts.notify.channels.sender import Sender
from alerts.notify.channels.sms_http import SmsHttp
from alerts.notify.channels.sms_modem import SmsModem
from alerts.notify.channels.telegram import Telegram
from alerts.notify.channels.webhook import Webhook

Channel: TypeAlias = Annotated[
    Webhook | Email | Telegram | SmsHttp | SmsModem | Ntfy | Mqtt | Apprise, Field(discriminator="kind")
]


@asynccontextmanager
async def open_all(channels: Iterable[Channel]) -> AsyncIterator[Mapping[str, Sender]]:
    """The senders by the names of their channels. Opening asks nothing of the other side, so it does not fail."""
    async with AsyncExitStack() as open_ones:
        yield {channel.name: await open_ones.enter_async_context(channel.opened()) for channel in channels}
