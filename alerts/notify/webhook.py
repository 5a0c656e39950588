"""The webhook channel: one POST, one honest answer."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Literal

import httpx
from pydantic import BaseModel, ConfigDict, HttpUrl, Secret

from alerts.rule import Name

TIMEOUT_SECONDS = 10.0
LONGEST_REASON = 300


class Webhook(BaseModel):
    """Where to send. The address may carry a token, so it is never printed."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    name: Name
    kind: Literal["webhook"]
    url: Secret[HttpUrl]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of one attempt. `refused` is None when delivered, else the reason; `asked` is its Retry-After."""

    refused: str | None = None
    asked: timedelta | None = None


@asynccontextmanager
async def open_client(*, timeout_seconds: float = TIMEOUT_SECONDS) -> AsyncIterator[httpx.AsyncClient]:
    """The client for all webhooks. httpx logs every address at INFO, tokens and all: deploy/log.py stops that."""
    async with httpx.AsyncClient(timeout=timeout_seconds, follow_redirects=False) as client:
        yield client


async def send(client: httpx.AsyncClient, webhook: Webhook, body: Mapping[str, Any], now: datetime) -> Answer:
    """One attempt, at most the client's read time-out from first byte to last. 2xx is delivered, all else is not.

    The reply's body is not read: nothing in it matters, and it has no bound.
    """
    try:
        async with (
            asyncio.timeout(client.timeout.read),
            client.stream("POST", str(webhook.url.get_secret_value()), json=body) as response,
        ):
            return _answer(response, now)
    except (httpx.HTTPError, TimeoutError) as fault:
        return Answer(refused=(f"{type(fault).__name__}: {fault}").rstrip(": ")[:LONGEST_REASON])


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
