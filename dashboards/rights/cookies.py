"""The cookies of a browser: who signed in, and the screen at which nobody signs in."""

from datetime import timedelta
from typing import Literal

from starlette.requests import HTTPConnection

SESSION = "pantau_session"
KIOSK = "pantau_kiosk"
# As long as any browser keeps one (RFC 6265bis, section 5.5); each load of the wall begins it anew.
KIOSK_LASTS = timedelta(days=400)


def cookie_name(connection: HTTPConnection, cookie: str) -> str:
    """Over TLS with the prefix that no other host, and nobody on a line without TLS, can set (RFC 6265bis, 4.1.3)."""
    return f"__Host-{cookie}" if _over_tls(connection) else cookie


def cookie_of(connection: HTTPConnection, cookie: str) -> str | None:
    return connection.cookies.get(cookie_name(connection, cookie))


def set_cookie(
    connection: HTTPConnection,
    cookie: str,
    value: str,
    *,
    lasts: timedelta | None,
    site: Literal["Strict", "Lax"] = "Strict",
) -> str:
    """The header's value; without `lasts` the browser forgets it when it is closed. `value` is of URL-safe characters.

    Not `Secure` over plain HTTP: a browser would drop it, and on a wall beside the server there is no TLS.
    """
    parts = [f"{cookie_name(connection, cookie)}={value}", "Path=/", "HttpOnly", f"SameSite={site}"]
    if _over_tls(connection):
        parts.append("Secure")
    if lasts is not None:
        parts.append(f"Max-Age={int(lasts.total_seconds())}")
    return "; ".join(parts)


def drop_cookie(connection: HTTPConnection, cookie: str) -> str:
    return set_cookie(connection, cookie, "", lasts=timedelta())


def _over_tls(connection: HTTPConnection) -> bool:
    return connection.scope["scheme"] in {"https", "wss"}
