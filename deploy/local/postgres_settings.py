"""How the local PostgreSQL is set up. Pure."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from deploy.local.ports import LOOPBACK

BINARIES = "/usr/lib/postgresql/17/bin"
USER = "pantau"
DATABASE = "pantau"

SETTINGS: Mapping[str, str] = MappingProxyType(
    {
        "listen_addresses": LOOPBACK,
        "unix_socket_directories": "",
        "max_connections": "100",
        "shared_buffers": "256MB",
        "shared_preload_libraries": "timescaledb",
        "timescaledb.telemetry_level": "off",
        # The Apache edition has no jobs to run, and a worker connected to a template database forbids cloning it.
        "timescaledb.max_background_workers": "0",
        "jit": "off",  # its libLLVM is left out of the root
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_checkpoints": "off",  # the log is for what went wrong
    }
)

# For tests that throw the data away: a crash of the machine may corrupt it, a crash of Postgres does not.
CARELESS: Mapping[str, str] = MappingProxyType({"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"})


def initdb(data: str, *, password_file: str, durable: bool) -> Sequence[str]:
    """Return the command that makes a cluster in `data`: UTF-8, ordered by code point, passwords by SCRAM."""
    return (
        f"{BINARIES}/initdb",
        f"--pgdata={data}",
        f"--username={USER}",
        f"--pwfile={password_file}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
        "--locale-provider=builtin",
        "--no-instructions",
        *(() if durable else ("--no-sync",)),
    )


def single_user(data: str, *, database: str) -> Sequence[str]:
    """Return the command that reads statements, one a line, and ends with 1 at the first that fails; no server runs."""
    return (f"{BINARIES}/postgres", "--single", "-D", data, *_options({**SETTINGS, "exit_on_error": "on"}), database)


def postgres(data: str, *, port: int, durable: bool, extra: Mapping[str, str]) -> Sequence[str]:
    """Return the server's command; a setting on it wins over the files in `data`, and one in `extra` over ours."""
    settings = {**SETTINGS, **({} if durable else CARELESS), **extra, "port": str(port)}
    return (f"{BINARIES}/postgres", "-D", data, *_options(settings))


def _options(settings: Mapping[str, str]) -> Sequence[str]:
    return [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
