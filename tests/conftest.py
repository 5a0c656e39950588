"""The real parts: TimescaleDB and Mosquitto, once per run; a database of its own for every test that asks."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, settings

from deploy.local.mosquitto import Mosquitto
from deploy.local.postgres import Postgres
from deploy.local.root import ensure_root
from tests.databases import Databases, Template
from tests.scratch import scratch_folder
from video.opener import FFMPEG_ENVIRONMENT

LOCAL = Path(__file__).parents[1] / ".local"

# An example takes as long as it takes: its default of 200 ms is a promise about the machine.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


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
def databases(postgres_server: Postgres | GivenServer) -> Iterator[Databases]:
    url = postgres_server.url
    with psycopg.connect(url, autocommit=True) as server:
        found = Databases(server, url, Template.made(server, url))
        yield found
        found.close()


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    """A database for this test alone, as `pantau migrate` leaves it."""
    with databases.lent() as url:
        yield url


@pytest.fixture(scope="module")
def shared_database_url(databases: Databases) -> Iterator[str]:
    """One for all tests of a file, where they only look at what was done once."""
    with databases.lent() as url:
        yield url


@pytest.fixture(scope="session", autouse=True)
def ffmpeg_environment() -> Iterator[None]:
    """What a process needs before it opens a stream."""
    with pytest.MonkeyPatch.context() as environment:
        for name, value in FFMPEG_ENVIRONMENT.items():
            environment.setenv(name, value)
        yield
