"""The life of a local server: start, stop, crash, start again on the same port and data."""

import atexit
import signal
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, Self

from deploy.local.containment import sandbox_for
from deploy.local.datalock import DataLock
from deploy.local.failure import LocalServerError
from deploy.local.ports import free_port, require_free
from deploy.local.sandbox import Spawned

START_SECONDS = 120.0  # Postgres may have a crash to recover from, Mosquitto a million messages to read back
STOP_SECONDS = 120.0  # and to write
POLL_SECONDS = 0.01
ERROR_SIGNS = ("ERROR:", "FATAL:", "PANIC:", "Error:", "error:")


class LocalServer(ABC):
    """A server on `data`, a folder of its own; `port` 0 takes a free one and keeps it over restarts.

    Start it from a thread that lasts: it dies with the thread that started it, however that ends. All methods block.
    """

    name: ClassVar[str]
    stop_signal: ClassVar[signal.Signals]

    def __init__(self, data: Path, *, root: Path, port: int = 0) -> None:
        self.port = port
        self._data = data.absolute()
        self._root = root.absolute()
        self._lock = DataLock(self._data)
        self._server: Spawned | None = None

    @property
    @abstractmethod
    def url(self) -> str:
        """Where a client on this machine finds it, with what it needs to be let in."""

    @abstractmethod
    def _prepare(self) -> Sequence[str]:
        """Make the data folder ready and return the server's command. Raises LocalServerError."""

    @abstractmethod
    def _ready(self) -> bool:
        """Whether the server that was started takes clients now."""

    @property
    def running(self) -> bool:
        """Whether it was started, and has ended neither by our doing nor by its own."""
        return self._server is not None and self._server.running

    def start(self) -> None:
        """Return when the server takes clients. Raises LocalServerError, and then nothing is left running."""
        self._lock.take()
        atexit.register(self.stop)
        try:
            self._log.write_bytes(b"")  # it tells of one start, so that it cannot grow for ever
            self.port = self.port or free_port()
            require_free(self.port, server=self.name)
            self._server = self._spawn(self._prepare())
            self._await_ready(self._server)
        except BaseException:
            self.kill()
            raise

    def stop(self) -> None:
        """Stop in order: what was accepted is on disk afterwards. Raises LocalServerError if it had to be killed."""
        if self._server is None:
            return
        try:
            self._server.signal(self.stop_signal)
            self._server.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired as error:
            raise LocalServerError(f"{self.name} was killed: it did not stop in {STOP_SECONDS:.0f} s") from error
        finally:
            self.kill()

    def kill(self) -> None:
        """End all processes of the server at once, as a power cut would. Does nothing to a server that has ended."""
        if self._server is not None:
            self._server.signal(signal.SIGKILL)
            self._server.process.wait()
            self._server = None
        self._lock.give_back()
        atexit.unregister(self.stop)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _run(self, program: Sequence[str], *, text: str = "") -> None:
        """Run a program of the server's to its end, with `text` to read. Raises LocalServerError."""
        spawned = self._spawn(program, text=text)
        try:
            ended = spawned.process.wait()
        finally:  # interrupted, we take it with us
            spawned.signal(signal.SIGKILL)
            spawned.process.wait()
        if ended != 0:
            raise LocalServerError(f"{Path(program[0]).name} failed: {self._last_word()}")

    def _spawn(self, program: Sequence[str], *, text: str = "") -> Spawned:
        sandbox = sandbox_for(self._root, self._data)
        with tempfile.TemporaryFile() as stdin, self._log.open("ab") as output:
            stdin.write(text.encode())
            stdin.seek(0)
            return sandbox.spawn(program, stdin=stdin, output=output, lock=self._lock.file)

    def _await_ready(self, server: Spawned) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self._ready() or not server.running:
            if not server.running:
                raise LocalServerError(f"{self.name} did not start: {self._last_word()}")
            if time.monotonic() > deadline:
                raise LocalServerError(f"{self.name} is not ready after {START_SECONDS:.0f} s: {self._last_word()}")
            time.sleep(POLL_SECONDS)

    @property
    def _log(self) -> Path:
        return self._data / "log"

    def _last_word(self) -> str:
        return f"{complaint(self._log.read_text(errors='replace'))} (see {self._log})"


def complaint(log: str) -> str:
    """Return the line of a failed program's log that most likely says why: its last error, or else its last line."""
    lines = [line.strip() for line in log.splitlines() if line.strip()] or ["it said nothing"]
    errors = [line for line in lines if any(sign in line for sign in ERROR_SIGNS)]
    return (errors or lines)[-1]
