"""Hearing what people answer: in one process only, for a bot or a modem has one listener."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping

import psycopg

from alerts.metrics import REPLIES_SET_ASIDE, STRANGERS
from alerts.notify.channels.sender import Hearing, Sender, Speaking
from alerts.notify.reply import Reply

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
# The database is away, too busy, or takes no writes: another attempt at the same reply may do better. What else breaks
# one breaks it every time.
PASSING = (psycopg.OperationalError, psycopg.InterfaceError, psycopg.InternalError)


async def stranger(reply: Reply) -> str:
    """What is done for whom nobody knows: nothing, and nothing is said. It is logged and counted."""
    STRANGERS.labels(reply.channel).inc()
    log.warning("%s: a reply (%s) from %r, whom nobody knows", reply.channel, reply.verb, reply.sender)
    return ""


def set_aside(channel: str, fault: Exception) -> None:
    """A reply that no attempt can deal with must not keep those behind it waiting: it is logged and counted."""
    REPLIES_SET_ASIDE.labels(channel).inc()
    log.error("%s: a reply is set aside, it cannot be dealt with", channel, exc_info=fault)


def listeners(senders: Mapping[str, Sender]) -> Mapping[str, Hearing]:
    """Those of the open channels on which people can answer."""
    return {name: sender for name, sender in senders.items() if isinstance(sender, Hearing)}


async def speak(senders: Mapping[str, Sender], channel: str, to: str, words: str) -> None:
    """Say something back, once, on a channel that can; that it did not arrive changes nothing of what was done."""
    sender: object = senders.get(channel)
    if isinstance(sender, Speaking) and (refused := (await sender.say(to, words)).refused):
        log.warning("%s: an answer could not be said: %s", channel, refused)


async def while_active(
    active: Callable[[], bool], attempt: Callable[[], Awaitable[object]], *, look_seconds: float = LOOK_SECONDS
) -> None:
    """Run `attempt` whenever this process is the active one, and end it when it no longer is; for ever.

    Raises what the attempt raises.
    """
    while True:
        while not active():  # noqa: ASYNC110  the engine's lock has no event
            await asyncio.sleep(look_seconds)
        task = asyncio.ensure_future(attempt())
        try:
            while active() and not task.done():
                await asyncio.wait([task], timeout=look_seconds)
            if task.done():
                await task
        finally:
            task.cancel()
            await asyncio.wait([task])
