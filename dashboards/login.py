"""GET and POST /login, POST /logout: a person's password becomes a session's cookie."""

from datetime import timedelta
from typing import Annotated

from fastapi import Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import AfterValidator

from dashboards import accounts, metrics, queries, tokens
from dashboards.auth import COOKIE, Who, origin_of
from dashboards.centre import Centre, Here
from dashboards.pages import render
from dashboards.parameters import storable
from dashboards.words import Language, words

PASSWORD_MAX = 1_000

Name = Annotated[str, AfterValidator(storable), Form(max_length=64)]
Password = Annotated[str, Form(max_length=PASSWORD_MAX)]


async def login_page(centre: Here, lang: Language | None = None) -> HTMLResponse:
    """The form."""
    return _form(centre, lang, status=200)


async def login(
    request: Request, centre: Here, name: Name, password: Password, lang: Language | None = None
) -> Response:
    """A right password begins a session and leads to the first page; ten wrong ones from one place make it wait."""
    now, key = centre.now(), f"{origin_of(request)} {name}"
    wait = centre.throttle.wait(key, now)
    if wait is not None:
        metrics.LOGINS.labels("throttled").inc()
        return _form(centre, lang, status=429, complaint="wait", headers={"Retry-After": str(wait.seconds + 1)})
    if not await _right(centre, name, password):
        centre.throttle.failed(key, now)
        metrics.LOGINS.labels("refused").inc()
        return _form(centre, lang, status=401, complaint="wrong")
    centre.throttle.succeeded(key)
    metrics.LOGINS.labels("accepted").inc()
    response = RedirectResponse("/" if lang is None else f"/?lang={lang}", 303)
    # Not `secure` over plain HTTP: a browser would drop it, and on a wall beside the server there is no TLS.
    response.set_cookie(
        COOKIE,
        await _begin_session(centre, name),
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return response


async def logout(centre: Here, visitor: Who) -> Response:
    """The session ends here, not only in the browser."""
    async with centre.database() as connection:
        await connection.execute(queries.END_SESSION, {"id": visitor.token, "now": centre.now()})
    response = RedirectResponse("/login", 303)
    response.delete_cookie(COOKIE, httponly=True, samesite="strict")
    return response


async def _right(centre: Centre, name: str, password: str) -> bool:
    row = await centre.row(queries.STORED_HASH, {"name": name})
    async with centre.hashing:
        return await accounts.password_is_right(row["password_hash"] if row else None, password)


async def _begin_session(centre: Centre, name: str) -> str:
    secret, now = tokens.new_secret(centre.token_bytes), centre.now()
    session = timedelta(hours=centre.settings.session_hours)
    row = {"hash": tokens.digest(secret), "account": name, "now": now, "session": session}
    async with centre.database() as connection, connection.transaction():
        await connection.execute(queries.FORGET_SESSIONS, {"now": now})
        await connection.execute(queries.ADD_SESSION, row)
    return secret


def _form(
    centre: Centre,
    lang: Language | None,
    *,
    status: int,
    complaint: str | None = None,
    headers: dict[str, str] | None = None,
) -> HTMLResponse:
    language = lang or centre.settings.language
    page = render(
        "login.html", title=centre.settings.title, language=language, words=words(language), complaint=complaint
    )
    return HTMLResponse(page, status, headers)
