"""An ingest line under a published load, and what it cost."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.local.root import ensure_root
from simulators.telemetry import synthetic_devices
from tests.rig import Rig, cpu_seconds, resident_bytes, rig

LOCAL = Path(__file__).parents[2] / ".local"
COMMITTED = "pantau_ingest_readings_committed_total"
# As fast as the broker takes them.
UNLIMITED = 1_000_000.0
LOOK_SECONDS = 0.2
PATIENCE_SECONDS = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    messages: int
    rate: float
    values: int = 1
    devices: int = 227


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """`seconds` from the first publish to the last commit; CPU in microseconds per message."""

    seconds: float
    drain_seconds: float
    ingest_us: float
    postgres_us: float
    resident_mib: float


@contextmanager
def fresh_line(devices: int, *, workers: int = 1, settings: Mapping[str, str] | None = None) -> Iterator[Rig]:
    """A durable database, the production broker, and `devices` hotspots in the registry."""
    LOCAL.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=LOCAL, prefix="bench-") as folder:
        root = ensure_root(LOCAL / "servers")
        with rig(Path(folder), root, synthetic_devices(devices), workers=workers, postgres_settings=settings) as line:
            yield line


@contextmanager
def publishing(url: str, load: Load) -> Iterator["subprocess.Popen[bytes]"]:
    command = [sys.executable, "-m", "tests.bench.publisher", url]
    for name, value in (
        ("messages", load.messages),
        ("rate", load.rate),
        ("values", load.values),
        ("devices", load.devices),
    ):
        command += [f"--{name}", str(value)]
    with subprocess.Popen(command) as process:
        yield process
    assert process.returncode == 0


def measure(line: Rig, load: Load) -> Cost:
    """Publish the load and wait until its last reading is committed. The rows must come out right."""
    (worker,) = line.workers
    already, wanted = worker.metric(COMMITTED), load.messages * load.values
    ingest, postgres = cpu_seconds(worker.pid), cpu_seconds(line.postgres_pid)
    resident = 0
    began = time.monotonic()
    published = None
    with publishing(line.mosquitto.url, load) as publisher:
        while worker.metric(COMMITTED) - already < wanted:
            resident = max(resident, resident_bytes(worker.pid))
            if published is None and publisher.poll() is not None:
                published = time.monotonic()
            assert time.monotonic() - began < PATIENCE_SECONDS + load.messages / load.rate, "the load never arrived"
            time.sleep(LOOK_SECONDS)
    ended = time.monotonic()
    return Cost(
        seconds=ended - began,
        drain_seconds=ended - (published or ended),
        ingest_us=(cpu_seconds(worker.pid) - ingest) / load.messages * 1e6,
        postgres_us=(cpu_seconds(line.postgres_pid) - postgres) / load.messages * 1e6,
        resident_mib=resident / 2**20,
    )
