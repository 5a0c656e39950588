"""The lock that says whether a data folder is in use."""

import fcntl
import os
import time
from pathlib import Path

from deploy.local.failure import LocalServerError

GONE_SECONDS = 30.0  # longest wait for the processes of a server that was ended


class DataLock:
    """An exclusive lock on a data folder, held by whoever took it and by every process of the server it covers.

    The servers inherit the open file. So the lock is free exactly when all of them are gone, also after a crash of
    ours, and there is no file with a process id that could go stale.
    """

    def __init__(self, data: Path) -> None:
        self._data = data
        self._file: int | None = None

    @property
    def file(self) -> int:
        """The open file to hand down; only while the lock is taken."""
        if self._file is None:
            raise LocalServerError(f"{self._data} is not locked")
        return self._file

    def take(self) -> None:
        """Raise LocalServerError while another server uses the folder, or when we may not write there."""
        try:
            self._file = self._open()
        except BlockingIOError as error:
            raise LocalServerError(f"{self._data} is in use: its server is running already") from error
        except OSError as error:
            raise LocalServerError(f"{error.filename or self._data} cannot be used: {error.strerror}") from error

    def give_back(self) -> None:
        """Let go, and return when every process that inherited the lock is gone."""
        if self._file is None:
            return
        os.close(self._file)
        self._file = None
        deadline = time.monotonic() + GONE_SECONDS
        while not self._free():
            if time.monotonic() > deadline:
                raise LocalServerError(f"processes of the server on {self._data} are still there")
            time.sleep(0.005)

    def _free(self) -> bool:
        try:
            os.close(self._open())
        except BlockingIOError:
            return False
        return True

    def _open(self) -> int:
        self._data.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = os.open(self._data / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            raise
        return file
