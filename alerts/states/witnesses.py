"""Asks the witnesses, hosts outside the city's network, whether we can be reached: a TCP connection each, no more."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime

from alerts.metrics import WITNESSES_REACHED
from alerts.states.ourselves import Verdict, majority
from alerts.states.settings import Ourselves


class Witnesses:
    """The newest verdict; None until there is one."""

    def __init__(self, settings: Ourselves, now: Callable[[], datetime]) -> None:
        self._settings = settings
        self._now = now
        self.verdict: Verdict | None = None

    async def run(self, sleep: Callable[[float], Awaitable[object]] = asyncio.sleep) -> None:
        """Ask again and again until cancelled. Without witnesses there is nothing to ask, and no verdict."""
        while True:
            if self._settings.witnesses:
                await self.ask()
            await sleep(self._settings.ask_every_seconds)

    async def ask(self) -> Verdict:
        """Ask all at once. The verdict is of the moment at which they were asked."""
        asked_at = self._now()
        answers = await asyncio.gather(*(self._answers(witness) for witness in self._settings.witnesses))
        self.verdict = majority(answers, asked_at)
        WITNESSES_REACHED.set(self.verdict.reached)
        return self.verdict

    async def _answers(self, witness: str) -> bool:
        """Whether a connection came about; a refusal is an answer too: a host that refuses has been reached."""
        host, _, port = witness.rpartition(":")
        try:
            async with asyncio.timeout(self._settings.answer_within_seconds):
                _, writer = await asyncio.open_connection(host.strip("[]"), int(port))
        except ConnectionRefusedError:
            return True
        except OSError:  # a TimeoutError is one too
            return False
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
        return True
