"""Photos on disk, each a file by its number, whose modification time is when it came.

They may show people: files are 0640 and the folder 0750, whatever the umask, as with cameras' frames.
"""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from uuid import uuid4

FILE_MODE = 0o640
FOLDER_MODE = 0o750
# Written under such a name and renamed; what a killed process leaves of it is swept as photos are.
PART_SUFFIX = ".part"


def path_of(folder: Path, number: int) -> Path:
    return folder / f"{number}.jpg"


def save(folder: Path, number: int, jpeg: bytes, at: datetime) -> None:
    """On the disk, whole, before it has its name; or not there at all. Raises OSError."""
    folder.mkdir(FOLDER_MODE, parents=True, exist_ok=True)
    part = folder / f"{uuid4().hex}{PART_SUFFIX}"
    try:
        with part.open("wb") as file:
            os.fchmod(file.fileno(), FILE_MODE)
            file.write(jpeg)
            file.flush()
            os.utime(file.fileno(), (at.timestamp(), at.timestamp()))
            os.fsync(file.fileno())
        part.replace(path_of(folder, number))
    except OSError:
        part.unlink(missing_ok=True)
        raise


def read(folder: Path, number: int) -> bytes | None:
    """The picture; None where there is none to be had."""
    try:
        return path_of(folder, number).read_bytes()
    except OSError:
        return None


def sweep(folder: Path, before: datetime) -> int:
    """Delete what came before that, and return how many. Raises OSError."""
    old = list(_older(folder, before.timestamp())) if folder.is_dir() else []
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _older(folder: Path, moment: float) -> Iterator[Path]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_file(follow_symlinks=False) and entry.stat(follow_symlinks=False).st_mtime < moment:
                yield Path(entry.path)
