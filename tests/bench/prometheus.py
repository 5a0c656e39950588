"""The peer of paging: Debian's Prometheus and Alertmanager, as tight as is sane, over an exporter of ours."""

import asyncio
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from deploy.local.ports import free_port
from simulators.city import City
from simulators.telemetry import synthetic_devices
from tests.bench.breaches import BOUND, DEVICES, GOOD, METRIC

# Where `make setup` unpacks Debian's packages.
TOOLS = Path(__file__).parents[2] / ".local" / "tools" / "usr"
# Where Debian's Alertmanager has its own words, wherever it was unpacked itself.
TEMPLATES = Path("/usr/share/prometheus")
READY_SECONDS = 60.0

PROMETHEUS = """
global: {{scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}}
rule_files: [rules.yml]
alerting:
  alertmanagers: [{{static_configs: [{{targets: ["127.0.0.1:{alertmanager}"]}}]}}]
scrape_configs:
  - job_name: city
    static_configs: [{{targets: ["127.0.0.1:{exporter}"]}}]
"""
RULES = f"""
groups:
  - name: city
    rules:
      - alert: optical-low
        expr: {METRIC} < {BOUND}
        labels: {{severity: critical}}
        annotations: {{summary: "{{{{ $labels.device }}}}: {{{{ $value }}}} dBm"}}
"""
# "..." groups by all labels: every alert stands for itself, and waits for no other.
ALERTMANAGER = """
route: {{receiver: ops, group_by: ["..."], group_wait: 0s, group_interval: 1s, repeat_interval: 4h}}
receivers:
  - name: ops
    webhook_configs: [{{url: "{url}", send_resolved: true}}]
"""


@dataclass(slots=True)
class Exporter:
    """A page of metrics: those that may breach, and a city's others, which do not change while this is measured."""

    others: bytes
    values: dict[str, float] = field(default_factory=lambda: dict.fromkeys(DEVICES, GOOD))
    scraped: int = 0
    port: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        lines = "".join(f'{METRIC}{{device="{device}"}} {value}\n' for device, value in self.values.items())
        body = lines.encode() + self.others
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4\r\nContent-Length: {len(body)}\r\n"
        writer.write(f"{head}Connection: close\r\n\r\n".encode() + body)
        await writer.drain()
        writer.close()
        self.scraped += 1


@asynccontextmanager
async def watched(folder: Path, url: str, *, others: int) -> AsyncIterator[Exporter]:
    """An exporter with `others` devices beside those that may breach; who breaches is told to `url`."""
    exporter = Exporter(others=_others(others))
    server = await asyncio.start_server(exporter.serve, "127.0.0.1", 0)
    async with server:
        exporter.port = server.sockets[0].getsockname()[1]
        with _alertmanager(folder, url) as alertmanager, _prometheus(folder, exporter.port, alertmanager):
            async with asyncio.timeout(READY_SECONDS):
                while exporter.scraped < 3:
                    await asyncio.sleep(0.1)
            yield exporter


def _others(count: int) -> bytes:
    city = City(seed=1)
    rows = [(device.id, city.values(device, 0.0)) for device in synthetic_devices(count)]
    return "".join(
        f'{metric}{{device="{id_}"}} {value}\n' for id_, row in rows for metric, value in row.items()
    ).encode()


@contextmanager
def _alertmanager(folder: Path, url: str) -> Iterator[int]:
    (folder / "alertmanager.yml").write_text(ALERTMANAGER.format(url=url))
    port = free_port()
    options = [
        f"--config.file={folder}/alertmanager.yml",
        f"--storage.path={folder}/alertmanager",
        f"--web.listen-address=127.0.0.1:{port}",
        "--cluster.listen-address=",
        "--log.level=error",
    ]
    with _program("prometheus-alertmanager", options, port):
        yield port


@contextmanager
def _prometheus(folder: Path, exporter: int, alertmanager: int) -> Iterator[None]:
    (folder / "prometheus.yml").write_text(PROMETHEUS.format(exporter=exporter, alertmanager=alertmanager))
    (folder / "rules.yml").write_text(RULES)
    port = free_port()
    options = [
        f"--config.file={folder}/prometheus.yml",
        f"--storage.tsdb.path={folder}/prometheus",
        f"--web.listen-address=127.0.0.1:{port}",
        "--log.level=error",
    ]
    with _program("prometheus", options, port):
        yield


@contextmanager
def _program(name: str, options: Sequence[str], port: int) -> Iterator[None]:
    """A program of theirs, until it answers that it is ready."""
    with subprocess.Popen([*_found(name), *options]) as process:
        try:
            _until_ready(f"http://127.0.0.1:{port}/-/ready", process)
            yield
        finally:
            process.kill()


def _found(name: str) -> Sequence[str]:
    """The machine's own program, or the unpacked one, which is shown its templates where it looks for them."""
    if (TEMPLATES / "alertmanager").exists() and shutil.which(name):
        return [name]
    shown = ("--tmpfs", TEMPLATES.parent, "--ro-bind", TOOLS / "share" / "prometheus", TEMPLATES)
    return [*map(str, ("bwrap", "--die-with-parent", "--dev-bind", "/", "/", *shown, TOOLS / "bin" / name))]


def _until_ready(url: str, process: "subprocess.Popen[bytes]") -> None:
    transport = httpx.HTTPTransport(retries=8)  # waits twice as long each time: a minute in all
    with httpx.Client(transport=transport, timeout=READY_SECONDS) as client:
        assert client.get(url).is_success, process.args
