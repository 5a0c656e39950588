"""The door: who may is decided here, for every request, before anything is asked of what it says."""

from base64 import b64decode
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Depends, Request
from psycopg import OperationalError
from psycopg.rows import dict_row
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboards.arriving import PIECE_SECONDS, in_time
from dashboards.audit import Author
from dashboards.centre import Centre
from dashboards.missing import NOTHING_HERE
from dashboards.problem import Problem, database_away
from dashboards.refusing import answer
from dashboards.rights import kiosk, queries
from dashboards.rights.cookies import KIOSK, KIOSK_LASTS, SESSION, cookie_of, set_cookie
from dashboards.rights.sign_in_page import again_page, login_url, waiting_page
from dashboards.rights.tokens import digest
from dashboards.roles import Role, parse_role
from dashboards.routing import BODY_MAX_BYTES, CALENDAR, STREAM, WEBSOCKET, Found, Route, Routes

COOKIE = SESSION
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
# last_used_at is written no oftener than this, so that reading stays reading.
TOUCH_EVERY = timedelta(minutes=1)
NO_TOKEN = ("Ini memerlukan token.", "This needs a token.")
OPENS_NOTHING = (
    "Token ini tidak membuka apa pun: tidak dikenal, sudah dicabut, atau sudah berakhir.",
    "This token opens nothing: it is unknown, revoked or has expired.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Whoever a live token belongs to. `technician`: the one that an admin says they are."""

    token: int
    name: str
    kind: str
    role: Role
    technician: str | None

    @property
    def holder(self) -> str:
        """Whose streams are counted together: an account's or a token's; each screen of a wall's token is its own."""
        return f"kiosk {self.token}" if self.kind == "kiosk" else f"{self.kind} {self.name}"


async def visitor_of(connection: HTTPConnection) -> Visitor:
    visitor: Visitor = connection.state.visitor
    return visitor


async def author_of(request: Request) -> Author:
    """Who and from where, for the audit log."""
    return Author(who=(await visitor_of(request)).name, origin=origin_of(request))


def origin_of(request: Request) -> str:
    return request.client.host if request.client else "unknown"


Who = Annotated[Visitor, Depends(visitor_of)]
By = Annotated[Author, Depends(author_of)]


class Guard:
    """Middleware: only what the table of routes lists is reachable, and only for those it names."""

    def __init__(self, app: ASGIApp, *, routes: Routes, centre: Centre, piece_seconds: float = PIECE_SECONDS) -> None:
        self._app = app
        self._piece_seconds = piece_seconds
        self._routes = routes
        self._centre = centre

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        request = _request(scope)
        # The path of the request line, never request.url's: that is put together with the client's Host header.
        found = self._routes.find(request.method, request.scope["path"])
        request.state.route = found.template
        try:
            refusal = await self._refusal(request, found)
        except Problem as problem:
            refusal = answer(request, problem)
        except OperationalError:
            refusal = self._database_away(request, found.route)
        if scope["type"] == "http":
            receive = in_time(receive, piece_seconds=self._piece_seconds)
        await (refusal or self._app)(scope, receive, renewing(request, send))

    async def _refusal(self, request: Request, found: Found) -> Response | None:
        """None where the request may pass. Raises Problem."""
        route = found.route
        if route is not None and route.least is None:
            _refuse_other_sites(request, missing_is_fine=True)
            _refuse_large(request.headers, route.body_max_bytes)
            return None
        if route is not None and route.kiosk and (token := request.query_params.get("token")) is not None:
            return await kiosk.sign_in(request, self._centre, token)
        visitor = await self._visitor(request, route)
        if visitor is None:
            return _unknown_visitor(request, route)
        request.state.visitor = visitor
        _decide(request, visitor, route, allowed=found.allowed)
        _refuse_large(request.headers, BODY_MAX_BYTES if route is None else route.body_max_bytes)
        return None

    async def _visitor(self, request: Request, route: Route | None) -> Visitor | None:
        secrets = secrets_of(request)
        if not secrets and request.method in SAFE:
            secrets = [(password, None)] if (password := password_of(request.headers)) is not None else []
        if not secrets:
            return None
        now = self._centre.now()
        shown = {"hashes": [digest(secret) for secret, _ in secrets], "kinds": [kind for _, kind in secrets]}
        async with self._centre.database() as connection, connection.cursor(row_factory=dict_row) as cursor:
            row = await (await cursor.execute(queries.VISITOR, shown | {"now": now})).fetchone()
            if row is None:
                return None
            if unused := _long_unused(row["last_used_at"], now):
                session = timedelta(hours=self._centre.settings.session_hours)
                await cursor.execute(queries.TOUCH, {"ids": [row["id"]], "now": now, "session": session})
        if unused or (route is not None and (route.page or route.media == STREAM or route.method == WEBSOCKET)):
            _renew(request, row["kind"], row["lasts"])
        return Visitor(
            token=row["id"],
            name=row["name"],
            kind=row["kind"],
            role=parse_role(row["role"]),
            technician=row["technician"],
        )

    def _database_away(self, request: Request, route: Route | None) -> Response:
        """A screen without hands that starts before the database does must not stay on an error."""
        if route is not None and route.page:
            return waiting_page(request, self._centre.settings, "database", 503)
        return answer(request, database_away())


def _request(scope: Scope) -> Request:
    """The handshake of a WebSocket is a request as others are, but for its method in the table of routes."""
    if scope["type"] == "http":
        return Request(scope)
    scope.setdefault("state", {})  # both have the same
    return Request({**scope, "type": "http", "method": WEBSOCKET})


def secrets_of(connection: HTTPConnection) -> list[tuple[str, str | None]]:
    """The secret of `Authorization: Bearer …` (RFC 6750, section 2.1), else those of the cookies, each of its own kind.

    A browser sends a cookie by itself: one that held a bearer token would be taken for what only a script says.
    """
    scheme, _, secret = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return [(secret.strip(), None)]
    kinds = ((SESSION, "session"), (KIOSK, "kiosk"))
    return [(value, kind) for cookie, kind in kinds if (value := cookie_of(connection, cookie)) is not None]


def renewing(connection: HTTPConnection, send: Send) -> Send:
    """A cookie that is to last from its last use is given again with the answer, but where that takes it away."""

    async def sending(message: Message) -> None:
        cookie = getattr(connection.state, "renewed", None)
        if cookie is not None and message["type"] in {"http.response.start", "websocket.accept"}:
            MutableHeaders(scope=message).setdefault("set-cookie", cookie)
        await send(message)

    return sending


def _renew(connection: HTTPConnection, kind: str, lasts: timedelta | None) -> None:
    cookie, lasts = (KIOSK, KIOSK_LASTS) if kind == "kiosk" else (SESSION, lasts)
    value = cookie_of(connection, cookie)
    if value is not None and lasts is not None and "authorization" not in connection.headers:
        connection.state.renewed = set_cookie(connection, cookie, value, lasts=lasts)


def password_of(headers: Headers) -> str | None:
    """The password of `Authorization: Basic …` (RFC 7617), which is the token: calendars know no other way to ask.

    For what only reads: a browser sends such a login again by itself, for other sites too.
    """
    scheme, _, login = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        _, colon, password = b64decode(login, validate=True).decode().partition(":")
    except ValueError:
        return None
    return password if colon else None


def same_origin(headers: Headers) -> bool | None:
    """Whether a browser says that our own page sent this; None where nobody says anything."""
    if site := headers.get("sec-fetch-site"):
        return site == "same-origin"
    if origin := headers.get("origin"):
        host = origin.partition("://")[2]
        return host != "" and host == headers.get("host")
    return None


def _decide(request: Request, visitor: Visitor, route: Route | None, *, allowed: frozenset[str]) -> None:
    """Raises Problem: 403 for who may not, then 404 and 405 for what is not there."""
    if request.method not in SAFE and visitor.kind != "bearer":
        _refuse_other_sites(request, missing_is_fine=False)
    if route is not None and route.least is not None and visitor.role < route.least:
        least, own = route.least, visitor.role
        raise Problem(
            403,
            (
                f"Ini memerlukan peran {least.in_indonesian}; peran Anda {own.in_indonesian}.",
                f"This needs the role {least.word}; yours is {own.word}.",
            ),
        )
    changes = request.method not in SAFE and request.method != WEBSOCKET
    if route is not None and changes and visitor.kind != "session" and visitor.role is Role.WALL:
        raise Problem(403, ("Dinding hanya membaca, tidak mengubah apa pun.", "A wall reads, and changes nothing."))
    if route is None and allowed == {WEBSOCKET}:
        raise Problem(
            426, ("Alamat ini untuk WebSocket.", "This path is for WebSockets."), headers={"Upgrade": "websocket"}
        )
    if route is None and allowed:
        raise Problem(
            405,
            ("Metode ini bukan untuk alamat ini.", "This method is not for this path."),
            headers={"Allow": ", ".join(sorted(allowed))},
        )
    if route is None:
        raise Problem(404, NOTHING_HERE)


def _refuse_other_sites(request: Request, *, missing_is_fine: bool) -> None:
    """A browser sends our cookie with any request to us; a change counts only where our own page asked for it.

    So does a WebSocket: nothing else keeps a page of another site from reading what one says (RFC 6455, section 10.2).
    """
    same = same_origin(request.headers)
    if request.method not in SAFE and not (missing_is_fine if same is None else same):
        raise Problem(403, ("Permintaan ini datang dari situs lain.", "This request comes from another site."))


def _refuse_large(headers: Headers, most: int) -> None:
    """Bodies declare their length, and the server holds them to it; so none is read that is too large."""
    length = headers.get("content-length", "0")
    if "transfer-encoding" in headers or not length.isdecimal():
        raise Problem(411, ("Isi permintaan harus menyebut Content-Length.", "A body must declare its Content-Length."))
    # Ten digits are more than anybody may send, and few enough to be read as a number; zeros before them are none.
    if int(length.lstrip("0")[:10] or "0") > most:
        raise Problem(413, (f"Isi permintaan paling besar {most} byte.", f"A body has at most {most} bytes."))


def _unknown_visitor(request: Request, route: Route | None) -> Response:
    if route is not None and route.page and request.headers.get("sec-fetch-site") == "cross-site":
        return again_page(request)
    if route is not None and route.page:
        return RedirectResponse(login_url(request), 303)
    tried = "authorization" in request.headers or bool(secrets_of(request))
    challenge = 'Bearer error="invalid_token"' if tried else "Bearer"
    if route is not None and route.media == CALENDAR:
        challenge = 'Basic realm="pantau", charset="UTF-8"'
    return answer(request, Problem(401, OPENS_NOTHING if tried else NO_TOKEN, headers={"WWW-Authenticate": challenge}))


def _long_unused(last_used_at: datetime | None, now: datetime) -> bool:
    return last_used_at is None or now - last_used_at >= TOUCH_EVERY
