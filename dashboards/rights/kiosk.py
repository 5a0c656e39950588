"""GET /wall?token=…: a screen without hands shows a wall's token once, and is known from then on by a cookie.

Its session is a child of the token: it lives as long as that does, and ends with it.
"""

from urllib.parse import urlencode

from psycopg import AsyncConnection
from psycopg.rows import DictRow, dict_row
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from dashboards import audit
from dashboards.audit import Author
from dashboards.centre import Centre
from dashboards.rights import queries
from dashboards.rights.cookies import KIOSK, KIOSK_LASTS, cookie_of, set_cookie
from dashboards.rights.sign_in_page import waiting_page
from dashboards.rights.tokens import digest, new_secret
from dashboards.roles import Role

# Of one token: a screen that forgets its cookie at every start would else add one each time. Those longest unused go.
KIOSKS_MAX = 200


async def sign_in(request: Request, centre: Centre, token: str) -> Response:
    """To the same page without the token, so that it stands in no history; or a page that says why not, and retries."""
    async with centre.database() as connection, connection.transaction():
        parent = await _row(connection, queries.BEARER, {"hash": digest(token)})
        if parent is None:
            return waiting_page(request, centre.settings, "wrong_token", 401)
        if parent["role"] != Role.WALL.word:
            return waiting_page(request, centre.settings, "no_wall_token", 403)
        secret = await _known(connection, request, parent) or await _new(connection, request, centre, parent)
    response = RedirectResponse(_without_token(request), 303)
    response.headers.append("set-cookie", set_cookie(request, KIOSK, secret, lasts=KIOSK_LASTS))
    return response


async def _known(connection: AsyncConnection, request: Request, parent: DictRow) -> str | None:
    """The secret of a screen that comes back."""
    secret = cookie_of(request, KIOSK)
    if secret is None:
        return None
    found = await _row(connection, queries.KIOSK_OF, {"hash": digest(secret), "parent": parent["id"]})
    return None if found is None else secret


async def _new(connection: AsyncConnection, request: Request, centre: Centre, parent: DictRow) -> str:
    secret, now = new_secret(centre.token_bytes), centre.now()
    row = {"hash": digest(secret), "parent": parent["id"], "name": parent["name"], "now": now}
    await connection.execute(queries.ADD_KIOSK, row)
    await connection.execute(queries.FORGET_KIOSKS, {"parent": parent["id"], "most": KIOSKS_MAX})
    origin = request.client.host if request.client else "unknown"
    await audit.record(connection, Author(parent["name"], origin), "token.kiosk", parent["name"], now=now)
    return secret


async def _row(connection: AsyncConnection, query: str, parameters: dict[str, object]) -> DictRow | None:
    async with connection.cursor(row_factory=dict_row) as cursor:
        return await (await cursor.execute(query, parameters)).fetchone()


def _without_token(request: Request) -> str:
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "token"]
    path: str = request.scope["path"]
    return f"{path}?{urlencode(kept)}" if kept else path
