"""What was refused, as whoever asked can read it: a problem for scripts and for our pages, a page for who came here."""

from collections.abc import Mapping

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from psycopg import OperationalError
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from dashboards.invalid import invalid
from dashboards.pages import render
from dashboards.problem import Problem, database_away, title
from dashboards.rights.sign_in_page import language_of
from dashboards.rights.words import door_words
from dashboards.settings import DashboardsSettings
from dashboards.words import preferred

FAILED = (
    "Ada yang gagal di sini; tercatat di log proses ini.",
    "Something failed here; it is in this process's log.",
)
# Of the framework's own refusals those that somebody can meet.
IN_INDONESIAN: Mapping[int, str] = {
    400: "Permintaan ini tidak dapat dibaca.",
    404: "Tidak ada apa-apa di alamat ini.",
    405: "Metode ini bukan untuk alamat ini.",
    408: "Isi permintaan tidak kunjung tiba.",
}


def install(app: FastAPI) -> None:
    """Make every error of the application leave as a problem."""
    app.add_exception_handler(Problem, _own)
    app.add_exception_handler(HTTPException, _of_the_framework)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(OperationalError, _database_away)  # the pool's PoolTimeout is one too
    app.add_exception_handler(Exception, _unexpected)


def answer(request: Request, problem: Problem) -> Response:
    """In English, unless asked otherwise, as our pages do (RFC 9457, section 3.1.3): scripts name no language."""
    if _wants_page(request):
        return _page(request, problem)
    return problem.response(preferred(request.headers.get("accept-language")) or "en")


def _wants_page(request: Request) -> bool:
    """Somebody followed a link, or sent the form of the login: JSON would be all that they see."""
    return "text/html" in request.headers.get("accept", "") and not request.scope["path"].startswith("/api/")


def _page(request: Request, problem: Problem) -> Response:
    settings: DashboardsSettings = request.app.state.centre.settings
    language = language_of(request, settings)
    values = {"title": settings.title, "language": language, "words": door_words(language)}
    page = render("refused.html", **values, reason=problem.detail(language))
    return HTMLResponse(page, problem.status, problem.headers)


async def _own(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)  # noqa: S101  registered for this class alone
    return answer(request, error)


async def _of_the_framework(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101  registered for this class alone
    phrase = title(error.status_code)
    sentence = (IN_INDONESIAN.get(error.status_code, phrase), error.detail or phrase)
    return answer(request, Problem(error.status_code, sentence, headers=error.headers))


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101  registered for this class alone
    return answer(request, invalid(error.errors()))


async def _database_away(request: Request, _: Exception) -> Response:
    return answer(request, database_away())


async def _unexpected(request: Request, _: Exception) -> Response:
    return answer(request, Problem(500, FAILED))
