"""PostgreSQL 17 with TimescaleDB on the loopback address."""

import secrets
import shutil
import signal
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from deploy.local.ports import LOOPBACK
from deploy.local.postgres_settings import DATABASE, USER, initdb, postgres, single_user
from deploy.local.sandbox import DATA
from deploy.local.server import LocalServer


class Postgres(LocalServer):
    """A server with the database `pantau`, which has the extension.

    `durable=False` is for data that is thrown away: it skips the syncs that protect from a crash of the machine.
    `settings` are PostgreSQL's own, by name, and win over ours.
    """

    name = "PostgreSQL"
    stop_signal = signal.SIGINT  # "fast": open transactions are rolled back, the next start needs no recovery

    def __init__(
        self,
        data: Path,
        *,
        root: Path,
        port: int = 0,
        durable: bool = True,
        settings: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        super().__init__(data, root=root, port=port)
        self._durable = durable
        self._settings = settings

    @property
    def url(self) -> str:
        """A superuser's URL of the database `pantau`, with the password that was made up for it."""
        return f"postgresql://{USER}:{self._password_file.read_text()}@{LOOPBACK}:{self.port}/{DATABASE}"

    def _prepare(self) -> Sequence[str]:
        if not self._cluster.is_dir():
            self._make_cluster()
        self._pid_file.unlink(missing_ok=True)  # we hold the lock: if there is one, its server has crashed
        return postgres(f"{DATA}/cluster", port=self.port, durable=self._durable, extra=self._settings)

    def _make_cluster(self) -> None:
        """Make the cluster beside its place and move it there, so that it is whole or absent."""
        shutil.rmtree(self._data / "new", ignore_errors=True)
        self._password_file.unlink(missing_ok=True)
        self._password_file.touch(mode=0o600)
        self._password_file.write_text(secrets.token_urlsafe(24))
        new = f"{DATA}/new"
        self._run(initdb(new, password_file=f"{DATA}/password", durable=self._durable))
        self._run(single_user(new, database="postgres"), text=f"create database {DATABASE}\n")
        self._run(single_user(new, database=DATABASE), text="create extension timescaledb\n")
        (self._data / "new").rename(self._cluster)

    def _ready(self) -> bool:
        """Ask the way pg_ctl does: the eighth line of the pid file is the server's status."""
        try:
            lines = self._pid_file.read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) >= 8 and lines[7].strip() == "ready"

    @property
    def _cluster(self) -> Path:
        return self._data / "cluster"

    @property
    def _pid_file(self) -> Path:
        return self._cluster / "postmaster.pid"

    @property
    def _password_file(self) -> Path:
        return self._data / "password"
