"""The SMS channel through a GSM modem on a serial line: pages go out and replies come in without any internet."""

import asyncio
import termios
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated, Literal, TypeVar

import serial
from pydantic import Field

from alerts.notify.channels.at_words import NUMBER, Incoming
from alerts.notify.channels.modem import TICK_SECONDS, WRITE_SECONDS, Modem, ModemError
from alerts.notify.channels.sender import Answer, HearingError, Pace, Sender, failure
from alerts.notify.channels.settings import ChannelSettings
from alerts.notify.gsm import SEPTETS, cut, spell
from alerts.notify.page import Page, short
from alerts.notify.reply import Hear, read_text, reply

# One after the other; and while one is sent the port may first be awaited, then the network.
ONE_BY_ONE = Pace(at_once=1, lease=timedelta(minutes=2))
# The port may be held by another process of ours for as long.
PORT_SECONDS = 20.0
# Codes are used again: what lay in the memory for so long is about another page.
OLDEST = timedelta(hours=24)

T = TypeVar("T")


class SmsModem(ChannelSettings):
    """Where the modem is. Its SIM must want no PIN. `to` is who hears what names no number."""

    kind: Literal["sms_modem"]
    port: Annotated[str, Field(min_length=1)]
    baud: Annotated[int, Field(ge=300, le=4_000_000)] = 115_200
    to: Annotated[str, Field(pattern=f"^{NUMBER.pattern}$")] | None = None
    # What the network may take; 27.005 lets it take a minute.
    send_seconds: Annotated[float, Field(gt=0, le=60)] = 45.0
    poll_seconds: Annotated[float, Field(ge=0.05, le=60)] = 5.0

    @property
    def ear(self) -> str:
        return self.port

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Sender]:
        yield ModemSender(self)


@dataclass(frozen=True, slots=True)
class ModemSender:
    """The open channel. The port is held for one conversation at a time, so that a `pantau doctor` gets a word in."""

    modem: SmsModem
    pace: Pace = ONE_BY_ONE
    _alone: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def send(self, page: Page, now: datetime) -> Answer:  # noqa: ARG002  no network asks for patience
        to = page.to or self.modem.to
        if to is None or not NUMBER.fullmatch(to):
            return Answer(refused="no number: neither the page nor the channel has one" if to is None else "no number")
        try:
            await self._send(to, short(page))
        except ModemError as fault:
            return Answer(refused=failure(fault))
        return Answer()

    async def check(self) -> str | None:
        try:
            return await self._talk(Modem.registration)
        except ModemError as fault:
            return failure(fault)

    async def listen(self, hear: Hear, now: Callable[[], datetime]) -> None:
        """Look into the modem's memory again and again; a message is deleted when what it asks is done."""
        while True:
            try:
                for message in await self._talk(Modem.received):
                    await self._hear(message, hear, now())
            except ModemError as fault:
                raise HearingError(str(fault)) from fault
            await asyncio.sleep(self.modem.poll_seconds)

    async def _hear(self, message: Incoming, hear: Hear, now: datetime) -> None:
        words = ""
        if message.at is None or now - message.at < OLDEST:
            asked = read_text(message.text)
            name, sender = self.modem.name, message.sender
            words = await hear(reply(asked, channel=name, sender=sender, at=now, said_at=message.at))
        await self._talk(lambda modem: modem.forget(message.place))
        if words and NUMBER.fullmatch(message.sender):
            await self._send(message.sender, cut(spell(words), SEPTETS))

    async def _send(self, number: str, text: str) -> None:
        await self._talk(lambda modem: modem.send(number, text, within_seconds=self.modem.send_seconds))

    async def _talk(self, say: Callable[[Modem], T]) -> T:
        """One conversation in a thread. Raises ModemError. Who is cancelled leaves a thread that ends very soon."""
        stop = threading.Event()
        async with self._alone:
            try:
                return await asyncio.to_thread(_conversation, self.modem, stop, say)
            finally:
                stop.set()


def _conversation(settings: SmsModem, stop: threading.Event, say: Callable[[Modem], T]) -> T:
    try:
        with _open(settings, stop) as port:
            modem = Modem(port, stop)
            modem.set_up()
            return say(modem)
    except (OSError, termios.error) as fault:  # serial.SerialException is an OSError
        raise ModemError(f"{settings.port}: {fault}") from fault


def _open(settings: SmsModem, stop: threading.Event) -> serial.Serial:
    """The port, for us alone; waits while another process has it. Raises OSError."""
    deadline = time.monotonic() + PORT_SECONDS
    while True:
        try:
            return serial.Serial(
                settings.port, settings.baud, timeout=TICK_SECONDS, write_timeout=WRITE_SECONDS, exclusive=True
            )
        except serial.SerialException as fault:
            held = "exclusively lock" in str(fault)
            if not held or stop.is_set() or time.monotonic() > deadline:
                raise
            stop.wait(TICK_SECONDS)
