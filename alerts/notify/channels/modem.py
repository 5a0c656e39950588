"""One conversation with a GSM modem on a serial line: blocking, with an end, for a thread of its own."""

import contextlib
import threading
import time
from collections.abc import Callable
from typing import TypeVar

import serial

from alerts.notify.channels.at_words import Incoming, incoming, outcome, places, plain, standing

ESCAPE, CONTROL_Z = b"\x1b", b"\x1a"
# How long each read waits, and so how soon a conversation notices that it must stop.
TICK_SECONDS = 0.1
QUIET_TICKS = 3
WRITE_SECONDS = 5.0
ANSWER_SECONDS = 5.0
WAKE_ATTEMPTS, WAKE_SECONDS = 3, 1.0
LONGEST_ANSWER = 262_144
SETTING_UP = ("ATE0", "AT+CMEE=1", "AT+CMGF=1", 'AT+CSCS="GSM"')


T = TypeVar("T")


class ModemError(Exception):
    """The modem, or the network behind it, would not."""


class Modem:
    """An open port whose modem answers. `stop` ends whatever goes on, with a ModemError."""

    def __init__(
        self, port: serial.Serial, stop: threading.Event, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._port, self._stop, self._clock = port, stop, clock
        self._buffer = b""

    def set_up(self) -> None:
        """Leave a text that somebody left unfinished, and agree on text mode, in which new messages are stored."""
        self._port.write(ESCAPE)
        self._wake()
        for command in SETTING_UP:
            self.ask(command)
        if not any(line == "+CPIN: READY" for line in self.ask("AT+CPIN?")):
            raise ModemError("the SIM is not ready: it must not want a PIN")
        self.ask("AT+CNMI=2,1")

    def send(self, number: str, text: str, *, within_seconds: float) -> None:
        """A message to the network, which has it when this returns."""
        self._say(f'AT+CMGS="{number}"\r'.encode())
        try:
            self._until(self._prompted, ANSWER_SECONDS)
        except ModemError:
            self._port.write(ESCAPE)
            raise
        self._buffer = b""
        self._port.write(plain(text).encode("ascii") + CONTROL_Z)
        if not any(line.startswith("+CMGS:") for line in self._answer(within_seconds)):
            raise ModemError("the modem did not say that it sent it")

    def received(self) -> list[Incoming]:
        """All messages in the memory, read before or not: one that was read and not handled is still to be handled."""
        listed = places(self.ask('AT+CMGL="ALL"', within_seconds=4 * ANSWER_SECONDS))
        return [message for place in listed if (message := self._read(place)) is not None]

    def _read(self, place: int) -> Incoming | None:
        """What lies at a place. The rest of an answer that seemed to be over must not be taken for the next one."""
        self._hush()
        command = f"AT+CMGR={place}"
        self._say(f"{command}\r".encode())
        said = self._until(lambda: outcome(self._buffer), ANSWER_SECONDS)  # it errs where nothing lies
        return incoming(place, [line for line in said.lines if line != command])

    def forget(self, place: int) -> None:
        self.ask(f"AT+CMGD={place}")

    def registration(self) -> str | None:
        """Why there is no network, with the signal's strength; None when there is one, of whichever generation."""
        for command in ("AT+CREG?", "AT+CEREG?"):
            with contextlib.suppress(ModemError):
                if (why := standing(self.ask(command))) is None:
                    return None
        return f"{why}, signal {' '.join(self.ask('AT+CSQ')).removeprefix('+CSQ: ')}"

    def ask(self, command: str, *, within_seconds: float = ANSWER_SECONDS) -> list[str]:
        """The lines of the answer. Raises ModemError with the modem's own reason, or when none comes in time."""
        self._say(f"{command}\r".encode())
        return [line for line in self._answer(within_seconds) if line != command]

    def _wake(self) -> None:
        """A modem finds the speed of the line out by the first commands it hears."""
        for _ in range(WAKE_ATTEMPTS):
            with contextlib.suppress(ModemError):
                self.ask("AT", within_seconds=WAKE_SECONDS)
                return
        raise ModemError("the modem does not answer")

    def _hush(self) -> None:
        """Wait until the modem says nothing more, but not for long: unasked, it may talk for ever."""
        deadline, quiet = self._clock() + ANSWER_SECONDS, 0
        while quiet < QUIET_TICKS and self._clock() < deadline:
            quiet = 0 if self._port.read(self._port.in_waiting or 1) else quiet + 1

    def _say(self, words: bytes) -> None:
        self._port.reset_input_buffer()
        self._buffer = b""
        self._port.write(words)

    def _prompted(self) -> bool | None:
        if (said := outcome(self._buffer)) and said.fault:
            raise ModemError(said.fault)
        return True if self._buffer.endswith(b"> ") else None

    def _answer(self, within_seconds: float) -> list[str]:
        said = self._until(lambda: outcome(self._buffer), within_seconds)
        if said.fault:
            raise ModemError(said.fault)
        return said.lines

    def _until(self, found: Callable[[], T | None], within_seconds: float) -> T:
        """What is `found` in what the modem says, asked again whenever it says more.

        Time alone is no reason to give up: while our machine stood still nobody listened, and what the modem said
        meanwhile is still to be read. A message taken for not sent would be sent twice.
        """
        deadline, ticks = self._clock() + within_seconds, within_seconds / TICK_SECONDS
        while (what := found()) is None:
            if self._stop.is_set():
                raise ModemError("stopped")
            if (self._clock() > deadline and ticks <= 0) or len(self._buffer) > LONGEST_ANSWER:
                raise ModemError("no answer in time")
            self._buffer += self._port.read(self._port.in_waiting or 1)
            ticks -= 1
        return what
