"""The sandbox for root where the kernel forbids namespaces, as it does in most containers: chroot.

Without mounts the data folder must be seen from inside, so the chroot is the data folder: it gets hard links to the
root's files beside the server's own, and `data`, a link to itself, so that all paths are as under bubblewrap.
"""

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from deploy.local.sandbox import TOP_LINKS, USER_ID, Spawned, popen


@dataclass(frozen=True, slots=True, kw_only=True)
class Chroot:
    """Runs a program that the kernel kills when its parent dies; its children must notice that by themselves."""

    root: Path
    data: Path

    def spawn(self, program: Sequence[str], *, stdin: IO[bytes], output: IO[bytes], lock: int) -> Spawned:
        """Start `program`, holding the open file `lock`."""
        _furnish(self.data, self.root)
        _give(self.data)
        process = popen(chroot_command(self.data, program), stdin=stdin, output=output, pass_fds=(lock,))
        return Spawned(process, process.pid)


def chroot_command(data: Path, program: Sequence[str]) -> Sequence[str]:
    """Return the command; setpriv comes last because a change of user clears the wish to die with the parent."""
    user = str(USER_ID)
    return (
        *("chroot", str(data)),
        *("/usr/bin/setpriv", "--reuid", user, "--regid", user, "--clear-groups", "--pdeathsig", "KILL"),
        *program,
    )


def _furnish(data: Path, root: Path) -> None:
    marker = data / ".furnished"
    if marker.exists() and marker.read_text() == root.name:
        return
    for name in ("usr", "etc"):
        shutil.rmtree(data / name, ignore_errors=True)
        shutil.copytree(root / name, data / name, symlinks=True, copy_function=_link_or_copy)
    for name, target in {**TOP_LINKS, "data": "."}.items():
        (data / name).unlink(missing_ok=True)
        (data / name).symlink_to(target)
    for name in ("tmp", "dev/shm"):
        (data / name).mkdir(parents=True, exist_ok=True)
    null = data / "dev" / "null"
    null.touch()  # a plain file: the right to make devices is as rare here as namespaces, and only initdb writes to it
    null.chmod(0o666)
    marker.write_text(root.name)


def _link_or_copy(source: str, target: str) -> None:
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:  # another disk
        shutil.copy2(source, target, follow_symlinks=False)


def _give(data: Path) -> None:
    """Make the server's own files, and no linked ones, belong to the server's user."""
    _chown(data)
    for entry in data.iterdir():
        if entry.name in {"usr", "etc", *TOP_LINKS, "data"}:
            continue
        _chown(entry)
        for inner in entry.rglob("*") if entry.is_dir() else ():
            _chown(inner)


def _chown(path: Path) -> None:
    os.chown(path, USER_ID, USER_ID, follow_symlinks=False)
