"""The real parts: TimescaleDB and Mosquitto, once per run; a database of its own for every test that asks."""

import asyncio
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from psycopg import sql

from deploy.database import migrate
from deploy.local.mosquitto import Mosquitto
from deploy.local.postgres import Postgres
from deploy.local.root import ensure_root
from tests.scratch import scratch_folder
from video.opener import FFMPEG_ENVIRONMENT

LOCAL = Path(__file__).parents[1] / ".local"


@dataclass(frozen=True, slots=True)
class GivenServer:
    """A server the user already has; tests may use it, not stop it."""

    url: str


@pytest.fixture(scope="session")
def servers_root() -> Path:
    """The folder with PostgreSQL and Mosquitto in it, for a test that starts, stops or crashes its own."""
    return ensure_root(LOCAL / "servers")


@pytest.fixture(scope="session")
def scratch() -> Iterator[Path]:
    with scratch_folder(LOCAL) as folder:
        yield folder


@pytest.fixture(scope="session")
def postgres_server(request: pytest.FixtureRequest) -> Iterator[Postgres | GivenServer]:
    if url := os.environ.get("PANTAU_DATABASE_URL"):
        yield GivenServer(url)
        return
    scratch: Path = request.getfixturevalue("scratch")
    with Postgres(scratch / "postgres", root=request.getfixturevalue("servers_root"), durable=False) as server:
        yield server


@pytest.fixture(scope="session")
def mosquitto_server(request: pytest.FixtureRequest) -> Iterator[Mosquitto | GivenServer]:
    if url := os.environ.get("PANTAU_MQTT_URL"):
        yield GivenServer(url)
        return
    scratch: Path = request.getfixturevalue("scratch")
    with Mosquitto(scratch / "mosquitto", root=request.getfixturevalue("servers_root")) as server:
        yield server


@pytest.fixture(scope="session")
def template_database(postgres_server: Postgres | GivenServer) -> Iterator[str]:
    """Name of a database with all migrations, to which nobody connects any more: only so can it be cloned.

    A user's own server runs TimescaleDB's scheduler in every database; it is shut out before it is sent away.
    """
    name = f"pantau_template_{secrets.token_hex(4)}"
    with psycopg.connect(postgres_server.url, autocommit=True) as server:
        server.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        asyncio.run(migrate(_of_database(postgres_server.url, name)))
        server.execute(sql.SQL("alter database {} allow_connections false").format(sql.Identifier(name)))
        server.execute("select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = %s", [name])
        yield name
        server.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


@pytest.fixture
def database_url(postgres_server: Postgres | GivenServer, template_database: str) -> Iterator[str]:
    """A database for this test alone, as `pantau migrate` leaves it: a copy of the template, some 30 ms."""
    with _copied(postgres_server, template_database) as url:
        yield url


@pytest.fixture(scope="module")
def shared_database_url(postgres_server: Postgres | GivenServer, template_database: str) -> Iterator[str]:
    """One for all tests of a file, where they only look at what was done once."""
    with _copied(postgres_server, template_database) as url:
        yield url


@contextmanager
def _copied(postgres_server: Postgres | GivenServer, template_database: str) -> Iterator[str]:
    name = f"pantau_test_{secrets.token_hex(4)}"
    database, template = sql.Identifier(name), sql.Identifier(template_database)
    with psycopg.connect(postgres_server.url, autocommit=True) as server:
        server.execute(sql.SQL("create database {} template {} strategy file_copy").format(database, template))
        yield _of_database(postgres_server.url, name)
        server.execute(sql.SQL("drop database {} with (force)").format(database))


def _of_database(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


@pytest.fixture(scope="session", autouse=True)
def ffmpeg_environment() -> Iterator[None]:
    """What a process needs before it opens a stream."""
    with pytest.MonkeyPatch.context() as environment:
        for name, value in FFMPEG_ENVIRONMENT.items():
            environment.setenv(name, value)
        yield
