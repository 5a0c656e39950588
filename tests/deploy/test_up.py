"""`pantau up`: every process runs, what dies is begun again, and nothing is left behind, however `up` itself ends."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psycopg
import pytest

from deploy.ending import DONE, FAILED, REFUSED
from deploy.local.mosquitto import Mosquitto
from deploy.local.ports import free_port
from deploy.settings import OPS_PORTS, read_settings
from deploy.up import commands
from tests.patience import PATIENCE_SECONDS
from tests.rig import until
from tests.survivors import end, free_ports_in_a_row, is_free, nothing_left, started_with

CITY = """\
[city]
name = "Kota"
devices = "devices.csv"
"""
DEVICES = "id,kind,name\nfp-1,fibre_point,Satu\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Up:
    """A running `pantau up`, and the first of the ports that its processes have for themselves."""

    process: subprocess.Popen[bytes]
    log: Path
    mark: str
    first_ops: int

    def pid_of(self, name: str) -> int | None:
        ending = f"-m deploy {name}"
        return next((pid for pid, command in started_with(self.mark).items() if ending in command), None)

    def answers(self, name: str) -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{self.ops_port(name)}/healthz", timeout=PATIENCE_SECONDS).is_success
        except httpx.TransportError:
            return False

    def ops_port(self, name: str) -> int:
        return self.first_ops + OPS_PORTS[name] - OPS_PORTS["ingest"]

    def until_all_answer(self) -> None:
        until(lambda: all(self.answers(name) for name in OPS_PORTS), "every process answers")


@contextmanager
def up(folder: Path, *, first_ops: int | None = None, **environ: str) -> Iterator[Up]:
    """Ends it and whatever it started, if a test has left any of it."""
    (folder / "city.toml").write_text(CITY)
    (folder / "devices.csv").write_text(DEVICES)
    log, first_ops = folder / "log", first_ops or free_ports_in_a_row(6)
    environment = {
        **os.environ,
        "PANTAU_CONFIG": str(folder / "city.toml"),
        "PANTAU_DATA_DIR": str(folder),
        "PANTAU_LISTEN": f"127.0.0.1:{free_port()}",
        "PANTAU_OPS_LISTEN": f"127.0.0.1:{first_ops}",
        **environ,
    }
    mark = f"PANTAU_DATA_DIR={folder}"
    with log.open("wb") as said:
        process = subprocess.Popen([sys.executable, "-m", "deploy", "up"], env=environment, stderr=said)
    try:
        yield Up(process=process, log=log, mark=mark, first_ops=first_ops)
    finally:
        end(process, mark)


@pytest.fixture
def servers(database_url: str, mosquitto_server: Mosquitto) -> dict[str, str]:
    return {"PANTAU_DATABASE_URL": database_url, "PANTAU_MQTT_URL": mosquitto_server.url}


@pytest.fixture
def dead_servers() -> dict[str, str]:
    return {
        "PANTAU_DATABASE_URL": f"postgresql://pantau@127.0.0.1:{free_port()}/pantau",
        "PANTAU_MQTT_URL": f"mqtt://127.0.0.1:{free_port()}",
    }


def test_every_process_runs_one_that_is_killed_is_begun_again_and_a_signal_ends_all(
    servers: dict[str, str], tmp_path: Path
) -> None:
    with up(tmp_path, **servers) as centre:
        centre.until_all_answer()
        with psycopg.connect(servers["PANTAU_DATABASE_URL"]) as connection:
            assert connection.execute("select id from device").fetchall() == [("fp-1",)]
        killed = centre.pid_of("ingest")
        assert killed is not None
        # Somebody takes its port before it is begun again, and gives it back.
        os.kill(centre.process.pid, signal.SIGSTOP)
        os.kill(killed, signal.SIGKILL)
        until(lambda: is_free(centre.ops_port("ingest")), "it let go of its port")
        with socket.create_server(("127.0.0.1", centre.ops_port("ingest"))):
            os.kill(centre.process.pid, signal.SIGCONT)
            until(lambda: "set PANTAU_OPS_LISTEN to another" in centre.log.read_text(), "the taken port is told")
            assert centre.process.poll() is None
        until(lambda: centre.answers("ingest"), "it was begun again")
        assert centre.pid_of("ingest") != killed
        said = centre.log.read_text()
        assert "ingest: ProcessEndedError: pantau ingest ended with -9; trying again" in said
        assert "ingest: ProcessEndedError: pantau ingest ended with 1; trying again" in said

        centre.process.terminate()
        assert centre.process.wait(PATIENCE_SECONDS) == DONE
        nothing_left(centre.mark)
        assert "Traceback" not in centre.log.read_text()


def test_nothing_survives_a_supervisor_that_is_killed(servers: dict[str, str], tmp_path: Path) -> None:
    with up(tmp_path, **servers) as centre:
        until(lambda: len(started_with(centre.mark)) == 1 + len(OPS_PORTS), "every process is there")
        centre.process.kill()
        centre.process.wait()
        nothing_left(centre.mark, PATIENCE_SECONDS)


def test_a_process_that_refuses_its_settings_ends_all(servers: dict[str, str], tmp_path: Path) -> None:
    with up(tmp_path, **servers, PANTAU_CAMERA_CREDENTIALS_FILE=str(tmp_path / "none.toml")) as centre:
        assert centre.process.wait(PATIENCE_SECONDS) == REFUSED
        nothing_left(centre.mark)
        said = [line for line in centre.log.read_text().splitlines() if line.startswith("pantau: ")]
    assert said[0].startswith("pantau: PANTAU_CAMERA_CREDENTIALS_FILE: ")
    assert said[1:] == ["pantau: pantau video refused its settings: see above"]


def test_every_taken_port_is_told_before_anything_is_started(dead_servers: dict[str, str], tmp_path: Path) -> None:
    first = free_ports_in_a_row(6)
    video = ("127.0.0.1", first + OPS_PORTS["video"] - OPS_PORTS["ingest"])
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_server(video):
        taken = f"127.0.0.1:{server.getsockname()[1]}"
        with up(tmp_path, first_ops=first, **dead_servers, PANTAU_LISTEN=taken) as centre:
            assert centre.process.wait(PATIENCE_SECONDS) == FAILED
    assert [line.split(" (")[0] for line in centre.log.read_text().splitlines()] == [
        f"pantau: cannot listen on {taken}",
        f"pantau: cannot listen on 127.0.0.1:{video[1]}",
    ]


def test_it_waits_for_the_database_and_leaves_when_told(dead_servers: dict[str, str], tmp_path: Path) -> None:
    with up(tmp_path, **dead_servers) as centre:
        until(lambda: "database: OperationalError" in centre.log.read_text(), "it says that it waits")
        centre.process.terminate()
        assert centre.process.wait(PATIENCE_SECONDS) == DONE


def test_every_process_of_a_city_has_a_door_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "city.toml").write_text(f"{CITY}[ingest]\nworkers = 3\n")
    settings = read_settings({"PANTAU_CONFIG": str(tmp_path / "city.toml"), "PANTAU_OPS_LISTEN": "127.0.0.1:9001"})
    doors = [(command.name, command.ops.port) for command in commands(settings, simulate=False) if command.ops]
    assert doors == [
        ("ingest", 9001),
        ("ingest", 9011),
        ("ingest", 9021),
        ("alerts", 9002),
        ("dashboards", 9005),
        ("video", 9003),
    ]
