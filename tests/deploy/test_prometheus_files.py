"""deploy/prometheus: Prometheus accepts the files, and they name every process on its own port."""

import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from deploy.settings import OPS_PORTS

FILES = Path(__file__).parents[2] / "deploy" / "prometheus"

each_list = pytest.mark.parametrize("targets", ["targets.compose.yml", "targets.host.yml"])


@each_list
def test_promtool_accepts_the_configuration(targets: str, tmp_path: Path) -> None:
    if shutil.which("promtool") is None:
        pytest.skip("promtool is not installed (Debian package prometheus); the other tests of this file still hold")
    shutil.copy(FILES / "prometheus.yml", tmp_path)
    shutil.copy(FILES / targets, tmp_path / "targets.yml")
    command = ["promtool", "check", "config", "--lint-fatal", str(tmp_path / "prometheus.yml")]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    assert "WARNING" not in said.stdout


@each_list
def test_every_process_is_asked_on_its_own_port(targets: str) -> None:
    listed = yaml.safe_load((FILES / targets).read_text())
    asked = {group["labels"]["process"]: group["targets"] for group in listed}
    host = {process: process if "compose" in targets else "127.0.0.1" for process in OPS_PORTS}
    assert asked == {process: [f"{host[process]}:{port}"] for process, port in OPS_PORTS.items()}


def test_processes_are_asked_every_fifteen_seconds() -> None:
    assert yaml.safe_load((FILES / "prometheus.yml").read_text())["global"]["scrape_interval"] == "15s"
