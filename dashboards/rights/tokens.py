"""Bearer tokens: made, listed, revoked; for scripts, walls and phones that do not log in."""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import AsyncConnection
from psycopg.errors import UniqueViolation
from psycopg.rows import class_row

from dashboards import audit
from dashboards.rights import queries
from dashboards.rights.naming import sound_name
from dashboards.roles import Role

# As many random bits as the hash has: guessing is hopeless, so a fast hash and no salt are right.
SECRET_BYTES = 32
PREFIX = "pantau_"


class NameTaken(Exception):  # noqa: N818  it says what happened
    """A live token of that name exists already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A token as it may be shown: never with its secret, which nobody has any more."""

    name: str
    role: str
    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


async def create(
    connection: AsyncConnection[Any],
    name: str,
    role: Role,
    *,
    now: datetime,
    token_bytes: Callable[[int], bytes],
    by: audit.Author = audit.CLI,
) -> str:
    """Make a token and return its secret, which is never to be had again. Raises NameTaken, ValueError for the name."""
    secret = new_secret(token_bytes)
    row = {"hash": digest(secret), "name": sound_name(name), "role": role.word, "now": now}
    try:
        async with connection.transaction():
            await connection.execute(queries.ADD_BEARER, row)
            await audit.record(connection, by, "token.create", name, now=now, detail={"role": role.word})
    except UniqueViolation as error:
        raise NameTaken(f"a token named {name!r} exists; revoke it first, or choose another name") from error
    return secret


async def list_all(connection: AsyncConnection[Any]) -> list[Token]:
    """Every bearer token ever made, revoked ones too, the newest first."""
    async with connection.cursor(row_factory=class_row(Token)) as cursor:
        return await (await cursor.execute(queries.BEARERS)).fetchall()


async def revoke(connection: AsyncConnection[Any], name: str, *, now: datetime, by: audit.Author = audit.CLI) -> bool:
    """Whether a live token of that name was there; from the next request on it opens nothing."""
    async with connection.transaction():
        revoked = await connection.execute(queries.REVOKE_BEARER, {"name": name, "now": now})
        if revoked.rowcount:
            await audit.record(connection, by, "token.revoke", name, now=now)
    return bool(revoked.rowcount)


def new_secret(token_bytes: Callable[[int], bytes]) -> str:
    """A fresh secret, recognisable by its prefix where it leaks into a log or a repository."""
    return PREFIX + urlsafe_b64encode(token_bytes(SECRET_BYTES)).decode().rstrip("=")


def digest(secret: str) -> bytes:
    """What is stored of a secret: 32 bytes of SHA-256. `surrogateescape` because a header may hold any byte."""
    return hashlib.sha256(secret.encode(errors="surrogateescape")).digest()
