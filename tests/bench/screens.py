"""Five hundred screens: from the publishing of a reading to every screen's hands, and what a snapshot costs.

Broker, database, ingest, publisher, the server and all its screens share this machine's cores. Once, whatever `--runs`
says: it takes minutes.
"""

import asyncio
import json
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dashboards.rights import tokens
from dashboards.roles import Role
from deploy.database import connect
from deploy.local.ports import free_port
from tests.bench.broadcast import peer
from tests.bench.figures import Figure, figure
from tests.bench.line import Load, fresh_line, measure, publishing
from tests.bench.screen_clients import Heard
from tests.rig import Process, Rig, cpu_seconds, resident_bytes, until

SCREENS, RATE, SECONDS, METRICS = 500, 1_000, 20, 10
SIZES = (227, 22_700)
PEER_MESSAGES = 400
# Each of them may have 60 streams.
TOKENS = 10
# As long as a publisher takes to begin.
SETTLE_SECONDS = 3


@contextmanager
def served(line: Rig) -> Iterator[tuple[Process, str]]:
    """`pantau dashboards`, and where it listens."""
    address = f"127.0.0.1:{free_port()}"
    process = Process(("dashboards",), {**line.workers[0].environment, "PANTAU_LISTEN": address})
    process.start()
    try:
        until(process.is_ready, "dashboards is ready")
        yield process, address
    finally:
        process.kill()


async def _tokens(url: str) -> str:
    """Of as many as the screens need, with commas between them."""
    async with connect(url) as connection:
        more: dict[str, Any] = {"now": datetime.now(UTC), "token_bytes": secrets.token_bytes}
        names = [f"bench-{number}" for number in range(TOKENS)]
        return ",".join([await tokens.create(connection, name, Role.WALL, **more) for name in names])


@contextmanager
def screens(address: str, secret: str, count: int, form: str) -> Iterator["list[Heard]"]:
    """Screens that have their snapshot. What they heard until the end is in the list then."""
    command = [sys.executable, "-m", "tests.bench.screen_clients", address, secret]
    heard: list[Heard] = []
    with subprocess.Popen(
        [*command, f"--count={count}", f"--form={form}"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield heard
        heard.append(Heard(**json.loads(process.communicate()[0])))


def _until_quiet(server: Process) -> None:
    """Until all that the load left to be looked at was looked at."""
    looks = "pantau_dashboards_live_look_seconds_count"
    before = server.metric(looks)
    until(lambda: server.metric(looks) >= before + 3, "three more looks")


def _snapshot(address: str, secret: str, form: str) -> Heard:
    with screens(address, secret, 1, form) as heard:
        pass
    return heard[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """What the screens heard, and what that took: CPU in cores, memory in MiB, a look in milliseconds."""

    heard: Heard
    cores: float
    postgres_cores: float
    screens_cores: float
    resident: float
    look_ms: float


def _load(line: Rig, server: Process, address: str, secret: str, devices: int) -> Served:
    with screens(address, secret, SCREENS, "columns") as heard:
        load = Load(messages=RATE * (SECONDS + SETTLE_SECONDS), rate=RATE, devices=devices)
        with publishing(line.mosquitto.url, load) as publisher:
            time.sleep(SETTLE_SECONDS)
            before, began = _spent(line, server), time.monotonic()
            publisher.wait(120)
            cpu, postgres, looks, looking = _spent(line, server) - before
            took = time.monotonic() - began
        # What is held of readings is told within a second.
        time.sleep(2)
    return Served(
        heard=heard[0],
        cores=cpu / took,
        postgres_cores=postgres / took,
        screens_cores=heard[0].cpu_seconds / heard[0].seconds,
        resident=resident_bytes(server.pid) / 2**20,
        look_ms=looking / looks * 1e3,
    )


def _spent(line: Rig, server: Process) -> NDArray[np.float64]:
    """CPU of the server and of the database, looks, and seconds they took."""
    cpu = cpu_seconds(server.pid), cpu_seconds(line.postgres_pid)
    return np.array([*cpu, *(server.metric(f"pantau_dashboards_live_look_seconds_{of}") for of in ("count", "sum"))])


def _of_size(devices: int) -> tuple[list[Figure], float]:
    """The figures, and microseconds of the server's CPU for one message to one screen."""
    one = partial(_figure, devices)
    with fresh_line(devices) as line, served(line) as (server, address):
        secret = asyncio.run(_tokens(line.postgres.url))
        measure(line, Load(messages=devices, rate=4_000, values=METRICS, devices=devices))
        _until_quiet(server)
        columns, whole = (_snapshot(address, secret, form) for form in ("columns", "devices"))
        found = _load(line, server, address, secret, devices)
    heard = found.heard
    each = found.cores * (SECONDS + SETTLE_SECONDS) / heard.messages / heard.screens * 1e6
    return [
        one("publish to the screens' hands, p50", "ms", heard.newest_ms[0]),
        one("publish to the screens' hands, p99", "ms", heard.newest_ms[1], most=700),
        one("publish to the screens' hands, worst", "ms", heard.newest_ms[2]),
        one("the same of the oldest value in a message, held for its second, p99", "ms", heard.oldest_ms[1]),
        one("messages to each screen", "1/s", heard.messages / (SECONDS + SETTLE_SECONDS)),
        one("wire to each screen", "kB/s", heard.bytes_per_second / 1e3),
        one("dashboards, 500 screens", "cores", found.cores),
        one("PostgreSQL meanwhile", "cores", found.postgres_cores),
        one("the screens themselves", "cores", found.screens_cores),
        one("a look at the database, and telling it, mean", "ms", found.look_ms),
        one("dashboards resident, 500 screens", "MiB", found.resident),
        one("screens sent a fresh snapshot", "", heard.resnapshotted, most=0),
        one("snapshot as columns, one screen", "s", columns.snapshot_seconds, most=1),
        one("snapshot as columns, on the wire", "kB", columns.snapshot_bytes / 1e3, most=1_000),
        one("snapshot as devices, one screen", "s", whole.snapshot_seconds, most=1),
        one("snapshot as devices, on the wire", "kB", whole.snapshot_bytes / 1e3),
        one("all 500 screens have their snapshot", "s", heard.snapshot_seconds),
    ], each


def _figure(devices: int, name: str, unit: str, value: float, *, most: float | None = None) -> Figure:
    return figure(f"{devices:,} devices: {name}", unit, [value], most=most)


def figures(_runs: int) -> list[Figure]:
    found, each = zip(*(_of_size(devices) for devices in SIZES), strict=True)
    microseconds, size = peer(SCREENS, PEER_MESSAGES)
    return [
        *(one for some in found for one in some),
        figure("ours, all that dashboards does: CPU per message and screen, 22,700 devices", "us", [each[-1]]),
        figure("(a) websockets.broadcast, plain: CPU per message and screen", "us", [microseconds]),
        figure("(a) / ours", "ratio", [microseconds / each[-1]]),
        figure("(a) bytes per message and screen", "B", [size]),
    ]
