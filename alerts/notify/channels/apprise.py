"""The channel to a hundred others through Apprise: WhatsApp gateways, Slack, Matrix, Signal.

https://github.com/caronc/apprise. It tries once and tells only whether it worked: why not, it would say with the
address, which holds the secret.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Literal
from urllib.parse import quote

from pydantic import Field, SecretStr

from alerts.notify.channels.sender import Answer, Pace, Sender, failure
from alerts.notify.channels.settings import ChannelSettings
from alerts.notify.channels.threads import InThread, threads
from alerts.notify.page import Page

KINDS: Mapping[str, str] = {"critical": "failure", "warning": "warning", "info": "info"}
# A service of several URLs is asked one after the other, each within its own time-outs (`?cto=4&rto=4`).
SECONDS = 30.0
SLOW = Pace(at_once=4, lease=timedelta(seconds=60))


class Apprise(ChannelSettings):
    """One or several Apprise URLs, apart by white space. `{to}` in them is the page's address."""

    SECRETS = ("urls",)

    kind: Literal["apprise"]
    urls: Annotated[SecretStr, Field(min_length=1)]
    timeout_seconds: Annotated[float, Field(gt=0, le=45)] = SECONDS

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Sender]:
        async with threads(SLOW.at_once) as in_thread:
            yield AppriseSender(self, in_thread)


@dataclass(frozen=True, slots=True)
class AppriseSender:
    """The open channel. All of its URLs must have taken a page, or it goes to all of them again."""

    apprise: Apprise
    in_thread: InThread
    pace: Pace = SLOW

    async def send(self, page: Page, now: datetime) -> Answer:  # noqa: ARG002  Apprise passes no Retry-After on
        urls = self.apprise.urls.get_secret_value()
        if "{to}" in urls and page.to is None:
            return Answer(refused="no address: the URL wants one and the page has none")
        urls = urls.replace("{to}", quote(page.to or "", safe=""))
        try:
            async with asyncio.timeout(self.apprise.timeout_seconds):
                return Answer(refused=await self.in_thread(_notify, urls.split(), page))
        except TimeoutError as fault:
            return Answer(refused=failure(fault))

    async def check(self) -> str | None:
        """Only whether Apprise knows the URLs: it cannot reach a service without telling it something."""
        return await self.in_thread(_unknown, self.apprise.urls.get_secret_value().replace("{to}", "0").split())


def _notify(urls: list[str], page: Page) -> str | None:
    import apprise  # noqa: PLC0415  heavy, and every process reads the settings

    if refused := _unknown(urls):
        return refused
    body = "\n".join(part for part in (page.text or page.title, page.url) if part)
    services = apprise.Apprise(urls)
    kind = apprise.NotifyType(KINDS.get(page.severity, "info") if page.status == "firing" else "success")
    took = services.notify(body=body, title=page.headline, notify_type=kind)
    return None if took else "apprise: not delivered"


def _unknown(urls: list[str]) -> str | None:
    """Which of the URLs, by its place, Apprise makes nothing of."""
    import apprise  # noqa: PLC0415

    places = [place for place, url in enumerate(urls, 1) if apprise.Apprise.instantiate(url) is None]
    return f"apprise: URL {places[0]} of {len(urls)} is of no service that it knows" if places else None
