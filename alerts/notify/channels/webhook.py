"""The webhook channel: one POST of what Alertmanager would send, signed where a secret is set.

The signature is that of many services: `X-Pantau-Signature: t=SECONDS,v1=HEX`, where HEX is the HMAC-SHA256 under the
secret over "SECONDS.BODY". Who receives it computes the same over the bytes it got, compares in constant time, and
refuses what is older than some minutes, so that a body seen once cannot be sent again.
"""

import hashlib
import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

import httpx
import msgspec
from pydantic import Field, HttpUrl, Secret, SecretStr

from alerts.notify.channels.exchange import exchange, http_client
from alerts.notify.channels.sender import ORDINARY, Answer, Pace, Sender
from alerts.notify.channels.settings import TIMEOUT_SECONDS, ChannelSettings, TimeoutSeconds
from alerts.notify.page import Page

SIGNATURE = "X-Pantau-Signature"


class Webhook(ChannelSettings):
    """Where to send. The address may carry a token, so it is never printed."""

    SECRETS = ("url", "secret")

    kind: Literal["webhook"]
    url: Secret[HttpUrl]
    secret: Annotated[SecretStr, Field(min_length=16)] | None = None
    timeout_seconds: TimeoutSeconds = TIMEOUT_SECONDS

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Sender]:
        async with http_client() as client:
            yield WebhookSender(self, client)


@dataclass(frozen=True, slots=True)
class WebhookSender:
    """The open channel."""

    webhook: Webhook
    client: httpx.AsyncClient
    pace: Pace = ORDINARY

    async def send(self, page: Page, now: datetime) -> Answer:
        body = msgspec.json.encode(page.webhook)
        headers = {"Content-Type": "application/json"}
        if self.webhook.secret is not None:
            headers[SIGNATURE] = signature(self.webhook.secret.get_secret_value(), body, now)
        url, seconds = str(self.webhook.url.get_secret_value()), self.webhook.timeout_seconds
        came = await exchange(self.client, "POST", url, within_seconds=seconds, content=body, headers=headers)
        return Answer(refused=came) if isinstance(came, str) else came.answer(now)

    async def check(self) -> str | None:
        """Whether anybody answers there, whatever it is: a hook need not understand HEAD."""
        url, seconds = str(self.webhook.url.get_secret_value()), self.webhook.timeout_seconds
        came = await exchange(self.client, "HEAD", url, within_seconds=seconds)
        return came if isinstance(came, str) else None


def signature(secret: str, body: bytes, now: datetime) -> str:
    """The value of the header."""
    at = int(now.timestamp())
    return f"t={at},v1={hmac.new(secret.encode(), b'%d.%b' % (at, body), hashlib.sha256).hexdigest()}"
