"""What every channel is to the outbox, and what comes of one attempt."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable

from alerts.notify.page import Page
from alerts.notify.reply import Hear

LONGEST_REASON = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of one attempt. `refused` is None when delivered, else the reason; `asked` is its Retry-After."""

    refused: str | None = None
    asked: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How many messages a channel carries side by side, and how long it may keep those it took.

    A message still not settled when the lease ends is sent again, so every attempt must be over well before.
    """

    at_once: int = 8
    lease: timedelta = timedelta(seconds=20)


ORDINARY = Pace()


class Sender(Protocol):
    """An open channel."""

    @property
    def pace(self) -> Pace: ...

    async def send(self, page: Page, now: datetime) -> Answer:
        """One attempt. A delivery that fails is an answer, never an exception."""
        ...

    async def check(self) -> str | None:
        """Why the channel cannot be reached, or None; nobody is sent anything."""
        ...


class HearingError(Exception):
    """Replies on a channel cannot be heard at the moment."""


@runtime_checkable
class Hearing(Protocol):
    """An open channel on which people answer. Of a bot, or a modem, there may be one listener only."""

    async def listen(self, hear: Hear, now: Callable[[], datetime]) -> None:
        """Hear replies for ever, each at least once. Raises HearingError, and what `hear` raises."""
        ...


@runtime_checkable
class Speaking(Protocol):
    """An open channel on which a reply that came by another way can be answered."""

    async def say(self, to: str, words: str) -> Answer:
        """One attempt to say something that is no page."""
        ...


def failure(fault: BaseException) -> str:
    """An exception as a reason: short, on one line."""
    return " ".join(f"{type(fault).__name__}: {fault}".split()).rstrip(": ")[:LONGEST_REASON]
