"""People who log in: their names, roles and passwords."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from psycopg import AsyncConnection

from dashboards import audit, queries
from dashboards.naming import sound_name
from dashboards.roles import Role

SALT_BYTES = 16
PASSWORD_MIN = 8
# 64 MiB and a few tens of milliseconds each: RFC 9106's second recommended option, which is argon2-cffi's default.
HASHER = PasswordHasher()
# A hash that belongs to no account: an unknown name so takes as long as a known one.
NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$AAAAAAAAAAAAAAAAAAAAAA$XsTYOX9zZBUPSF/iJGQz0pYhGjJleLNYLdGPrNlEozk"


async def create(
    connection: AsyncConnection[Any],
    name: str,
    role: Role,
    password: str,
    *,
    now: datetime,
    token_bytes: Callable[[int], bytes],
    by: audit.Author = audit.CLI,
) -> None:
    """Add an account, or give an existing one this role and password; its sessions end.

    Raises ValueError for an unsound name, and for a password of fewer than 8 characters.
    """
    if len(password) < PASSWORD_MIN:
        raise ValueError(f"a password has at least {PASSWORD_MIN} characters")
    sound_name(name)
    hashed = await asyncio.to_thread(HASHER.hash, password, salt=token_bytes(SALT_BYTES))
    async with connection.transaction():
        await connection.execute(
            queries.PUT_ACCOUNT, {"name": name, "role": role.word, "password_hash": hashed, "now": now}
        )
        await connection.execute(queries.END_SESSIONS, {"account": name, "now": now})
        await audit.record(connection, by, "account.put", name, now=now, detail={"role": role.word})


async def password_is_right(stored: str | None, password: str) -> bool:
    """Whether the password belongs to the stored hash; takes as long where there is none."""
    return await asyncio.to_thread(_verify, stored or NOBODY, password) and stored is not None


def _verify(stored: str, password: str) -> bool:
    try:
        return HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False
