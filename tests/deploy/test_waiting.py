"""Processes wait for what is away, at start as later, and say so; a signal ends them, a taken port too."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from deploy.ending import DONE, FAILED
from deploy.local.ports import free_port
from tests.patience import PATIENCE_SECONDS
from tests.rig import until

PASSWORD = "hunter2-rahasia"
PROCESSES = {
    "ingest": {"database", "broker"},
    "alerts": {"engine", "outbox"},
    "video": {"cameras"},
    "dashboards": {"live", "frame_access"},
}


@dataclass(frozen=True, slots=True)
class Running:
    """A process, its own door, and the file of what it says."""

    process: subprocess.Popen[bytes]
    ops: str
    log: Path

    def get(self, path: str) -> httpx.Response:
        return httpx.get(f"http://{self.ops}{path}", timeout=PATIENCE_SECONDS)

    def has_tried(self) -> bool:
        return "refused" in self.log.read_text().lower()

    def answers(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        try:
            return self.get("/healthz").is_success
        except httpx.TransportError:
            return False


@contextmanager
def running(folder: Path, *arguments: str, **environ: str) -> Iterator[Running]:
    """`pantau` with dead servers and ports of its own; what is still there at the end is killed."""
    ops, log = f"127.0.0.1:{free_port()}", folder / f"{arguments[0]}.log"
    environment = {
        **os.environ,
        "PANTAU_DATABASE_URL": f"postgresql://pantau:{PASSWORD}@127.0.0.1:{free_port()}/pantau",
        "PANTAU_MQTT_URL": f"mqtt://pantau:{PASSWORD}@127.0.0.1:{free_port()}",
        "PANTAU_LISTEN": f"127.0.0.1:{free_port()}",
        "PANTAU_OPS_LISTEN": ops,
        "PANTAU_DATA_DIR": str(folder),
        **environ,
    }
    with log.open("wb") as said:
        process = subprocess.Popen([sys.executable, "-m", "deploy", *arguments], env=environment, stderr=said)
    try:
        yield Running(process, ops, log)
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def waiting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Running]]:
    """All processes with neither database nor broker; each has tried, and had the time to try a few times more."""
    folder = tmp_path_factory.mktemp("waiting")
    with ExitStack() as stack:
        found = {name: stack.enter_context(running(folder, name)) for name in PROCESSES}
        for one in found.values():
            until(one.answers, "it answers at its own door")
        for one in found.values():
            until(one.has_tried, "it says that it was refused")
        time.sleep(3.5)
        yield found


@pytest.mark.parametrize(("name", "parts"), PROCESSES.items())
def test_it_lives_and_names_the_parts_that_are_not_ready(
    waiting: dict[str, Running], name: str, parts: set[str]
) -> None:
    assert waiting[name].get("/healthz").json() == {"status": "ok"}
    ready = waiting[name].get("/readyz")
    assert ready.status_code == 503
    assert set(ready.json()["missing"]) == parts
    assert all(ready.json()["missing"].values())


@pytest.mark.parametrize("name", PROCESSES)
def test_its_metrics_stand_at_the_plain_path(waiting: dict[str, Running], name: str) -> None:
    metrics = waiting[name].get("/metrics")
    assert metrics.status_code == 200
    assert "process_resident_memory_bytes" in metrics.text


@pytest.mark.parametrize("name", PROCESSES)
def test_it_says_what_it_waits_for_in_few_words_and_without_the_password(
    waiting: dict[str, Running], name: str
) -> None:
    said = waiting[name].log.read_text()
    assert PASSWORD not in said
    assert "Traceback" not in said
    assert len(said.splitlines()) <= 4, said


# Last: these are the ends of the processes above.
@pytest.mark.parametrize("name", PROCESSES)
def test_a_signal_ends_it_well_and_soon(waiting: dict[str, Running], name: str) -> None:
    process = waiting[name].process
    process.send_signal(signal.SIGINT if name == "video" else signal.SIGTERM)
    assert process.wait(PATIENCE_SECONDS) == DONE
    assert "Traceback" not in waiting[name].log.read_text()


def test_migrate_waits_too_and_to_be_stopped_before_it_is_done_is_no_success(tmp_path: Path) -> None:
    with running(tmp_path, "migrate") as migrate:
        until(lambda: "trying again" in migrate.log.read_text(), "it says that it waits")
        migrate.process.terminate()
        assert migrate.process.wait(PATIENCE_SECONDS) == FAILED
        waits, interrupted = migrate.log.read_text().splitlines()
    assert "migrate: OperationalError" in waits
    assert interrupted == "pantau: interrupted"
    assert PASSWORD not in waits


def test_every_port_that_is_taken_is_a_line_that_names_its_variable(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as api, socket.create_server(("127.0.0.1", 0)) as ops:
        places = [f"127.0.0.1:{sock.getsockname()[1]}" for sock in (api, ops)]
        with running(tmp_path, "dashboards", PANTAU_LISTEN=places[0], PANTAU_OPS_LISTEN=places[1]) as dashboards:
            assert dashboards.process.wait(PATIENCE_SECONDS) == FAILED
            said = dashboards.log.read_text().splitlines()
    assert [line for line in said if line.startswith("pantau: ")] == [
        f"pantau: cannot listen on {place} (Address already in use): "
        f"stop what holds that port, or set {variable} to another"
        for place, variable in zip(places, ("PANTAU_LISTEN", "PANTAU_OPS_LISTEN"), strict=True)
    ]
