"""A login's session: begun, told to the browser, ended."""

from datetime import timedelta

from psycopg import AsyncConnection
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from dashboards import audit
from dashboards.audit import Author
from dashboards.centre import Centre
from dashboards.pages import render
from dashboards.rights import queries, tokens
from dashboards.rights.cookies import SESSION, drop_cookie, set_cookie


async def begin(
    connection: AsyncConnection, centre: Centre, by: Author, *, remember: bool, ends_after: timedelta | None = None
) -> str:
    """A new session of the account `by.who`, in the caller's transaction; its secret.

    `remember`: it lasts for phone_session_days after its last use. `ends_after`: no use prolongs it beyond.
    """
    secret, now = tokens.new_secret(centre.token_bytes), centre.now()
    row = {
        "hash": tokens.digest(secret),
        "account": by.who,
        "now": now,
        "session": timedelta(hours=centre.settings.session_hours),
        "lasts": lasting(centre, remember=remember),
        "ends_at": now + ends_after if ends_after else None,
    }
    await connection.execute(queries.FORGET_SESSIONS, {"now": now})
    await connection.execute(queries.ADD_SESSION, row)
    await audit.record(connection, by, "account.login", by.who, now=now, detail={"remember": remember})
    return secret


def lasting(centre: Centre, *, remember: bool) -> timedelta | None:
    """How long the browser keeps the cookie; None: until it is closed."""
    return timedelta(days=centre.settings.phone_session_days) if remember else None


def enter(
    request: Request, secret: str, path: str, *, lasts: timedelta | None, from_elsewhere: bool = False
) -> Response:
    """The answer that takes the browser in, to a path of ours.

    `from_elsewhere`: another site sent it here, and what a redirect of ours then asks for still counts as that site's,
    to which a Strict cookie is not sent. A page of ours asks anew.
    """
    response = HTMLResponse(render("again.html", url=path)) if from_elsewhere else RedirectResponse(path, 303)
    response.headers.append("set-cookie", set_cookie(request, SESSION, secret, lasts=lasts))
    return response


def leave(request: Request) -> Response:
    response = RedirectResponse("/login", 303)
    response.headers.append("set-cookie", drop_cookie(request, SESSION))
    return response
