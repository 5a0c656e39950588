"""A folder for a test run's servers, gone at the end of the run; or of the next one, if this one is killed."""

import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO


@contextmanager
def scratch_folder(parent: Path) -> Iterator[Path]:
    """Yield a new folder under `parent`, on the same disk as a real deployment's data would be."""
    parent.mkdir(parents=True, exist_ok=True)
    with (parent / "test.lock").open("w") as sweeping:
        fcntl.flock(sweeping, fcntl.LOCK_EX)
        _remove_abandoned(parent)
        folder = Path(tempfile.mkdtemp(prefix="test-", dir=parent))
        in_use = (folder / "in-use").open("w")
        _lock(in_use)
    with in_use:
        yield folder
        shutil.rmtree(folder)


def _remove_abandoned(parent: Path) -> None:
    for mark in parent.glob("test-*/in-use"):
        with mark.open("w") as file:
            if _lock(file):
                shutil.rmtree(mark.parent)


def _lock(file: TextIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
