"""Asking every channel now and then whether it can be reached, so that a dead one is known before it is needed."""

import asyncio
from collections.abc import Callable, Mapping
from typing import NoReturn

from alerts.notify.channels.sender import Sender
from alerts.notify.receipts import unreachable

ASK_SECONDS = 60.0


async def keep_asking(
    senders: Mapping[str, Sender],
    learn: Callable[[Mapping[str, str]], None],
    active: Callable[[], bool],
    *,
    every_seconds: float = ASK_SECONDS,
) -> NoReturn:
    """Tell `learn` which channels two askings in a row could not reach, and why: one lost packet is no dead channel.

    Only the active process asks, for a modem answers to one.
    """
    before: Mapping[str, str] | None = None
    while True:
        if active():
            now = await unreachable(senders)
            if before is not None:
                learn({name: reason for name, reason in now.items() if name in before})
            before = now
        await asyncio.sleep(every_seconds)
