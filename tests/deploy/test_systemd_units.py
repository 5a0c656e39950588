"""deploy/systemd: systemd accepts the units, and they are as tight as they claim."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from deploy.settings import OPS_PORTS

UNITS = Path(__file__).parents[2] / "deploy" / "systemd"
SERVICES = [*(f"pantau-{process}.service" for process in OPS_PORTS), "pantau-migrate.service"]
EXPOSURE = 15  # tenths, of 100; systemd calls up to 20 OK
SINCE_254 = re.compile(r"RestartSteps|RestartMaxDelaySec")  # Debian 12's systemd 252 says that it ignores them


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The units in a folder of their own, their program one that exists here."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed (Debian package systemd)")
    folder = tmp_path / "system"
    shutil.copytree(UNITS, folder)
    for unit in folder.glob("*.service"):
        unit.write_text(unit.read_text().replace("/opt/pantau/bin/pantau", shutil.which("true") or ""))
    return folder


def systemd_analyze(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = ["systemd-analyze", "--no-pager", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_systemd_accepts_every_unit_without_a_word(installed: Path) -> None:
    units = [f"./{unit}" for unit in ("pantau.target", *SERVICES)]
    said = systemd_analyze("verify", "--man=no", *units, folder=installed)
    assert said.returncode == 0
    assert [line for line in said.stderr.splitlines() if not SINCE_254.search(line)] == []


@pytest.mark.parametrize("unit", SERVICES)
def test_a_unit_is_barely_exposed(unit: str, installed: Path) -> None:
    said = systemd_analyze("security", "--offline=true", f"--threshold={EXPOSURE}", f"./{unit}", folder=installed)
    assert said.returncode == 0, said.stdout[-200:]


@pytest.mark.parametrize(("process", "port"), OPS_PORTS.items())
def test_a_process_is_started_again_unless_it_refused_its_settings(process: str, port: int) -> None:
    unit = (UNITS / f"pantau-{process}.service").read_text().splitlines()
    assert {
        f"ExecStart=/opt/pantau/bin/pantau {process}",
        f"Environment=PANTAU_OPS_LISTEN=127.0.0.1:{port}",
        "Restart=always",
        "RestartPreventExitStatus=2",
        "Requires=pantau-migrate.service",
        "WantedBy=pantau.target",
    } <= set(unit)


@pytest.mark.parametrize("process", OPS_PORTS)
def test_the_target_starts_every_process(process: str) -> None:
    assert f"pantau-{process}.service" in (UNITS / "pantau.target").read_text()


def test_the_shared_file_takes_nothing_back_from_a_unit() -> None:
    """A drop-in wins over the unit's own file, so a key that stands once must not stand in both."""
    shared = keys(UNITS / "pantau-.service.d" / "hardening.conf") - {"Environment", "LoadCredential"}
    assert {unit: keys(UNITS / unit) & shared for unit in SERVICES} == {unit: set() for unit in SERVICES}


def test_a_secret_reaches_a_process_as_a_credential_only() -> None:
    lines = [line for unit in UNITS.rglob("*.*") if unit.is_file() for line in unit.read_text().splitlines()]
    secrets = [word for line in lines for word in line.split() if re.search(r"PANTAU_\w+(_URL|CREDENTIALS)\w*=", word)]
    assert secrets
    assert all(re.search(r"_FILE=%d/\w+$", secret) for secret in secrets)


def keys(unit: Path) -> set[str]:
    return {line.partition("=")[0] for line in unit.read_text().splitlines() if re.match(r"[A-Z]\w+=", line)}
