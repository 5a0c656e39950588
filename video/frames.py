"""One camera's pictures as files; devices/frame_files.py says where they lie.

Whoever shows one reads the file alone: it is always a whole JPEG, and its modification time is the time of capture.

They are personal data: files are 0640 and folders 0750, whatever the umask. A process that shows them runs as the same
user, or belongs to the group in which this one runs.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from devices.frame_files import LATEST, KeptFrame, to_microseconds
from video.still import Still

# Written under such a name and renamed. What a killed process left of it is swept by video/retention.py.
PART_SUFFIX = ".part"
FILE_MODE = 0o640
FOLDER_MODE = 0o750


class FrameFiles:
    """Writes into one camera's folder. A thread that a hanging disk held up may come back beside its successor."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def replace_latest(self, still: Still) -> None:
        """Replace the camera's picture in one step.

        Raises OSError when the disk refuses; the former picture then stands, with its own time, and nothing beside it.
        """
        self._write(still, self._folder / LATEST, lasting=False)

    def keep(self, still: Still, reason: str) -> None:
        """Add a picture under its time and `reason`. Raises OSError when the disk refuses; nothing is then added.

        It is on the disk itself before it has its name: who covers a camera may cut the power next.
        """
        kept = KeptFrame(captured_at=still.captured_at, reason=reason)
        self._write(still, self._folder / kept.path, lasting=True)

    def _write(self, still: Still, target: Path, *, lasting: bool) -> None:
        make_folder(target.parent)
        part = self._folder / f"{threading.get_native_id()}{PART_SUFFIX}"
        with replacing(target, part) as file:
            file.write(still.jpeg)
            file.flush()
            os.utime(file.fileno(), ns=(to_microseconds(still.captured_at) * 1_000,) * 2)
            if lasting:
                os.fsync(file.fileno())


@contextmanager
def replacing(target: Path, part: Path) -> Iterator[BinaryIO]:
    """A file to write what is to stand at `target`: there it stands whole, or not at all, in place of what was there.

    Until then it is `part`, in the same folder or one beside it. Raises OSError, and leaves nothing of it behind.
    """
    try:
        with part.open("wb") as file:
            os.fchmod(file.fileno(), FILE_MODE)  # still empty: nobody reads what he will not be allowed to
            yield file
        part.replace(target)
    except OSError:
        part.unlink(missing_ok=True)
        raise


def make_folder(folder: Path) -> None:
    """With those above it; one that is there stays as it is. Raises OSError."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    try:
        folder.mkdir(FOLDER_MODE)
    except FileExistsError:  # another camera's thread was quicker
        return
    folder.chmod(FOLDER_MODE)  # what the umask took away
