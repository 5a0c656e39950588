"""The sandbox for everybody: bubblewrap, which needs no privilege where the kernel lets users make namespaces."""

import json
import os
import signal
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

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
            try:
                described = info.read()
            except BaseException:
                # Interrupted: its child may not have asked yet to die with it, and would wait for it for ever.
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                raise
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
        tried = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return "bubblewrap is not installed"
    return None if tried.returncode == 0 else tried.stderr.strip().splitlines()[-1]
