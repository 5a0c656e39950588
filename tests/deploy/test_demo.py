"""`make demo` as somebody meets it who has just cloned this: a login that works, and nothing left after Ctrl-C."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.ending import DONE, FAILED
from deploy.local.ports import free_port
from deploy.rehearse import Rehearsal, pass_on
from tests.patience import PATIENCE_SECONDS
from tests.rig import until
from tests.survivors import end, free_ports_in_a_row, nothing_left


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """A demo in a process group of its own, as a terminal starts it."""

    process: subprocess.Popen[bytes]
    said: Path
    log: Path
    mark: str

    def lines(self) -> dict[str, str]:
        """What it printed, by the word before the colon."""
        return dict(line.split(": ", 1) for line in self.said.read_text().splitlines())

    def until_ready(self) -> dict[str, str]:
        def printed() -> bool:
            assert self.process.poll() is None, self.log.read_text()
            return "mqtt" in self.lines()

        until(printed, "it prints how to get in")
        return self.lines()

    def press_ctrl_c(self, times: int = 1) -> int:
        os.killpg(self.process.pid, signal.SIGINT)
        for _ in range(times - 1):
            time.sleep(0.2)
            if self.process.poll() is None:
                os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(PATIENCE_SECONDS)


@contextmanager
def demo(folder: Path, **environ: str) -> Iterator[Demo]:
    """Ends it and whatever it started, if a test has left any of it."""
    environment = {
        **{name: value for name, value in os.environ.items() if name not in {"PANTAU_DATABASE_URL", "PANTAU_MQTT_URL"}},
        "PANTAU_DATA_DIR": str(folder / "data"),
        "PANTAU_LISTEN": f"127.0.0.1:{free_port()}",
        "PANTAU_OPS_LISTEN": f"127.0.0.1:{free_ports_in_a_row(6)}",
        **environ,
    }
    said, log = folder / "said", folder / "log"
    with said.open("wb") as out, log.open("wb") as err:
        process = subprocess.Popen(
            [sys.executable, "-m", "deploy.demo"], env=environment, stdout=out, stderr=err, start_new_session=True
        )
    mark = f"PANTAU_DATA_DIR={folder}"
    try:
        yield Demo(process=process, said=said, log=log, mark=mark)
    finally:
        end(process, mark)


@pytest.fixture
def folder(scratch: Path, tmp_path: Path) -> Path:
    """Where a database may write: on the disk that the tests' servers use."""
    found = scratch / tmp_path.name
    found.mkdir()
    return found


def servers_on(folder: Path) -> list[str]:
    """The servers whose data is in this folder; their environment is not ours, their open files are."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it ended while we looked
            held = {str(file.readlink()) for file in (process / "fd").iterdir()}
            if any(file.startswith(f"{folder.resolve()}/data/") for file in held):
                found.append((process / "comm").read_text().strip())
    return found


def who_is_let_in(said: dict[str, str]) -> list[str]:
    """The roles of a person who logs in, and of a screen that is only given its address."""
    roles = []
    for enter in (log_in, open_the_wall):
        with visitor(said) as browser:
            enter(browser, said)
            city = browser.get("/api/v1/city").raise_for_status().json()
            assert city["title"] == "Pantau OKU"
            roles.append(city["visitor"]["role"])
    return roles


def visitor(said: dict[str, str]) -> httpx.Client:
    origin = {"Origin": said["url"]}
    return httpx.Client(base_url=said["url"], follow_redirects=True, headers=origin, timeout=PATIENCE_SECONDS)


def log_in(browser: httpx.Client, said: dict[str, str], who: str = "user") -> None:
    browser.post("/login", data={"name": said[who], "password": said["password"]}).raise_for_status()


def open_the_wall(browser: httpx.Client, said: dict[str, str]) -> None:
    answer = browser.get(said["wall"]).raise_for_status()
    assert (answer.url.path, answer.url.query) == ("/wall", b""), "the token is in no history"


def what_the_technician_sees(said: dict[str, str]) -> dict[str, Any]:
    with visitor(said) as browser:
        log_in(browser, said, "technician")
        assert browser.get(said["phone"]).raise_for_status().url.path == "/phone"
        seen: dict[str, Any] = browser.get("/api/v1/phone").raise_for_status().json()
        return seen


def somebody_is_called_and_takes_it(said: dict[str, str]) -> None:
    """A Prometheus of somebody's says that something is wrong: it is told by SMS, and the answer is heard."""
    headers = {"Authorization": f"Bearer {said['token']}"}
    with httpx.Client(base_url=said["url"], headers=headers, timeout=PATIENCE_SECONDS) as api:
        on_call = {duty["rota"]: len(duty["technicians"]) for duty in api.get("/api/v1/oncall/now").json()["items"]}
        assert on_call == {"lapangan": 1, "noc": 1}
        labels = {"alertname": "demo-test", "severity": "critical", "area": "Lengkiti"}
        api.post("/api/v2/alerts", json=[{"labels": labels}]).raise_for_status()

        def told() -> str:
            return next((line for line in api.get(said["sms"]).text.splitlines() if "demo-test" in line), "")

        until(lambda: bool(told()), "the page is at the played gateway")
        _, number, _, text = told().split(" ", 3)
        code = text.split("a ok")[0].split()[-1]
        asyncio.run(pass_on(said["url"], said["token"], number, f"{code}a"))
        until(lambda: taken(api), "whoever was called has taken it")


def taken(api: httpx.Client) -> bool:
    alerts = api.get("/api/v1/alerts").raise_for_status().json()["items"]
    return [alert["state"] for alert in alerts if "demo-test" in alert["rule"]] == ["acknowledged"]


def test_it_starts_twice_shows_the_city_and_lets_us_in_and_ctrl_c_leaves_nothing(
    folder: Path, servers_root: Path
) -> None:
    passwords = set()
    for start in (1, 2):
        with demo(folder) as shown:
            said = shown.until_ready()
            assert " ".join(said) == "url user password token wall desk phone technician sms mqtt"
            passwords.add(said["password"])
            assert who_is_let_in(said) == ["operator", "wall"]
            summary = httpx.get(
                f"{said['url']}/api/v1/summary",
                headers={"Authorization": f"Bearer {said['token']}"},
                timeout=PATIENCE_SECONDS,
            ).json()
            assert summary["devices"]["fibre_point"]["total"] == 190
            me = what_the_technician_sees(said)["me"]
            assert (me["technician"], me["name"]) == (said["technician"], "Teknisi Lengkiti")
            if start == 1:
                somebody_is_called_and_takes_it(said)
            assert servers_on(folder)
            assert shown.press_ctrl_c(times=start) == DONE
            nothing_left(shown.mark)
            until(lambda: not servers_on(folder), "its servers are gone")
            assert "Traceback" not in shown.log.read_text()
    assert len(passwords) == 2


def test_nobody_is_put_on_call_in_a_city_that_has_no_rehearsal(tmp_path: Path) -> None:
    assert Rehearsal.beside(tmp_path / "city.toml") is None


def test_a_taken_port_is_one_line_before_anything_is_started(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        taken = f"127.0.0.1:{server.getsockname()[1]}"
        with demo(folder, PANTAU_LISTEN=taken) as shown:
            assert shown.process.wait(PATIENCE_SECONDS) == FAILED
    assert shown.log.read_text() == (
        f"pantau: cannot listen on {taken} (Address already in use): "
        "stop what holds that port, or set PANTAU_LISTEN to another\n"
    )
    assert not shown.said.read_text()
    assert not (folder / "data").exists()


@pytest.mark.parametrize("times", [1, 3])
def test_impatient_fingers_leave_nothing_either(folder: Path, servers_root: Path, times: int) -> None:
    with demo(folder) as shown:
        until(lambda: bool(servers_on(folder)), "the first server is starting")
        assert shown.press_ctrl_c(times) == DONE
        nothing_left(shown.mark)
        until(lambda: not servers_on(folder), "its servers are gone")
        assert "Traceback" not in shown.log.read_text(), shown.log.read_text()
