"""deploy/compose.yaml: Compose accepts it, and it keeps the promises its comments make."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.settings import OPS_PORTS

DEPLOY = Path(__file__).parents[2] / "deploy"
FILE = DEPLOY / "compose.yaml"
COMPOSE: dict[str, Any] = yaml.safe_load(FILE.read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]

each_service = pytest.mark.parametrize("service", SERVICES.values(), ids=list(SERVICES))


def compose_command() -> list[str] | None:
    """Compose 2 as Docker's plugin or alone; Debian 12's docker-compose is the first Compose and knows other files."""
    for command in (["docker", "compose"], ["docker-compose"]):
        if shutil.which(command[0]) is None:
            continue
        version = subprocess.run([*command, "version", "--short"], capture_output=True, text=True, check=False)
        if version.returncode == 0 and not version.stdout.startswith("1."):
            return command
    return None


def test_compose_accepts_the_file() -> None:
    command = compose_command()
    if command is None:
        pytest.skip("Compose 2 is not installed (`docker compose version`); the other tests of this file still hold")
    said = subprocess.run([*command, "-f", str(FILE), "config", "--quiet"], capture_output=True, text=True, check=False)
    assert (said.returncode, said.stderr) == (0, "")


def test_every_process_has_its_service_and_there_is_nothing_else() -> None:
    assert set(SERVICES) == {*OPS_PORTS, "migrate", "timescaledb", "mosquitto", "prometheus"}


@each_service
def test_a_container_can_write_only_what_it_is_given(service: dict[str, Any]) -> None:
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


@each_service
def test_a_container_has_bounds(service: dict[str, Any]) -> None:
    assert service["mem_limit"]
    assert service["pids_limit"]
    assert service["logging"]["options"] == {"max-size": "10m", "max-file": "5"}


@each_service
def test_an_image_is_pinned_to_a_version(service: dict[str, Any]) -> None:
    tag = service["image"].rpartition(":")[2].rstrip("}")
    assert any(character.isdigit() for character in tag)
    assert "latest" not in tag


@each_service
def test_no_container_runs_as_root(service: dict[str, Any]) -> None:
    assert service.get("user", "root") not in {"root", "0", "0:0"} or "build" in service  # ours: USER in the Dockerfile


@pytest.mark.parametrize("name", [name for name in SERVICES if name != "migrate"])
def test_what_runs_for_ever_is_watched_and_restarted(name: str) -> None:
    assert SERVICES[name]["restart"] == "unless-stopped"
    assert SERVICES[name]["healthcheck"]["test"]


@pytest.mark.parametrize(("name", "port"), OPS_PORTS.items())
def test_a_process_shows_its_health_on_its_own_port_and_starts_after_the_migration(name: str, port: int) -> None:
    service = SERVICES[name]
    assert service["command"] == [name]
    assert service["environment"]["PANTAU_OPS_LISTEN"] == f"0.0.0.0:{port}"
    assert f"http://127.0.0.1:{port}/healthz" in service["healthcheck"]["test"][-1]
    assert service["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_only_the_api_and_mqtt_are_published_and_to_the_loopback_unless_told_otherwise() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published == {
        "mosquitto": ["${PANTAU_MQTT_PUBLISH:-127.0.0.1:1883}:1883"],
        "dashboards": ["${PANTAU_PUBLISH:-127.0.0.1:8080}:8080"],
    }


def test_a_secret_is_a_file_outside_the_repository_and_never_a_value() -> None:
    assert all(secret["file"].startswith("${PANTAU_SECRETS:-/etc/") for secret in COMPOSE["secrets"].values())
    for service in SERVICES.values():
        secret = {key for key in service.get("environment", {}) if key.endswith(("_URL", "PASSWORD"))}
        assert secret - {"PANTAU_EXTERNAL_URL"} == set()


def test_every_file_of_ours_that_a_container_reads_exists() -> None:
    ours = [config["file"] for config in COMPOSE["configs"].values()]
    missing = [file for file in ours if not (DEPLOY / file.rpartition(":-")[2].rstrip("}")).is_file()]
    assert missing == []


def test_only_video_writes_frames_and_only_dashboards_photos() -> None:
    ours = ("frames:", "photos:")
    mounts = {name: [v for v in service.get("volumes", []) if v.startswith(ours)] for name, service in SERVICES.items()}
    assert {name: mount for name, mount in mounts.items() if mount} == {
        "video": ["frames:/var/lib/pantau"],
        "dashboards": ["frames:/var/lib/pantau:ro", "photos:/var/lib/pantau/photos"],
    }
