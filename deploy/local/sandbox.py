"""How a program runs inside the servers' root, and which way works on this machine.

Inside there is the root's `/usr`, an `/etc` of two files, `/data` for the server's own, and the host's network. The
program is never user 0, as which Postgres refuses to run, and it dies with the thread that started it.
"""

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import MappingProxyType
from typing import IO, Protocol

DATA = "/data"
USER_ID = 59_990  # inside; under chroot it owns the data, so it is one that no real user has
ENVIRONMENT: Mapping[str, str] = MappingProxyType(
    {"PATH": "/usr/lib/postgresql/17/bin:/usr/sbin:/usr/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": DATA}
)
TOP_LINKS: Mapping[str, str] = MappingProxyType({name: f"usr/{name}" for name in ("bin", "sbin", "lib", "lib64")})


@dataclass(frozen=True, slots=True)
class Spawned:
    """A program in its sandbox: the process we are the parent of, and the program's own id as seen from here."""

    process: subprocess.Popen[bytes]
    program_id: int

    @property
    def running(self) -> bool:
        return self.process.poll() is None

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the program itself; what is around it ends after it. Does nothing once it has ended."""
        if self.running:
            with suppress(ProcessLookupError):  # it ended since
                os.kill(self.program_id, number)


class Sandbox(Protocol):
    def spawn(self, program: Sequence[str], *, stdin: IO[bytes], output: IO[bytes], lock: int) -> Spawned:
        """Start `program`, holding the open file `lock`. Raises LocalServerError."""
        ...


def popen(
    command: Sequence[str], *, stdin: IO[bytes], output: IO[bytes], pass_fds: Sequence[int]
) -> subprocess.Popen[bytes]:
    """Start a sandbox's command.

    It gets a session of its own, since Ctrl-C in a terminal is for us, who then stop the servers in order.
    """
    return subprocess.Popen(
        command,
        stdin=stdin,
        stdout=output,
        stderr=subprocess.STDOUT,
        pass_fds=pass_fds,
        start_new_session=True,
        env={**ENVIRONMENT, "PATH": os.environ["PATH"]},
    )
