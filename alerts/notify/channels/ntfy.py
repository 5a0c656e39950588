"""The ntfy channel: a push to phones that subscribed to a topic, on ntfy.sh or a server of one's own.

https://docs.ntfy.sh/publish/#publish-as-json. Who reads a topic reads all that is in it, so no button that would need a
token of ours is put there: only one that opens the page.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal

import httpx
import msgspec
from pydantic import Field, HttpUrl, SecretStr

from alerts.notify.channels.exchange import exchange, http_client
from alerts.notify.channels.sender import ORDINARY, Answer, Pace, Sender
from alerts.notify.channels.settings import TIMEOUT_SECONDS, ChannelSettings, TimeoutSeconds
from alerts.notify.page import Page

LONGEST_BYTES = 4096
PRIORITIES: Mapping[str, int] = {"critical": 5, "warning": 4, "info": 3}
OVER = 3
TAGS: Mapping[str, str] = {
    "firing": "rotating_light",
    "resolved": "white_check_mark",
    "digest": "clipboard",
    "test": "bell",
}
OPEN_IT: Mapping[str, str] = {"id": "Buka", "en": "Open"}


class Ntfy(ChannelSettings):
    """Which server, and which topic where a page names none. A topic's name is a password in all but name."""

    SECRETS = ("token", "topic")

    kind: Literal["ntfy"]
    url: HttpUrl = HttpUrl("https://ntfy.sh")
    topic: Annotated[SecretStr, Field(min_length=1, max_length=64)] | None = None
    token: SecretStr | None = None
    timeout_seconds: TimeoutSeconds = TIMEOUT_SECONDS

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Sender]:
        async with http_client() as client:
            yield NtfySender(self, client)


@dataclass(frozen=True, slots=True)
class NtfySender:
    """The open channel."""

    ntfy: Ntfy
    client: httpx.AsyncClient
    pace: Pace = ORDINARY

    async def send(self, page: Page, now: datetime) -> Answer:
        topic = page.to or (self.ntfy.topic.get_secret_value() if self.ntfy.topic else None)
        if topic is None:
            return Answer(refused="no topic: neither the page nor the channel has one")
        came = await exchange(
            self.client,
            "POST",
            str(self.ntfy.url),
            within_seconds=self.ntfy.timeout_seconds,
            content=body(page, topic),
            headers=self._login(),
        )
        return Answer(refused=came) if isinstance(came, str) else came.answer(now)

    async def check(self) -> str | None:
        url, seconds = f"{str(self.ntfy.url).rstrip('/')}/v1/health", self.ntfy.timeout_seconds
        came = await exchange(self.client, "GET", url, within_seconds=seconds, headers=self._login())
        if isinstance(came, str):
            return came
        return None if came.good else f"HTTP {came.status}"

    def _login(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.ntfy.token.get_secret_value()}"} if self.ntfy.token else {}


def body(page: Page, topic: str) -> bytes:
    """At most 4,096 bytes: beyond, ntfy makes a file of it, which no phone shows. The text is cut, then the title."""
    said: dict[str, Any] = {
        "topic": topic,
        "title": page.headline,
        "message": page.text or page.headline,
        "priority": PRIORITIES.get(page.severity, OVER) if page.status == "firing" else OVER,
        "tags": [TAGS[page.status], page.severity],
    }
    if page.url:
        said["click"] = page.url
        said["actions"] = [{"action": "view", "label": OPEN_IT[page.language], "url": page.url}]
    for cut in ("message", "title"):
        while (excess := len(msgspec.json.encode(said)) - LONGEST_BYTES) > 0 and said[cut]:
            said[cut] = said[cut][: -max(1, excess // 6)]  # a character is one to six bytes of JSON
    return msgspec.json.encode(said)
