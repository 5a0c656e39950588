"""From the publish of a breach to the page in the receiver's hands; beside it Prometheus with Alertmanager."""

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import aiomqtt

from deploy.local.root import ensure_root
from devices.broker import BrokerAddress
from devices.device import Device
from devices.topics import Channel, Grammar
from simulators.telemetry import synthetic_devices
from tests.alerts.receiver import Receiver, receiving
from tests.bench.breaches import (
    BAD,
    BOUND,
    COUNT,
    DEVICES,
    GOOD,
    METRIC,
    between,
    breach_all,
    first_arrivals,
    percentile,
)
from tests.bench.figures import Figure, figure
from tests.bench.line import LOCAL
from tests.bench.prometheus import watched
from tests.rig import Process, Rig, cpu_seconds, rig, until

# A city's worth of devices talks meanwhile: as much as is promised, and as much as they do.
OTHERS = 227
BUSY, QUIET = 1_000.0, OTHERS / 30
# More than the breaches take; the load ends with them.
LONGEST_SECONDS = 120
SETTLE_SECONDS = 3.0
CITY = """
[city]
name = "Rig"
devices = "none.csv"

[[rules]]
name = "optical-low"
kind = "threshold"
metric = "{metric}"
below = {bound}
severity = "critical"

[[channels]]
name = "ops"
kind = "webhook"
url = "{url}"

[[routes]]
channels = ["ops"]
"""
# When the reading of a breach and its alert were committed, by Postgres's own word.
COMMITTED = """
select device, extract(epoch from pg_xact_commit_timestamp(reading.xmin))::float8,
    extract(epoch from pg_xact_commit_timestamp(alert.xmin))::float8
from alert join series on device_id = device and metric = %s
join reading on series_id = series.id and reading.value = alert.value
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paged:
    """Milliseconds of each breach, in all and by stages; the share of a core that alerts took meanwhile."""

    whole: list[float]
    to_reading: list[float]
    to_alert: list[float]
    to_page: list[float]
    cores: float


def figures(runs: int) -> list[Figure]:
    busy, quiet, theirs = [], [], []
    for _ in range(runs):
        busy.append(asyncio.run(_ours(BUSY)))
        theirs.append(asyncio.run(_theirs()))
        quiet.append(asyncio.run(_ours(QUIET)))
    p50, p99 = _percentiles([run.whole for run in busy])
    peer_p50, peer_p99 = _percentiles(theirs)
    quiet_p50, quiet_p99 = _percentiles([run.whole for run in quiet])
    name, peer = f"publish of a breach to page, {BUSY:,.0f} messages/s", "prometheus + alertmanager, all at 1 s"
    calm = f"publish of a breach to page, {OTHERS} devices at 30 s"
    return [
        figure(f"{name}: p50 of {COUNT}", "ms", p50, most=400),
        figure(f"{name}: p99", "ms", p99, most=1_000),
        figure(f"{name}: worst", "ms", [max(run.whole) for run in busy]),
        figure("of it, p50: publish to reading committed", "ms", [percentile(run.to_reading, 0.5) for run in busy]),
        figure("of it, p50: to alert and message committed", "ms", [percentile(run.to_alert, 0.5) for run in busy]),
        figure("of it, p50: to page received", "ms", [percentile(run.to_page, 0.5) for run in busy]),
        figure("alerts meanwhile", "cores", [run.cores for run in busy]),
        figure(f"{peer}: p50", "ms", peer_p50),
        figure(f"{peer}: p99", "ms", peer_p99),
        figure(f"{peer}: worst", "ms", [max(run) for run in theirs]),
        figure("theirs / ours, p50", "ratio", _ratios(peer_p50, p50)),
        figure("theirs / ours, p99", "ratio", _ratios(peer_p99, p99)),
        figure(f"{calm}: p50", "ms", quiet_p50, most=400),
        figure(f"{calm}: p99", "ms", quiet_p99, most=1_000),
        figure("alerts meanwhile, with a breach every 0.2 s", "cores", [run.cores for run in quiet]),
    ]


def _percentiles(runs: Sequence[Sequence[float]]) -> tuple[list[float], list[float]]:
    return [percentile(run, 0.5) for run in runs], [percentile(run, 0.99) for run in runs]


def _ratios(theirs: list[float], ours: list[float]) -> list[float]:
    return [their / our for their, our in zip(theirs, ours, strict=True)]


async def _ours(rate: float) -> Paged:
    """The whole line as it runs, with `OTHERS` hotspots sending `rate` messages a second; the rule asks about all."""
    async with receiving() as receiver:
        with _line(receiver) as (line, alerts), _load(line.mosquitto.url, rate):
            address = BrokerAddress.parse(line.mosquitto.url)
            async with aiomqtt.Client(address.host, address.port) as client:
                for device in DEVICES:
                    await _say(client, device, GOOD)
                await asyncio.sleep(SETTLE_SECONDS)
                before, since = cpu_seconds(alerts.pid), time.monotonic()
                began = await breach_all(lambda device: _say(client, device, BAD), receiver)
                cores = (cpu_seconds(alerts.pid) - before) / (time.monotonic() - since)
            rows = line.ask(COMMITTED, METRIC)
    reading = {device: at for device, at, _ in rows}
    alert = {device: at for device, _, at in rows}
    page = first_arrivals(receiver)
    return Paged(
        whole=between(began, page),
        to_reading=between(began, reading),
        to_alert=between(reading, alert),
        to_page=between(alert, page),
        cores=cores,
    )


async def _theirs() -> list[float]:
    LOCAL.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=LOCAL, prefix="bench-") as folder:
        async with receiving() as receiver, watched(Path(folder), receiver.url, others=OTHERS) as exporter:

            async def breach(device: str) -> None:
                exporter.values[device] = BAD

            began: Mapping[str, float] = await breach_all(breach, receiver)
        return between(began, first_arrivals(receiver))


async def _say(client: aiomqtt.Client, device: str, value: float) -> None:
    payload = {"ts": time.time_ns() // 1_000 / 1_000, "values": {METRIC: value}}
    await client.publish(Grammar().format(device, Channel.TELEMETRY), json.dumps(payload), qos=1)


@contextmanager
def _line(receiver: Receiver) -> Iterator[tuple[Rig, Process]]:
    devices = [Device(id=id_, kind="fibre_point", name=id_) for id_ in DEVICES] + synthetic_devices(OTHERS)
    LOCAL.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory(dir=LOCAL, prefix="bench-") as folder,
        rig(
            Path(folder), ensure_root(LOCAL / "servers"), devices, postgres_settings={"track_commit_timestamp": "on"}
        ) as line,
    ):
        line.city.write_text(CITY.format(metric=METRIC, bound=BOUND, url=receiver.url))
        alerts = Process(("alerts",), line.workers[0].environment)
        alerts.start()
        try:
            until(alerts.is_ready, "alerts is ready")
            yield line, alerts
        finally:
            alerts.kill()


@contextmanager
def _load(url: str, rate: float) -> Iterator[None]:
    command = [sys.executable, "-m", "tests.bench.publisher", url, "--devices", str(OTHERS)]
    command += ["--rate", str(rate), "--messages", str(round(rate * LONGEST_SECONDS))]
    with subprocess.Popen(command) as process:
        try:
            yield
            assert process.poll() is None, "the load ended before the breaches"
        finally:
            process.kill()
