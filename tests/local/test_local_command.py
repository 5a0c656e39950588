"""`python -m deploy.local run`, as a shell sees it: what it prints, how it ends, and that it leaves nothing behind."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from deploy.local.datalock import DataLock
from deploy.local.ports import LOOPBACK, free_port
from tests.patience import PATIENCE_SECONDS

REPOSITORY = Path(__file__).parents[2]


@contextmanager
def started(*arguments: str, path: str | None = None) -> Iterator[subprocess.Popen[str]]:
    """Run the command in a process of its own, and end it at the end of the test whatever happens in between."""
    process = subprocess.Popen(
        [sys.executable, "-m", "deploy.local", *arguments],
        cwd=REPOSITORY,
        env={**os.environ, "PATH": path or os.environ["PATH"]},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def urls(process: subprocess.Popen[str]) -> dict[str, str]:
    """Return what it prints once both servers take clients: name -> URL."""
    assert process.stdout is not None
    lines = [process.stdout.readline().strip() for _ in range(2)]
    return dict(line.split("=", maxsplit=1) for line in lines)


def descendants(parent: int) -> set[int]:
    """Return the ids of all living processes that `parent` or its children started."""
    parents = dict(filter(None, map(_parent, Path("/proc").glob("[0-9]*/stat"))))
    found = {parent}
    while grown := {child for child, of in parents.items() if of in found} - found:
        found |= grown
    return found - {parent}


def _parent(stat: Path) -> tuple[int, int] | None:
    try:
        after_name = stat.read_text().rpartition(")")[2].split()
    except OSError:  # it ended while we looked
        return None
    return (int(stat.parent.name), int(after_name[1])) if after_name[0] != "Z" else None


def name_of(process: int) -> str | None:
    try:
        return Path(f"/proc/{process}/comm").read_text().strip()
    except OSError:  # it ended, as Postgres's helpers do
        return None


def still_there(processes: set[int]) -> set[int]:
    """Return which of them are left after a while in which they may end."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (left := {one for one in processes if _parent(Path(f"/proc/{one}/stat"))}) and time.monotonic() < deadline:
        time.sleep(0.02)
    return left


@pytest.fixture(scope="module")
def data(scratch: Path, servers_root: Path) -> Path:
    """Return one data folder for all tests of this file: each must leave it fit for the next."""
    return scratch / "run"


@pytest.mark.parametrize("word", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_both_in_order_and_is_no_failure(data: Path, word: signal.Signals) -> None:
    with started("run", "--data", str(data)) as process:
        with psycopg.connect(urls(process)["PANTAU_DATABASE_URL"]) as connection:
            connection.execute("select 1")
        servers = descendants(process.pid)
        process.send_signal(word)
        assert process.wait(PATIENCE_SECONDS) == 0
        assert not still_there(servers)
    assert "database system is shut down" in (data / "postgres" / "log").read_text()


def test_killed_it_leaves_no_server_and_the_next_run_goes_on(data: Path) -> None:
    with started("run", "--data", str(data)) as process:
        urls(process)
        servers = descendants(process.pid)
        process.kill()
        process.wait()
        assert len(servers) > 5, "Postgres alone is more"
        assert not still_there(servers)
    with started("run", "--data", str(data)) as again:
        assert set(urls(again)) == {"PANTAU_DATABASE_URL", "PANTAU_MQTT_URL"}


def test_a_second_run_on_the_same_data_is_refused_in_one_line(data: Path) -> None:
    with started("run", "--data", str(data)) as process:
        urls(process)
        with started("run", "--data", str(data)) as second:
            assert second.wait(PATIENCE_SECONDS) == 1
            assert second.stderr is not None
            assert second.stderr.read() == f"error: {data / 'postgres'} is in use: its server is running already\n"
        assert process.poll() is None


def test_a_given_port_is_used(data: Path) -> None:
    port = free_port()
    with started("run", "--data", str(data), "--postgres-port", str(port)) as process:
        assert f"@{LOOPBACK}:{port}/pantau" in urls(process)["PANTAU_DATABASE_URL"]


def test_a_server_that_ends_by_itself_is_a_failure_and_the_other_is_stopped(data: Path) -> None:
    with started("run", "--data", str(data)) as process:
        urls(process)
        servers = descendants(process.pid)
        broker = next(one for one in servers if name_of(one) == "mosquitto")
        os.kill(broker, signal.SIGKILL)
        assert process.wait(PATIENCE_SECONDS) == 1
        assert not still_there(servers)
    DataLock(data / "postgres").take()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has a way without namespaces")
def test_root_runs_them_also_where_there_are_no_namespaces(scratch: Path, servers_root: Path) -> None:
    only = scratch / "path-without-bubblewrap"
    only.mkdir()
    (only / "chroot").symlink_to(shutil.which("chroot") or "/usr/sbin/chroot")
    for _ in range(2):
        with started("run", "--data", str(scratch / "chrooted"), path=str(only)) as process:
            with psycopg.connect(urls(process)["PANTAU_DATABASE_URL"]) as connection:
                assert connection.execute("select 1").fetchone() == (1,)
            servers = descendants(process.pid)
            process.kill()
            process.wait()
            assert not still_there(servers)
