"""GET and POST /login, POST /logout: a person's password becomes a session's cookie."""

from datetime import datetime
from typing import Annotated

from fastapi import Form, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import AfterValidator

from dashboards import metrics
from dashboards.audit import Author
from dashboards.auth import Who, origin_of
from dashboards.centre import Centre, Here
from dashboards.parameters import storable
from dashboards.rights import accounts, queries, sessions
from dashboards.rights.accounts import PASSWORD_MAX
from dashboards.rights.login_form import form_page
from dashboards.rights.sign_in_page import own_path
from dashboards.words import Language

Name = Annotated[str, AfterValidator(storable), Form(max_length=64)]
Password = Annotated[str, Form(max_length=PASSWORD_MAX)]


async def login_page(request: Request, centre: Here, lang: Language | None = None) -> HTMLResponse:
    """The form."""
    return form_page(request, centre, lang, status=200)


async def login(
    request: Request,
    centre: Here,
    name: Name,
    password: Password,
    *,
    remember: Annotated[bool, Form()] = False,
    lang: Language | None = None,
) -> Response:
    """A right password begins a session and leads to where one wanted to go; too many wrong ones make it wait."""
    by, now = Author(name, origin_of(request)), centre.now()
    if (wait := centre.attempts.wait(by.origin, name, now)) is not None:
        metrics.LOGINS.labels("throttled").inc()
        retry = {"Retry-After": str(wait.seconds + 1)}
        return form_page(request, centre, lang, status=429, complaint="wait", headers=retry)
    if not await _right(centre, by, password, now):
        metrics.LOGINS.labels("refused").inc()
        return form_page(request, centre, lang, status=401, complaint="wrong")
    metrics.LOGINS.labels("accepted").inc()
    async with centre.database() as connection, connection.transaction():
        secret = await sessions.begin(connection, centre, by, remember=remember)
    path = own_path(request.query_params.get("next"), "/" if lang is None else f"/?lang={lang}")
    return sessions.enter(request, secret, path, lasts=sessions.lasting(centre, remember=remember))


async def logout(request: Request, centre: Here, visitor: Who) -> Response:
    """The session ends here, not only in the browser."""
    async with centre.database() as connection:
        await connection.execute(queries.END_SESSION, {"id": visitor.token, "now": centre.now()})
    return sessions.leave(request)


async def _right(centre: Centre, by: Author, password: str, now: datetime) -> bool:
    centre.attempts.tried(by.origin, by.who, now)
    row = await centre.row(queries.STORED_HASH, {"name": by.who})
    async with centre.hashing:
        right = await accounts.password_is_right(row["password_hash"] if row else None, password)
    if right:
        centre.attempts.succeeded(by.origin, by.who)
    return right
