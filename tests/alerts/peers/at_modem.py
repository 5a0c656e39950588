"""A GSM modem behind a pseudo-terminal: it echoes, takes its time, talks unasked, and fails on purpose."""

import asyncio
import os
import tty
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from tests.patience import until

LIST = 'AT+CMGL="ALL"'
READY: dict[str, str] = {"+CPIN?": "+CPIN: READY", "+CREG?": "+CREG: 0,1", "+CSQ": "+CSQ: 17,99"}


@dataclass(slots=True)
class AtModem:
    """`script` is what comes of each message to send: "sent", "hang", "no prompt", or an error in the modem's words.

    `answers` are those to queries; "" is silence. `memory` are its messages, by place: status, sender, text, time.
    """

    path: str = ""
    script: list[str] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=lambda: dict(READY))
    memory: dict[int, tuple[str, str, str, str]] = field(default_factory=dict)
    sent: list[tuple[str, str]] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    deaf: bool = False
    echo: bool = True
    unasked: str = ""
    _master: int = -1
    _number: str | None = None
    _pending: bytes = b""

    def receives(self, text: str, *, sender: str = "+62812", at: str = "26/03/02,12:00:00+28") -> None:
        place = max(self.memory, default=0) + 1
        self.memory[place] = ("REC UNREAD", sender, text, at)
        self._write(f'\r\n+CMTI: "SM",{place}\r\n')

    async def emptied(self) -> None:
        """Return once every message was deleted."""
        await until(lambda: not self.memory)

    async def looked_into(self) -> None:
        """Return once its messages have been listed again."""
        before = self.commands.count(LIST)
        await until(lambda: self.commands.count(LIST) > before)

    async def hangs(self) -> None:
        """Return once it has taken all that its script told it to."""
        await until(lambda: not self.script)

    def read(self) -> None:
        for byte in os.read(self._master, 4096):
            self._take(bytes([byte]))

    def _take(self, byte: bytes) -> None:
        if self.deaf:
            return
        if byte == b"\x1b":
            self._pending, self._number = b"", None
        elif byte == b"\x1a" and self._number is not None:
            self._send(self._number, self._pending.decode("ascii"))
            self._pending, self._number = b"", None
        elif byte == b"\r" and self._number is None:
            self._obey(self._pending.decode())
            self._pending = b""
        else:
            self._pending += byte

    def _obey(self, command: str) -> None:
        self.commands.append(command)
        if self.echo:
            self._write(f"{command}\r")
        what = command.removeprefix("AT")
        if what.startswith("E"):
            self.echo = what == "E1"
        if what.startswith("+CMGS="):
            self._prompt(what.split('"')[1])
        elif command == LIST:
            self._list()
        elif what.startswith("+CMGR="):
            self._read(int(what.removeprefix("+CMGR=")))
        elif what.startswith("+CMGD="):
            self.memory.pop(int(what.removeprefix("+CMGD=")))
            self._say()
        else:
            self._say(self.answers.get(what))

    def _prompt(self, number: str) -> None:
        if self.script[:1] == ["no prompt"]:
            self.script.pop(0)
            self._write("\r\n+CMS ERROR: 310\r\n")
            return
        self._number = number
        self._write("\r\n> ")

    def _send(self, number: str, text: str) -> None:
        fate = self.script.pop(0) if self.script else "sent"
        if fate == "hang":
            return
        if fate != "sent":
            self._write(f"\r\n{fate}\r\n")
            return
        self.sent.append((number, text))
        self._write(self.unasked)
        self._write(f"\r\n+CMGS: {len(self.sent)}\r\n\r\nOK\r\n")

    def _list(self) -> None:
        listed = [
            f'\r\n+CMGL: {place},"{status}","{sender}",,"{at}"\r\n{text}{self.unasked}'
            for place, (status, sender, text, at) in self.memory.items()
        ]
        self._write("".join([*listed, "\r\n\r\nOK\r\n"]))
        self.memory = {
            place: (message[0].replace("UNREAD", "READ"), *message[1:]) for place, message in self.memory.items()
        }

    def _read(self, place: int) -> None:
        if place not in self.memory:
            self._write("\r\n+CMS ERROR: 321\r\n")
            return
        status, sender, text, at = self.memory[place]
        self._write(f'\r\n+CMGR: "{status}","{sender}",,"{at}"\r\n{text}\r\n\r\nOK\r\n')

    def _say(self, answer: str | None = None) -> None:
        if answer == "":
            return
        if answer and "ERROR" in answer:
            self._write(f"\r\n{answer}\r\n")
        else:
            self._write((f"\r\n{answer}\r\n" if answer else "") + "\r\nOK\r\n")

    def _write(self, text: str) -> None:
        os.write(self._master, text.encode())


@asynccontextmanager
async def at_modem() -> AsyncIterator[AtModem]:
    master, line = os.openpty()
    tty.setraw(line)
    peer = AtModem(path=os.ttyname(line), _master=master)
    loop = asyncio.get_running_loop()
    loop.add_reader(master, peer.read)
    try:
        yield peer
    finally:
        loop.remove_reader(master)
        os.close(master)
        os.close(line)
