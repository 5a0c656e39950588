"""What somebody sees who is not in yet: pages without script, and where they lead."""

import re
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse

from dashboards.pages import render
from dashboards.rights.words import door_words
from dashboards.settings import DashboardsSettings
from dashboards.words import Language

RETRY_SECONDS = 30
# A path of our own: one slash, then neither a second nor a backslash, which browsers take for one; nothing unprintable.
OWN_PATH = re.compile(r"/(?![/\\])[!-\[\]-~]{0,1000}", re.ASCII)
# Leading back there would be a circle.
DOOR = re.compile(r"/log(in|out)([/?#]|$)", re.ASCII)


def own_path(asked: str | None, otherwise: str = "/") -> str:
    """Where somebody wanted to go, if that is a page of ours; never another site."""
    if asked is not None and OWN_PATH.fullmatch(asked) and not DOOR.match(asked):
        return asked
    return otherwise


def login_url(request: Request) -> str:
    """The login page, which leads back to here. A token in the query is left behind."""
    query = [(name, value) for name, value in request.query_params.multi_items() if name != "token"]
    back = _path(request) + (f"?{urlencode(query)}" if query else "")
    asked = {"next": own_path(back)} if back != "/" else {}
    asked |= {name: value for name, value in query if name == "lang" and value in {"id", "en"}}
    return f"/login?{urlencode(asked)}" if asked else "/login"


def waiting_page(request: Request, settings: DashboardsSettings, reason: str, status: int) -> HTMLResponse:
    """What is wrong, to people six metres away; it asks again by itself, for nobody stands at the keyboard."""
    language = language_of(request, settings)
    words = door_words(language)
    page = render(
        "waiting.html", title=settings.title, language=language, words=words, reason=reason, seconds=RETRY_SECONDS
    )
    headers = {"Retry-After": str(RETRY_SECONDS)} | ({"WWW-Authenticate": "Bearer"} if status == 401 else {})
    return HTMLResponse(page, status, headers)


def again_page(request: Request) -> HTMLResponse:
    """Asks for the same page once more, from our own site.

    A browser keeps a Strict cookie to itself where a link of another site leads here, and who is signed in would be
    asked to sign in. What this page asks for, our own site asks for.
    """
    return HTMLResponse(render("again.html", url=own_path(_path(request) + _search(request))))


def language_of(request: Request, settings: DashboardsSettings) -> Language:
    asked = request.query_params.get("lang")
    return "en" if asked == "en" else "id" if asked == "id" else settings.language


def _path(request: Request) -> str:
    return quote(request.scope["path"])


def _search(request: Request) -> str:
    return f"?{urlencode(query)}" if (query := request.query_params.multi_items()) else ""
