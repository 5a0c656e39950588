"""GET, PUT and DELETE /api/v1/accounts, and PUT /api/v1/password: who may sign in, as what and as which technician."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

from fastapi import Path, Response
from pydantic import AfterValidator

from dashboards.audit import Author
from dashboards.auth import By, Visitor, Who
from dashboards.centre import Centre, Here
from dashboards.parameters import PAGE, After, Limit, encode_cursor
from dashboards.problem import Problem
from dashboards.rights import accounts, queries
from dashboards.rights.naming import NAME_MAX, sound_name
from dashboards.rights.shapes import Accounts, AccountShape, AccountWish, PasswordWish, TechnicianWish
from dashboards.roles import parse_role
from dashboards.words import Sentence

NOBODY = ("Tidak ada akun dengan nama ini.", "Nobody has this name.")
Name = Annotated[str, AfterValidator(sound_name), Path(min_length=1, max_length=NAME_MAX)]


async def list_accounts(centre: Here, after: After = None, limit: Limit = PAGE) -> Accounts:
    """Everybody who may sign in, by name."""
    found = await centre.rows(queries.ACCOUNTS, {"now": centre.now(), "after": after or "", "limit": limit + 1})
    items = [AccountShape.model_validate(row) for row in found[:limit]]
    return Accounts(items=items, next=encode_cursor(items[-1].name) if len(found) > limit else None)


async def put_account(centre: Here, name: Name, body: AccountWish, by: By) -> AccountShape:
    """A new account, or another role or password for one that exists. The last admin stays one."""
    password_hash = await _hashed(centre, body.password) if body.password is not None else None
    async with centre.database() as connection:
        with _refusals(name):
            await accounts.put(connection, name, parse_role(body.role), password_hash, now=centre.now(), by=by)
    return await _account(centre, name)


async def link_account(centre: Here, name: Name, body: TechnicianWish, by: By) -> AccountShape:
    """Which technician somebody is: what the phone shows them as theirs, and in whose name they take an alert."""
    async with centre.database() as connection:
        try:
            found = await accounts.link(connection, name, body.technician, now=centre.now(), by=by)
        except accounts.NoSuchTechnician as refused:
            raise Problem(422, _no_technician(body.technician)) from refused
    if not found:
        raise Problem(404, NOBODY)
    return await _account(centre, name)


async def remove_account(centre: Here, name: Name, by: By) -> Response:
    """It signs in no more, and whoever is signed in with it is out. Never the last admin."""
    async with centre.database() as connection:
        with _refusals(name):
            found = await accounts.remove(connection, name, now=centre.now(), by=by)
    if not found:
        raise Problem(404, NOBODY)
    return Response(status_code=204)


async def change_password(centre: Here, body: PasswordWish, who: Who, by: By) -> Response:
    """One's own, for who is signed in with one; every other session of the account ends."""
    if who.kind != "session":
        raise Problem(
            403,
            (
                "Token tidak mempunyai kata sandi: masuklah dengan kata sandi Anda.",
                "A token has no password: sign in with yours.",
            ),
        )
    await _prove(centre, body.old, who, by)
    password_hash = await _hashed(centre, body.new)
    async with centre.database() as connection:
        await accounts.change_password(connection, who.name, password_hash, keep=who.token, now=centre.now(), by=by)
    return Response(status_code=204)


async def _account(centre: Centre, name: str) -> AccountShape:
    row = await centre.row(queries.ACCOUNT, {"now": centre.now(), "name": name})
    if row is None:
        raise Problem(409, ("Akun ini sudah dihapus.", "The account was removed meanwhile."))
    return AccountShape.model_validate(row)


async def _prove(centre: Centre, old: str, who: Visitor, by: Author) -> None:
    """Raises Problem unless the old password is right: whoever finds a screen signed in does not have it."""
    now, attempt = centre.now(), (by.origin, who.name)
    if (wait := centre.attempts.wait(*attempt, now)) is not None:
        headers = {"Retry-After": str(wait.seconds + 1)}
        raise Problem(
            429,
            (
                "Terlalu banyak kata sandi salah: tunggu beberapa menit.",
                "Too many wrong passwords: wait a few minutes.",
            ),
            headers=headers,
        )
    centre.attempts.tried(*attempt, now)
    row = await centre.row(queries.STORED_HASH, {"name": who.name})
    stored = row["password_hash"] if row else None
    if stored is None:
        raise Problem(
            409,
            (
                "Akun ini masuk lewat penyedia identitas, yang menyimpan kata sandinya.",
                "This account signs in at its provider, which keeps its password.",
            ),
        )
    async with centre.hashing:
        right = await accounts.password_is_right(stored, old)
    if not right:
        raise Problem(403, ("Kata sandi lama salah.", "The old password is wrong."))
    centre.attempts.succeeded(*attempt)


async def _hashed(centre: Centre, password: str) -> str:
    async with centre.hashing:
        return await accounts.hashed(password, centre.token_bytes)


def _no_technician(id_: str | None) -> Sentence:
    return f"Tidak ada teknisi bernama {id_}.", f"body.technician: no technician is called {id_}."


@contextmanager
def _refusals(name: str) -> Iterator[None]:
    """What the accounts refuse, as problems."""
    try:
        yield
    except accounts.NoSuchAccount as refused:
        raise Problem(422, ("Akun baru memerlukan kata sandi.", f"body.password: {refused}")) from refused
    except accounts.LastAdmin as refused:
        raise Problem(409, (f"{name} admin terakhir: jadikan orang lain admin dulu.", str(refused))) from refused
    except accounts.SignsInElsewhere as refused:
        elsewhere = f"{name} masuk lewat penyedia identitas, yang menentukan peran dan menyimpan kata sandinya."
        raise Problem(409, (elsewhere, str(refused))) from refused
