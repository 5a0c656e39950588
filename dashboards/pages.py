"""The page before the door: its template and its files, from the package itself."""

from importlib.resources import files
from typing import Any

from fastapi.responses import Response
from jinja2 import Environment, PackageLoader, StrictUndefined

TEMPLATES = Environment(loader=PackageLoader("dashboards", "templates"), autoescape=True, undefined=StrictUndefined)
ASSETS = {
    "login.css": "text/css; charset=utf-8",
    "icon.svg": "image/svg+xml",
}


def render(template: str, **values: Any) -> str:  # noqa: ANN401  whatever the template shows
    return TEMPLATES.get_template(template).render(values)


async def login_style() -> Response:
    """The style of the login page, open as that page is."""
    return _file("login.css")


async def login_icon() -> Response:
    """The icon, for the login page."""
    return _file("icon.svg")


def _file(name: str) -> Response:
    return Response((files("dashboards") / "static" / name).read_bytes(), media_type=ASSETS[name])
