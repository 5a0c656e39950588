"""A table of routes: path, method, the least role, the endpoint; and which of them a request means."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from re import Pattern
from typing import Any, get_type_hints

from fastapi import APIRouter, FastAPI
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel
from starlette.routing import compile_path

from dashboards.problem import MEDIA_TYPE, ProblemBody
from dashboards.roles import Role

# What a calendar subscribes to; it logs in as calendars do.
CALENDAR = "text/calendar"
# What a screen listens to for days.
STREAM = "text/event-stream"
# The method of a WebSocket's handshake in the table: HTTP's own is GET, and says nothing of what it asks for.
WEBSOCKET = "WEBSOCKET"
# A form, or a few words: anything larger is not for most of us.
BODY_MAX_BYTES = 64 * 1024

PROBLEMS: dict[int | str, dict[str, Any]] = {
    "default": {
        "description": "Every error is a problem (RFC 9457).",
        "content": {MEDIA_TYPE: {"schema": ProblemBody.model_json_schema()}},
    }
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """`least` None: open to everybody. `page`: a browser without a login is sent to log in.

    `kiosk`: a wall's token in its query makes a screen of whoever asks.
    `media`: what it answers with, where that is no JSON. `body_max_bytes`: more is not read. `takes`: what the body is,
    where that is no JSON. `repeated`: the status of what was done before by the same request; its answer is the same.
    `shape`: of JSON that an endpoint writes itself. `conditional`: 304 for whoever has it already.
    `ranges`: parts of it may be asked for. `silent`: what is done is all there is to say, the answer has no body.
    """

    method: str
    path: str
    least: Role | None
    endpoint: Callable[..., Any]
    status: int = 200
    page: bool = False
    kiosk: bool = False
    media: str | None = None
    documented: bool = True
    body_max_bytes: int = BODY_MAX_BYTES
    takes: str | None = None
    repeated: int | None = None
    shape: type[BaseModel] | None = None
    conditional: bool = False
    ranges: bool = False
    silent: bool = False


def get(path: str, least: Role | None, endpoint: Callable[..., Any], **more: Any) -> Route:  # noqa: ANN401  fields of Route
    return Route(method="GET", path=path, least=least, endpoint=endpoint, **more)


def screen(path: str, least: Role, endpoint: Callable[..., Any]) -> Route:
    """A page for people and for screens without hands."""
    return Route(method="GET", path=path, least=least, endpoint=endpoint, page=True, kiosk=True, documented=False)


def post(path: str, least: Role | None, endpoint: Callable[..., Any], **more: Any) -> Route:  # noqa: ANN401  fields of Route
    return Route(method="POST", path=path, least=least, endpoint=endpoint, **more)


def put(path: str, least: Role | None, endpoint: Callable[..., Any], *, status: int = 200) -> Route:
    return Route(method="PUT", path=path, least=least, endpoint=endpoint, status=status)


def delete(path: str, least: Role | None, endpoint: Callable[..., Any]) -> Route:
    return Route(method="DELETE", path=path, least=least, endpoint=endpoint, status=204)


def websocket(path: str, least: Role, endpoint: Callable[..., Any]) -> Route:
    """Documented in the AsyncAPI document."""
    return Route(method=WEBSOCKET, path=path, least=least, endpoint=endpoint, documented=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a request means: a route; or only a path, with the methods it allows; or nothing."""

    route: Route | None
    template: str
    allowed: frozenset[str]


class Routes:
    """The table, ready to be asked."""

    def __init__(self, table: Sequence[Route]) -> None:
        self.table = table
        self._patterns: list[tuple[Pattern[str], Route]] = [(compile_path(route.path)[0], route) for route in table]

    def find(self, method: str, path: str) -> Found:
        matching = [route for pattern, route in self._patterns if pattern.match(path)]
        return Found(
            route=next((route for route in matching if route.method == method), None),
            template=matching[0].path if matching else "none",
            allowed=frozenset(route.method for route in matching),
        )

    def install(self, app: FastAPI) -> None:
        app.router.routes.extend(self._built.routes)

    @cached_property
    def _built(self) -> APIRouter:
        """Once for all applications: they keep nothing in it, and it takes longer to build than to serve."""
        router = APIRouter()
        for route in self.table:
            if route.method == WEBSOCKET:
                router.add_api_websocket_route(route.path, route.endpoint)
                continue
            router.add_api_route(
                route.path,
                route.endpoint,
                methods=[route.method],
                status_code=route.status,
                responses=_responses(route),
                openapi_extra=None if route.takes is None else _body(route.takes),
                response_class=JSONResponse if route.media is None and not route.silent else Response,
                include_in_schema=route.documented,
            )
        return router


def _responses(route: Route) -> dict[int | str, dict[str, Any]]:
    described = dict(PROBLEMS)
    if route.media is not None:
        described[200] = {"content": {route.media: {}}}
    if route.shape is not None:
        described[200] = {"model": route.shape}
    if route.ranges:
        described[206] = {"description": "The part that was asked for.", "content": {route.media: {}}}
    if route.conditional:
        described[304] = {"description": "The client has it already, by its ETag."}
    if route.repeated is not None:
        described[route.repeated] = {"model": get_type_hints(route.endpoint)["return"], "description": "Done before."}
    return described


def _body(media: str) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": {media: {"schema": {"type": "string", "format": "binary"}}}}}
