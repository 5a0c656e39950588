"""Where the database and the broker are: URLs with passwords inside, which no message, log or repr ever shows."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

from deploy.refused import RefusedError
from devices.broker import BrokerAddress

DATABASE, BROKER = "PANTAU_DATABASE_URL", "PANTAU_MQTT_URL"
SERVERS = (DATABASE, BROKER)
OIDC_SECRET = "PANTAU_OIDC_CLIENT_SECRET"  # noqa: S105  its name
# Scheme, authority, and whatever stands behind it.
URL = re.compile(r"(\w+)://([^/?#\s]*)(\S*)")


def server_url(environ: Mapping[str, str], name: str, *, needed: bool) -> str:
    """The variable, or what stands in the file that NAME_FILE names; "" where neither is set. Raises RefusedError."""
    url = secret(environ, name)
    if url and (wrong := CHECKS[name](url)):
        raise RefusedError([f"{name}: {wrong}"])
    if needed and not url:
        raise RefusedError([f"{name}: not set; it, or a file named by {name}_FILE, says where the server is"])
    return url


def secret(environ: Mapping[str, str], name: str) -> str:
    """The variable, or what stands in the file that NAME_FILE names; "" where neither is set. Raises RefusedError."""
    value = environ.get(name, "")
    if not value and (file := environ.get(f"{name}_FILE")):
        value = _content(f"{name}_FILE", Path(file))
    return value


def _content(variable: str, file: Path) -> str:
    try:
        content = file.read_text("utf-8").strip()
    except OSError as fault:
        raise RefusedError([f"{variable}: {file} cannot be read: {fault.strerror}"]) from fault
    except UnicodeDecodeError:
        raise RefusedError([f"{variable}: {file} is not UTF-8"]) from None  # the error holds the file's bytes
    if not content:
        raise RefusedError([f"{variable}: {file} is empty"])
    return content


def _database_fault(url: str) -> str | None:
    """Why libpq would not take this, in words of ours: its own quote the URL."""
    parts = URL.fullmatch(url)
    try:
        known = conninfo_to_dict(url) if parts and parts[1] in {"postgresql", "postgres"} else {}
    except psycopg.ProgrammingError:
        known = {}
    if not known.get("host") or not all(_is_port(port) for port in str(known.get("port") or "5432").split(",")):
        return "is no postgresql://user:password@host:port/database"
    return _spilt(url)


def _broker_fault(url: str) -> str | None:
    try:
        BrokerAddress.parse(url if URL.fullmatch(url) else "")
    except ValueError:
        return "is no mqtt://user:password@host:port, nor mqtts://…"
    return _spilt(url)


def _spilt(url: str) -> str | None:
    """A password with one of these marks in it ends early, and its rest would be taken, and logged, for a host."""
    parts = URL.fullmatch(url)
    if parts and parts[2].count("@") <= 1 and "@" not in parts[3]:
        return None
    return "has a mark in its user or password that must be written in another way: @ as %40, / %2F, # %23, ? %3F"


def _is_port(text: str) -> bool:
    return text.isdecimal() and 0 < int(text) <= 65_535


CHECKS: Mapping[str, Callable[[str], str | None]] = {DATABASE: _database_fault, BROKER: _broker_fault}
