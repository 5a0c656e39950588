"""The webhook channel: one POST of what Alertmanager would send, one honest answer."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Annotated, Literal

import httpx
from pydantic import BaseModel, ConfigDict, Field, HttpUrl, Secret

from alerts.notify.channels.sender import ORDINARY, Answer, Pace, Sender, failure
from alerts.notify.page import Page
from alerts.rule import Name


class Webhook(BaseModel):
    """Where to send. The address may carry a token, so it is never printed."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    name: Name
    kind: Literal["webhook"]
    url: Secret[HttpUrl]
    timeout_seconds: Annotated[float, Field(gt=0, le=15)] = 10.0

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Sender]:
        """Httpx logs every address at INFO, tokens and all: deploy/log.py stops that."""
        async with httpx.AsyncClient(timeout=self.timeout_seconds, follow_redirects=False) as client:
            yield WebhookSender(self, client)


@dataclass(frozen=True, slots=True)
class WebhookSender:
    """The open channel."""

    webhook: Webhook
    client: httpx.AsyncClient
    pace: Pace = ORDINARY

    async def send(self, page: Page, now: datetime) -> Answer:
        """One attempt, at most the time-out from first byte to last. 2xx is delivered, all else is not.

        The reply's body is not read: nothing in it matters, and it has no bound.
        """
        url = str(self.webhook.url.get_secret_value())
        try:
            async with (
                asyncio.timeout(self.webhook.timeout_seconds),
                self.client.stream("POST", url, json=page.webhook) as response,
            ):
                return _answer(response, now)
        except (httpx.HTTPError, TimeoutError) as fault:
            return Answer(refused=failure(fault))

    async def check(self) -> str | None:
        """Whether anybody answers there, whatever it is: a hook need not understand HEAD."""
        url = str(self.webhook.url.get_secret_value())
        try:
            async with asyncio.timeout(self.webhook.timeout_seconds), self.client.stream("HEAD", url):
                return None
        except (httpx.HTTPError, TimeoutError) as fault:
            return failure(fault)


def _answer(response: httpx.Response, now: datetime) -> Answer:
    if response.is_success:
        return Answer()
    return Answer(refused=f"HTTP {response.status_code}", asked=retry_after(response.headers.get("Retry-After"), now))


def retry_after(header: str | None, now: datetime) -> timedelta | None:
    """Seconds or an HTTP date (RFC 9110 section 10.2.3); None where it is neither, or already past."""
    if header is None:
        return None
    if header.isascii() and header.isdigit():
        return timedelta(seconds=int(header[:9]))
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return None
    return moment - now if moment.tzinfo is not None and moment > now else None
