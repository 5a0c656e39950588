"""A whole ingest line of real processes that can be killed, stopped, started and measured. For tests and benches."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psycopg
from prometheus_client.parser import text_string_to_metric_families

from deploy.local.mosquitto import Mosquitto
from deploy.local.ports import free_port
from deploy.local.postgres import Postgres
from devices.device import Device
from tests.patience import PATIENCE_SECONDS

CITY = """
[city]
name = "Rig"
devices = "none.csv"

[ingest]
workers = {workers}
"""
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass
class Process:
    """A `pantau` command in a process of its own."""

    arguments: tuple[str, ...]
    environment: Mapping[str, str]
    ops_port: int = field(default_factory=free_port)
    _process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "deploy", *self.arguments],
            env={**os.environ, **self.environment, "PANTAU_OPS_LISTEN": f"127.0.0.1:{self.ops_port}"},
        )

    def kill(self) -> None:
        """As the kernel's out-of-memory killer does it."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def stop(self) -> int:
        """As systemd does it; the exit code."""
        if self._process is None:
            return 0
        self._process.terminate()
        code = self._process.wait(timeout=PATIENCE_SECONDS)
        self._process = None
        return code

    def is_ready(self) -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{self.ops_port}/readyz", timeout=1).is_success
        except httpx.TransportError:
            return False

    def metric(self, name: str) -> float:
        """The sum over all labels of a sample of that name."""
        text = httpx.get(f"http://127.0.0.1:{self.ops_port}/metrics", timeout=PATIENCE_SECONDS).text
        families = text_string_to_metric_families(text)
        return sum(sample.value for family in families for sample in family.samples if sample.name == name)

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid


def until(done: Callable[[], bool], what: str, seconds: float = PATIENCE_SECONDS) -> None:
    """Wait; a condition that does not come about in time fails the test."""
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline, f"not within {seconds:.0f} s: {what}"
        time.sleep(0.05)


def cpu_seconds(pid: int) -> float:
    """CPU time of a process and all it started, those that ended included where they were waited for."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return sum(int(ticks) for ticks in fields[11:15]) / TICKS_PER_SECOND + sum(
        cpu_seconds(int(child)) for child in children
    )


def resident_bytes(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


@dataclass
class Rig:
    """Database, broker and ingest workers; all started, none shared with other tests."""

    postgres: Postgres
    mosquitto: Mosquitto
    workers: list[Process]
    city: Path

    @property
    def postgres_pid(self) -> int:
        assert self.postgres._server is not None
        return self.postgres._server.process.pid

    def rows(self) -> int:
        """Readings in the table: the number that must come out right."""
        return int(self.ask("select count(*) from reading")[0][0])

    def rejected(self) -> int:
        return int(self.ask("select count(*) from rejected")[0][0])

    def ask(self, statement: str, *arguments: object) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.postgres.url, autocommit=True) as connection:
            return connection.execute(statement, arguments).fetchall()  # type: ignore[arg-type]  # tests' own words

    def do(self, statement: str, *arguments: object) -> None:
        with psycopg.connect(self.postgres.url, autocommit=True) as connection:
            connection.execute(statement, arguments)  # type: ignore[arg-type]  # tests' own words

    def set_workers(self, count: int) -> None:
        """For processes started from now on."""
        self.city.write_text(CITY.format(workers=count))

    def until_rows(self, count: int, seconds: float = PATIENCE_SECONDS) -> None:
        until(lambda: self.rows() >= count, f"{count} rows", seconds)
        assert self.rows() == count

    def until_ready(self) -> None:
        until(lambda: all(worker.is_ready() for worker in self.workers), "every worker is ready")


MakeRig = Callable[..., AbstractContextManager[Rig]]
"""`rig` without its first three arguments."""


@contextmanager
def rig(
    folder: Path,
    root: Path,
    devices: Iterable[Device],
    *,
    workers: int = 1,
    postgres_settings: Mapping[str, str] | None = None,
    durable: bool = True,
) -> Iterator[Rig]:
    """A rig in `folder`, with `devices` in its registry, ready to receive."""
    with ExitStack() as stack:
        postgres = stack.enter_context(
            Postgres(folder / "postgres", root=root, durable=durable, settings=postgres_settings or {})
        )
        mosquitto = stack.enter_context(Mosquitto(folder / "mosquitto", root=root))
        city = folder / "city.toml"
        city.write_text(CITY.format(workers=workers))
        environment = {
            "PANTAU_CONFIG": str(city),
            "PANTAU_DATABASE_URL": postgres.url,
            "PANTAU_MQTT_URL": mosquitto.url,
            "PANTAU_DATA_DIR": str(folder / "data"),
        }
        subprocess.run([sys.executable, "-m", "deploy", "migrate"], env={**os.environ, **environment}, check=True)
        register(postgres.url, devices)
        line = Rig(
            city=city,
            postgres=postgres,
            mosquitto=mosquitto,
            workers=[Process(("ingest", "--worker", str(number)), environment) for number in range(1, workers + 1)],
        )
        for worker in line.workers:
            worker.start()
            stack.callback(worker.kill)
        line.until_ready()
        yield line


def register(url: str, devices: Iterable[Device]) -> None:
    into = "copy device (id, kind, name) from stdin"
    with psycopg.connect(url) as connection, connection.cursor() as cursor, cursor.copy(into) as copy:
        for device in devices:
            copy.write_row((device.id, device.kind, device.name))
