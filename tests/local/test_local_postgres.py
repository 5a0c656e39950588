"""A real PostgreSQL with TimescaleDB: its whole life."""

import stat
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from deploy.local.datalock import DataLock
from deploy.local.failure import LocalServerError
from deploy.local.ports import answers, free_port
from deploy.local.postgres import Postgres


@pytest.fixture(scope="module")
def data(scratch: Path) -> Path:
    """Return one folder for all tests of this file; each starts and ends its own server on it."""
    return scratch / "life-of-postgres"


@pytest.fixture
def server(data: Path, servers_root: Path) -> Iterator[Postgres]:
    with Postgres(data, root=servers_root) as running:
        yield running


def ask(url: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def test_the_database_has_the_extension_and_is_durable(server: Postgres) -> None:
    assert ask(server.url, "select 1 from pg_extension where extname = 'timescaledb'") == [(1,)]
    assert ask(server.url, "select setting from pg_settings where name in ('fsync', 'synchronous_commit')") == [
        ("on",),
        ("on",),
    ]


def test_text_is_utf8_and_time_is_utc(server: Postgres) -> None:
    assert ask(server.url, "select current_setting('server_encoding'), current_setting('timezone')") == [
        ("UTF8", "UTC")
    ]


def test_nobody_gets_in_without_the_password(server: Postgres, data: Path) -> None:
    with pytest.raises(psycopg.OperationalError, match="no password supplied"):
        psycopg.connect(f"postgresql://pantau@127.0.0.1:{server.port}/pantau")
    assert stat.S_IMODE((data / "password").stat().st_mode) == 0o600


def test_what_was_committed_survives_a_stop_and_the_port_stays(server: Postgres) -> None:
    url = server.url
    ask(url, "create table stopped as select 1 as value")
    server.stop()
    assert not server.running
    server.start()
    assert server.url == url
    assert ask(url, "select value from stopped") == [(1,)]


def test_what_was_committed_survives_a_crash(server: Postgres) -> None:
    ask(server.url, "create table crashed as select 1 as value")
    server.kill()
    assert not answers(server.port)
    server.start()
    assert ask(server.url, "select value from crashed") == [(1,)]


def test_a_stop_does_not_wait_for_clients(server: Postgres) -> None:
    with psycopg.connect(server.url) as connection:
        connection.execute("select 1")
        server.stop()
        with pytest.raises(psycopg.OperationalError):
            connection.execute("select 1")


def test_a_taken_port_is_refused_in_one_line_and_leaves_the_folder_free(
    server: Postgres, scratch: Path, servers_root: Path
) -> None:
    other = Postgres(scratch / "latecomer", root=servers_root, port=server.port)
    with pytest.raises(LocalServerError, match=rf"^PostgreSQL cannot have 127\.0\.0\.1:{server.port} \("):
        other.start()
    DataLock(scratch / "latecomer").take()


def test_a_folder_in_use_is_refused_in_one_line(server: Postgres, data: Path, servers_root: Path) -> None:
    with pytest.raises(LocalServerError, match="is in use: its server is running already"):
        Postgres(data, root=servers_root).start()
    assert server.running


def test_a_refused_setting_is_told_with_postgres_own_words(data: Path, servers_root: Path) -> None:
    with pytest.raises(LocalServerError, match=r"^PostgreSQL did not start: .*no_such_setting"):
        Postgres(data, root=servers_root, settings={"no_such_setting": "1"}).start()


def test_a_half_made_cluster_is_made_anew(scratch: Path, servers_root: Path) -> None:
    data = scratch / "interrupted"
    (data / "new").mkdir(parents=True)
    (data / "new" / "PG_VERSION").write_text("17\n")
    with Postgres(data, root=servers_root, durable=False, port=free_port()) as server:
        assert ask(server.url, "select 1") == [(1,)]
