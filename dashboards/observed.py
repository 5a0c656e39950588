"""Middleware around everything: each answer is counted, and carries the headers that keep a browser safe."""

from collections.abc import Callable, Mapping, Sequence

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboards.metrics import REQUEST_SECONDS
from dashboards.routing import WEBSOCKET


def safe_headers(foreign_origins: Sequence[str] = ()) -> Mapping[str, str]:
    """Nothing inline, nothing from elsewhere, in nobody's frame, and in no window that another site holds.

    `foreign_origins` are those of the map's tiles, where the city has none of its own. A blob is a photo that was taken
    or fetched. A referrer stays within this site, and so a form's Origin is still sent (Fetch, section 3.2: under
    no-referrer it would be null).
    """
    elsewhere = "".join(f" {origin}" for origin in foreign_origins)
    policy = (
        "default-src 'self'",
        f"img-src 'self' blob:{elsewhere}",
        f"connect-src 'self'{elsewhere}",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
    return {
        "Content-Security-Policy": "; ".join(policy),
        "Permissions-Policy": ", ".join(f"{feature}=()" for feature in NOT_OURS),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cache-Control": "no-store",
    }


# What no page of ours ever asks a browser for. The phone takes its pictures by a form's file, which needs no leave.
NOT_OURS = ("camera", "display-capture", "geolocation", "microphone", "payment", "serial", "usb")


class Observed:
    """`clock` counts seconds and never goes back."""

    def __init__(self, app: ASGIApp, *, clock: Callable[[], float], foreign_origins: Sequence[str] = ()) -> None:
        self._app = app
        self._clock = clock
        self._headers = safe_headers(foreign_origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        began, status = self._clock(), "500"

        async def send_hardened(message: Message) -> None:
            nonlocal status
            if message["type"] == "websocket.accept":
                status = "101"
            if message["type"] in {"http.response.start", "websocket.http.response.start"}:
                status = str(message["status"])
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._app(scope, receive, send_hardened)
        finally:
            route = scope.get("state", {}).get("route", "none")
            method = _known(scope["method"]) if scope["type"] == "http" else WEBSOCKET
            REQUEST_SECONDS.labels(method, route, status).observe(self._clock() - began)


def _known(method: str) -> str:
    """Methods are the client's words; a label must not take as many values as a client can invent."""
    return method if method in {"GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"} else "other"
