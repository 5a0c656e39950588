"""Who we are to a camera: `[cam-01]` with `user` and `password`, in a TOML file of its own."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote, urlsplit

from pydantic import BaseModel, SecretStr, TypeAdapter, ValidationError


class CredentialsError(Exception):
    """The credentials file cannot be used; the message names file, table and reason, and no value."""


class Credentials(BaseModel, frozen=True, extra="forbid"):
    """`password` shows as stars wherever it is printed."""

    user: str
    password: SecretStr


_CREDENTIALS = TypeAdapter(dict[str, Credentials])


def load(path: Path) -> Mapping[str, Credentials]:
    """The credentials by camera id. Raises CredentialsError where the file cannot be read or is not of that shape."""
    try:
        return _CREDENTIALS.validate_python(tomllib.loads(path.read_text("utf-8")))
    except ValidationError as fault:
        raise CredentialsError(f"{path}: {_first_reason(fault)}") from None  # the cause would show the values
    except (OSError, ValueError) as fault:
        raise CredentialsError(f"{path}: {fault}") from fault


def with_credentials(url: str, credentials: Credentials | None) -> str:
    """The URL that a player needs. It is a secret: hand it on, and keep it nowhere."""
    if credentials is None:
        return url
    user, password = quote(credentials.user, safe=""), quote(credentials.password.get_secret_value(), safe="")
    parts = urlsplit(redacted(url))
    return parts._replace(netloc=f"{user}:{password}@{parts.netloc}").geturl()


def redacted(url: str) -> str:
    """The URL without user and password, for logs and errors; of any text without what may be either.

    A password that is not escaped may have slashes and more: what stands before the last @ is not told. The registry
    wants an @ of the path's own as %40 (devices.secrecy).
    """
    before, at, after = url.rpartition("@")
    scheme, mark, _ = before.partition("://")
    return f"{scheme}{mark}{after}" if at and mark else after


def _first_reason(fault: ValidationError) -> str:
    first = fault.errors(include_input=False, include_url=False)[0]
    return f"[{'.'.join(str(part) for part in first['loc'])}] {first['msg']}"
