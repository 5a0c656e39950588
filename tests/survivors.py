"""Processes found by what they were started with, whoever their parent is now."""

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from deploy.listen import Address, ListenError
from deploy.local.ports import free_port
from tests.patience import PATIENCE_SECONDS


def started_with(mark: str) -> dict[int, str]:
    """The command lines, by id, of all living processes that have `mark` in their environment."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it ended while we looked
            if mark.encode() in (process / "environ").read_bytes():
                found[int(process.name)] = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
    return found


def end(process: subprocess.Popen[bytes], mark: str) -> None:
    """End a process and whatever it started, if a test has left any of it."""
    process.kill()
    process.wait()
    for pid in started_with(mark):
        with suppress(ProcessLookupError):  # it ended by itself
            os.kill(pid, signal.SIGKILL)


def nothing_left(mark: str, seconds: float = PATIENCE_SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while left := started_with(mark):
        assert time.monotonic() < deadline, f"left of {mark} after {seconds:.0f} s: {left}"
        time.sleep(0.1)


def free_ports_in_a_row(count: int) -> int:
    """The first of so many."""
    first = free_port()
    while not all(is_free(first + number) for number in range(count)):
        first = free_port()
    return first


def is_free(port: int) -> bool:
    try:
        with Address("127.0.0.1", port, "ANY").bound():
            return True
    except ListenError:
        return False
