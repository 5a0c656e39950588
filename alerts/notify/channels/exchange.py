"""One HTTP request and what came back, within a time and a size: what the channels over HTTP have in common."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from alerts.notify.channels.sender import Answer, failure

# What of a body is read: receipts are short, and a body has no bound.
LONGEST_BODY = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchanged:
    """A complete answer, whatever its status."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def good(self) -> bool:
        return 200 <= self.status < 300

    def answer(self, now: datetime | None) -> Answer:
        """2xx is delivered, all else is not: a proxy's 404 would lose a page. Without `now` no date is understood."""
        if self.good:
            return Answer()
        return Answer(refused=f"HTTP {self.status}", asked=retry_after(self.headers.get("Retry-After"), now))


@asynccontextmanager
async def http_client() -> AsyncIterator[httpx.AsyncClient]:
    """Httpx logs every address at INFO, tokens and all: deploy/log.py stops that."""
    async with httpx.AsyncClient(timeout=None, follow_redirects=False) as client:  # noqa: S113  exchange() has one
        yield client


async def exchange(
    client: httpx.AsyncClient,
    method: str,
    url: str,
    *,
    within_seconds: float,
    **request: Any,  # noqa: ANN401  httpx's own: json, content, headers, params
) -> Exchanged | str:
    """One attempt from first byte to last within the time; the reason in words where there was no whole answer."""
    try:
        async with (
            asyncio.timeout(within_seconds),
            client.stream(method, url, **request) as response,
        ):
            body = b""
            async for part in response.aiter_bytes():
                body += part
                if len(body) > LONGEST_BODY:
                    break
            return Exchanged(status=response.status_code, headers=response.headers, body=body[:LONGEST_BODY])
    except httpx.LocalProtocolError:  # it quotes the header, which may be a secret
        return "LocalProtocolError: a header that cannot be sent"
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, ValueError) as fault:
        return failure(fault)


def retry_after(header: str | None, now: datetime | None) -> timedelta | None:
    """Seconds or an HTTP date (RFC 9110 section 10.2.3); None where it is neither, or already past."""
    if header is None:
        return None
    if header.isascii() and header.isdigit():
        return timedelta(seconds=int(header[:9]))
    try:
        moment = parsedate_to_datetime(header)
    except (ValueError, OverflowError):
        return None
    return moment - now if now is not None and moment.tzinfo is not None and moment > now else None
