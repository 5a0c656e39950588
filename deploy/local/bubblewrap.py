"""The sandbox for everybody: bubblewrap, which needs no privilege where the kernel lets users make namespaces."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from deploy.local.failure import LocalServerError
from deploy.local.sandbox import DATA, ENVIRONMENT, TOP_LINKS, USER_ID, Spawned, popen


@dataclass(frozen=True, slots=True, kw_only=True)
class Bubblewrap:
    """Runs a program as process 1 of a process namespace, so that its death ends all its children."""

    root: Path
    data: Path

    def spawn(self, program: Sequence[str], *, stdin: IO[bytes], output: IO[bytes], lock: int) -> Spawned:
        """Start `program`, holding the open file `lock`. Raises LocalServerError."""
        reading, writing = os.pipe()
        with os.fdopen(reading) as info:
            try:
                command = bubblewrap_command(self.root, self.data, program, info_fd=writing)
                process = popen(command, stdin=stdin, output=output, pass_fds=(writing, lock))
            finally:
                os.close(writing)
            with _ended_if_interrupted(process):
                described = info.read()
        if not described:
            raise LocalServerError(f"bubblewrap failed with exit code {process.wait()}: see {output.name}")
        return Spawned(process, json.loads(described)["child-pid"])


def bubblewrap_command(root: Path, data: Path, program: Sequence[str], *, info_fd: int) -> Sequence[str]:
    """Return the command; it writes the program's process id as JSON to `info_fd`."""
    return (
        "bwrap",
        *("--unshare-user", "--uid", str(USER_ID), "--gid", str(USER_ID)),
        *("--unshare-pid", "--as-pid-1", "--unshare-ipc", "--die-with-parent"),
        *("--ro-bind", str(root / "usr"), "/usr", "--ro-bind", str(root / "etc"), "/etc"),
        *(word for name, target in TOP_LINKS.items() for word in ("--symlink", target, f"/{name}")),
        *("--dev", "/dev", "--perms", "1777", "--dir", "/tmp"),  # noqa: S108 - its own, in memory
        *("--bind", str(data), DATA, "--chdir", DATA, "--clearenv"),
        *(word for name, value in ENVIRONMENT.items() for word in ("--setenv", name, value)),
        *("--info-fd", str(info_fd), "--"),
        *program,
    )


def refusal(root: Path, data: Path) -> str | None:
    """Return why bubblewrap cannot run here, or None when it can."""
    command = bubblewrap_command(root, data, ("/usr/bin/dash", "-c", ":"), info_fd=1)
    try:
        tried = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True
        )
    except FileNotFoundError:
        return "bubblewrap is not installed"
    with tried, _ended_if_interrupted(tried):
        _, said = tried.communicate()
    return None if tried.returncode == 0 else said.strip().splitlines()[-1]


@contextmanager
def _ended_if_interrupted(process: subprocess.Popen[Any]) -> Iterator[None]:
    """With all of its session: its child may not have asked yet to die with it, and would wait for it for ever."""
    try:
        yield
    except BaseException:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise
