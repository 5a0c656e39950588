"""A Prometheus of the regency pages through us: its rule fires, our receiver is told; it stops, and that is told too.

A real Prometheus evaluates a rule that holds, about a device of ours. It sends what it would send an Alertmanager, with
a technician's token. Exactly one page says that it fires, on the incident of that device; then the rule holds no more,
and exactly one says that it is over.
"""

import asyncio
import json
import shutil
import signal
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from deploy.local.mosquitto import Mosquitto
from deploy.local.ports import free_port
from tests.patience import PATIENCE_SECONDS
from tests.scenarios.story import ALL_IS_TOLD, Story, telling

PROMETHEUS = shutil.which("prometheus") or str(Path(__file__).parents[2] / ".local/tools/usr/bin/prometheus")

pytestmark = pytest.mark.skipif(
    not Path(PROMETHEUS).exists(), reason="prometheus is not installed (Debian package prometheus)"
)

CITY = """
[city]
name = "Kota uji"
devices = "devices.csv"

[mqtt]
root = "{root}"
"""
DEVICES = """
id,kind,name,area,latitude,longitude,parents,external_ids,attributes
svc-perizinan,service,Aplikasi Perizinan,Baturaja Timur,-4.12,104.17,,,
"""
SENT = "prometheus_notifications_sent_total"
CONFIG = {
    "global": {"evaluation_interval": "1s"},
    "alerting": {
        "alertmanagers": [
            {"timeout": "1m", "authorization": {"credentials_file": "token"}, "static_configs": [{"targets": []}]}
        ]
    },
    "rule_files": ["rules.yml"],
}


@pytest.fixture
async def story(tmp_path: Path, database_url: str, mosquitto_server: Mosquitto) -> AsyncIterator[Story]:
    async with telling(
        tmp_path, database_url, mosquitto_server.url, city=CITY + ALL_IS_TOLD, devices=DEVICES.lstrip()
    ) as story:
        yield story


@dataclass(frozen=True, slots=True)
class Prometheus:
    """One that sends us what it finds. Its rule holds until it is told otherwise."""

    folder: Path
    url: str
    process: "subprocess.Popen[bytes]"

    def is_over(self) -> None:
        _write_rule(self.folder, "vector(1) == 0")
        self.process.send_signal(signal.SIGHUP)

    async def speaks_again(self) -> None:
        """Return once it has said what it had said before."""
        said = await self._said()
        async with asyncio.timeout(PATIENCE_SECONDS):
            while await self._said() == said:
                await asyncio.sleep(0.2)

    async def _said(self) -> float:
        """How many alerts it has sent."""
        async with httpx.AsyncClient(timeout=PATIENCE_SECONDS) as client:
            families = text_string_to_metric_families((await client.get(f"{self.url}/metrics")).text)
        return sum(one.value for family in families for one in family.samples if one.name == SENT)


@contextmanager
def prometheus(folder: Path, story: Story) -> Iterator[Prometheus]:
    folder.mkdir()
    config = json.loads(json.dumps(CONFIG))  # JSON is YAML
    config["alerting"]["alertmanagers"][0]["static_configs"][0]["targets"] = [story.api.base_url.netloc.decode()]
    (folder / "prometheus.yml").write_text(json.dumps(config))
    (folder / "token").write_text(story.api.headers["Authorization"].removeprefix("Bearer "))
    _write_rule(folder, "vector(1) == 1")
    address = f"127.0.0.1:{free_port()}"
    command = [
        PROMETHEUS,
        "--config.file=prometheus.yml",
        "--storage.tsdb.path=data",
        f"--web.listen-address={address}",
        # What it has not said again for four times as long is over: it may well stand still for some seconds.
        "--rules.alert.resend-delay=10s",
        "--log.level=warn",
    ]
    process = subprocess.Popen(command, cwd=folder)
    try:
        yield Prometheus(folder, f"http://{address}", process)
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)


def _write_rule(folder: Path, expression: str) -> None:
    rule = {
        "alert": "AntreanPenuh",
        "expr": expression,
        "labels": {"severity": "page", "device": "svc-perizinan", "team": "aplikasi"},
        "annotations": {"summary": "Antrean penuh: {{ $value }}", "runbook_url": "https://r.example"},
    }
    (folder / "rules.yml").write_text(json.dumps({"groups": [{"name": "aplikasi", "rules": [rule]}]}))


async def test_a_rule_of_a_prometheus_pages_through_us_once_and_its_end_too(story: Story, tmp_path: Path) -> None:
    with prometheus(tmp_path / "prometheus", story) as outside:
        fired = await story.told(1)
        assert (fired["status"], fired["labels"]["alertname"]) == ("firing", "AntreanPenuh")
        assert fired["labels"] | {"severity": "critical", "team": "aplikasi", "kind": "service"} == fired["labels"]
        assert fired["annotations"]["summary"].startswith("Antrean penuh: ")
        (alert,) = (await story.ask("alerts"))["items"]
        assert (alert["device"], alert["state"]) == ("svc-perizinan", "firing")
        assert alert["rule"].startswith("prometheus:AntreanPenuh:")
        incident = await story.ask(f"incidents/{alert['incident']}")
        assert (incident["root"], incident["area"]) == ("svc-perizinan", "Baturaja Timur")

        outside.is_over()
        resolved = await story.told(2)
        assert (resolved["status"], resolved["fingerprint"]) == ("resolved", fired["fingerprint"])
        await story.until(f"incidents/{alert['incident']}", lambda found: found["state"] == "resolved")
        # It says for a quarter of an hour that this is over: nobody hears of it again.
        await outside.speaks_again()
        await asyncio.sleep(3)
        assert [status for status, _, _ in story.pages()] == ["firing", "resolved"]
        assert await story.rows("select count(*) from alert") == [(1,)]
