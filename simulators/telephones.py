"""An SMS gateway and the telephones behind it, played: people read what they are sent after a while, and mostly answer.

It speaks what gateways speak: one request per message, and a request of its own for what somebody answers.
"""

import asyncio
import logging
import re
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route

from simulators.nature.noise import key, unit

# What a page ends with: the code, and what may be answered with it.
CODE = re.compile(r"\b(\d{1,9})a (?:ok|ack)\b")
READ_SECONDS = (15.0, 50.0)
# So many of all pages are slept through: who comes next in the policy is called.
HEEDED = 0.8
KEPT = 200
UNREAD_MAX = 100

log = logging.getLogger(__name__)


class Sms(msgspec.Struct, frozen=True):
    """A message to a number."""

    to: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the list of what was said: to a telephone, or by it."""

    at: datetime
    number: str
    text: str
    answered: bool = False

    def __str__(self) -> str:
        return f"{self.at:%H:%M:%S} {self.number} {'<' if self.answered else '>'} {self.text}"


def answer_to(sms: Sms) -> str | None:
    """Pure: what is answered; nothing to what asks for nothing, and to what is slept through."""
    code = CODE.search(sms.text)
    heeded = unit(key("heeded", sms.to, sms.text)) < HEEDED
    return f"{code[1]}a" if code and heeded else None


def seconds_to_read(sms: Sms) -> float:
    """Pure: nobody looks at his telephone at once."""
    soonest, latest = READ_SECONDS
    return soonest + (latest - soonest) * unit(key("read", sms.to, sms.text))


class Telephones:
    """`app` is the gateway; `run` is the people. `answer` passes on what a number answers; it may fail with OSError."""

    def __init__(
        self,
        answer: Callable[[str, str], Awaitable[None]],
        *,
        now: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[Any]] = asyncio.sleep,
    ) -> None:
        self.app = Starlette(routes=[Route("/messages", self._take, methods=["POST"]), Route("/", self._show)])
        self._answer = answer
        self._now = now
        self._sleep = sleep
        self._said: deque[Line] = deque(maxlen=KEPT)
        self._unread: asyncio.Queue[Sms] = asyncio.Queue(UNREAD_MAX)

    async def run(self) -> None:
        """Read what comes, until cancelled; so many at once as there are messages unread."""
        async with asyncio.TaskGroup() as group:
            for _ in range(UNREAD_MAX):
                group.create_task(self._read_for_ever())

    async def _take(self, request: Request) -> JSONResponse:
        try:
            sms = msgspec.json.decode(await request.body(), type=Sms)
            self._unread.put_nowait(sms)
        except msgspec.DecodeError as fault:
            return JSONResponse({"error": str(fault)}, status_code=422)
        except asyncio.QueueFull:
            return JSONResponse({"error": "too many unread messages"}, status_code=503)
        self._said.append(Line(at=self._now(), number=sms.to, text=sms.text))
        return JSONResponse({"status": "sent"}, status_code=202)

    async def _show(self, _request: Request) -> PlainTextResponse:
        """Everything that was said lately, the newest first."""
        return PlainTextResponse("".join(f"{line}\n" for line in reversed(self._said)))

    async def _read_for_ever(self) -> None:
        while True:
            sms = await self._unread.get()
            await self._sleep(seconds_to_read(sms))
            if (text := answer_to(sms)) is not None:
                await self._say(sms.to, text)

    async def _say(self, number: str, text: str) -> None:
        self._said.append(Line(at=self._now(), number=number, text=text, answered=True))
        try:
            await self._answer(number, text)
        except OSError as fault:
            log.warning("what %s answered is lost: %s", number, fault)
