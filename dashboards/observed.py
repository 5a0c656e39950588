"""Middleware around everything: each answer is counted, and carries the headers that keep a browser safe."""

from collections.abc import Callable

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboards.metrics import REQUEST_SECONDS

# Nothing inline, nothing from elsewhere, in nobody's frame. A referrer stays within this site, and so a form's Origin
# is still sent (Fetch, section 3.2: under no-referrer it would be null).
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Observed:
    """`clock` counts seconds and never goes back."""

    def __init__(self, app: ASGIApp, *, clock: Callable[[], float]) -> None:
        self._app = app
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = self._clock(), "500"

        async def send_hardened(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = str(message["status"])
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._app(scope, receive, send_hardened)
        finally:
            route = scope.get("state", {}).get("route", "none")
            REQUEST_SECONDS.labels(_known(scope["method"]), route, status).observe(self._clock() - began)


def _known(method: str) -> str:
    """Methods are the client's words; a label must not take as many values as a client can invent."""
    return method if method in {"GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"} else "other"
