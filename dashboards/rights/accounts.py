"""People who log in: their names, roles and passwords."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from psycopg import AsyncConnection
from psycopg.errors import ForeignKeyViolation

from dashboards import audit
from dashboards.rights import queries
from dashboards.rights.naming import NOBODYS, sound_name
from dashboards.roles import Role

SALT_BYTES = 16
PASSWORD_MIN = 8
PASSWORD_MAX = 1_000
# 64 MiB and a few tens of milliseconds each: RFC 9106's second recommended option, which is argon2-cffi's default.
HASHER = PasswordHasher()
# A hash that belongs to no account: an unknown name so takes as long as a known one.
NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$AAAAAAAAAAAAAAAAAAAAAA$XsTYOX9zZBUPSF/iJGQz0pYhGjJleLNYLdGPrNlEozk"


class LastAdmin(Exception):  # noqa: N818  it says what happened
    """Nobody could give rights any more."""


class SignsInElsewhere(Exception):  # noqa: N818
    """The account's role and password are its provider's."""


class NameTaken(Exception):  # noqa: N818
    """The name that a provider gives somebody is another account's, a token's, or stands for nobody."""


class NoSuchTechnician(Exception):  # noqa: N818
    """Nobody of that id stands in the list of technicians."""


class NoSuchAccount(Exception):  # noqa: N818
    """Nobody of that name, and no password to make them from."""


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

    Raises ValueError for an unsound name, and for a password of fewer than 8 characters; what `put` raises.
    """
    await put(connection, sound_name(name), role, await hashed(password, token_bytes), now=now, by=by)


async def put(
    connection: AsyncConnection[Any],
    name: str,
    role: Role,
    password_hash: str | None,
    *,
    now: datetime,
    by: audit.Author,
) -> None:
    """A new account, or another role, and password where one is given, for an existing one.

    Raises LastAdmin, SignsInElsewhere, NoSuchAccount.
    """
    row = {"name": name, "role": role.word, "password_hash": password_hash, "now": now}
    async with connection.transaction():
        await _keep_an_admin(connection, name, role)
        if password_hash is None:
            await _change_role(connection, row)
        else:
            await _put_with_password(connection, row)
        detail = {"role": role.word, "password": password_hash is not None}
        await audit.record(connection, by, "account.put", name, now=now, detail=detail)


async def put_from_provider(
    connection: AsyncConnection[Any],
    name: str,
    role: Role,
    *,
    issuer: str,
    subject: str,
    now: datetime,
    origin: str,
) -> str:
    """The account of who signed in at a provider, made or given its role of now; the name it has here.

    It keeps the name under which it was made, for the audit log knows it by that. The last admin may lose that role so:
    the provider says who is one. Raises NameTaken: a name at a provider is no proof of being who has it here.
    """
    row = {"name": name, "role": role.word, "issuer": issuer, "subject": subject, "now": now}
    known = await (await connection.execute(queries.LOCK_OF_PROVIDER, row)).fetchone()
    if known is None and (name in NOBODYS or not (await connection.execute(queries.ADD_OF_PROVIDER, row)).rowcount):
        raise NameTaken(f"the name {name} is not free")
    if known is not None and known[1] == role.word:
        return str(known[0])
    if known is not None:
        name = str(known[0])
        await connection.execute(queries.CHANGE_OF_PROVIDER, row)
    detail = {"role": role.word, "issuer": issuer}
    await audit.record(connection, audit.Author(name, origin), "account.put", name, now=now, detail=detail)
    return name


async def shut_out(connection: AsyncConnection[Any], issuer: str, subject: str, *, now: datetime) -> None:
    """End every session of who has lost all roles at the provider."""
    await connection.execute(queries.END_OF_PROVIDER, {"issuer": issuer, "subject": subject, "now": now})


async def change_password(
    connection: AsyncConnection[Any], name: str, password_hash: str, *, keep: int, now: datetime, by: audit.Author
) -> None:
    """What the old one opened ends, but for the session `keep`, in which it was changed."""
    async with connection.transaction():
        await connection.execute(queries.CHANGE_HASH, {"name": name, "password_hash": password_hash})
        await connection.execute(queries.END_OTHER_SESSIONS, {"account": name, "keep": keep, "now": now})
        await audit.record(connection, by, "account.password", name, now=now)


async def link(
    connection: AsyncConnection[Any], name: str, technician: str | None, *, now: datetime, by: audit.Author
) -> bool:
    """Say which technician somebody is, or that they are none; whether there was such an account.

    However they sign in: a name tells nothing, for at a provider people may choose theirs. Raises NoSuchTechnician.
    """
    async with connection.transaction():
        try:
            linked = await connection.execute(queries.LINK, {"name": name, "technician": technician})
        except ForeignKeyViolation as unknown:
            raise NoSuchTechnician(f"no technician is called {technician}") from unknown
        if linked.rowcount:
            await audit.record(connection, by, "account.technician", name, now=now, detail={"technician": technician})
    return bool(linked.rowcount)


async def remove(connection: AsyncConnection[Any], name: str, *, now: datetime, by: audit.Author = audit.CLI) -> bool:
    """Whether there was such an account; its sessions go with it. Raises LastAdmin."""
    async with connection.transaction():
        await _keep_an_admin(connection, name, None)
        removed = await connection.execute(queries.REMOVE_ACCOUNT, {"name": name})
        if removed.rowcount:
            await audit.record(connection, by, "account.remove", name, now=now)
    return bool(removed.rowcount)


async def hashed(password: str, token_bytes: Callable[[int], bytes]) -> str:
    """The password's hash, in a thread. Raises ValueError where it is too short."""
    if len(password) < PASSWORD_MIN:
        raise ValueError(f"a password has at least {PASSWORD_MIN} characters")
    return await asyncio.to_thread(HASHER.hash, password, salt=token_bytes(SALT_BYTES))


async def password_is_right(stored: str | None, password: str) -> bool:
    """Whether the password belongs to the stored hash; takes as long where there is none."""
    return await asyncio.to_thread(_verify, stored or NOBODY, password) and stored is not None


async def _keep_an_admin(connection: AsyncConnection[Any], name: str, role: Role | None) -> None:
    """Two who demote each other at once wait here for one another: the rows of all admins are locked until the end."""
    admins = await (await connection.execute(queries.LOCK_ADMINS)).fetchall()
    if role is not Role.ADMIN and [tuple(admin) for admin in admins] == [(name,)]:
        raise LastAdmin(f"{name} is the last admin: make somebody else one first.")


async def _change_role(connection: AsyncConnection[Any], row: dict[str, Any]) -> None:
    if (await connection.execute(queries.CHANGE_ROLE, row)).rowcount:
        return
    if await (await connection.execute(queries.ACCOUNT_EXISTS, row)).fetchone():
        raise _elsewhere(row["name"])
    raise NoSuchAccount("A new account needs a password.")


async def _put_with_password(connection: AsyncConnection[Any], row: dict[str, Any]) -> None:
    if not (await connection.execute(queries.PUT_ACCOUNT, row)).rowcount:
        raise _elsewhere(row["name"])
    await connection.execute(queries.END_SESSIONS, {"account": row["name"], "now": row["now"]})


def _elsewhere(name: str) -> SignsInElsewhere:
    return SignsInElsewhere(f"{name} signs in at a provider, which says their role and keeps their password.")


def _verify(stored: str, password: str) -> bool:
    try:
        return HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False
