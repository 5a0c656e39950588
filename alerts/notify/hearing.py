"""Hearing what people answer: in one process only, for a bot or a modem has one listener."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping

from alerts.metrics import STRANGERS
from alerts.notify.channels.sender import Hearing, Sender, Speaking
from alerts.notify.reply import Reply

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0


async def stranger(reply: Reply) -> str:
    """What is done for whom nobody knows: nothing, and nothing is said. It is logged and counted."""
    STRANGERS.labels(reply.channel).inc()
    log.warning("%s: a reply (%s) from %r, whom nobody knows", reply.channel, reply.verb, reply.sender)
    return ""


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
