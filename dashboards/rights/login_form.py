"""The login page: a form for name and password, and a way to the provider where there is one."""

from collections.abc import Mapping
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse

from dashboards.centre import Centre
from dashboards.pages import render
from dashboards.rights.sign_in_page import own_path
from dashboards.rights.words import door_words
from dashboards.words import Language


def form_page(
    request: Request,
    centre: Centre,
    lang: Language | None,
    *,
    status: int,
    complaint: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> HTMLResponse:
    """`complaint` is a word of door_words: why this page is seen again."""
    language = lang or centre.settings.language
    wanted = own_path(request.query_params.get("next"), "")
    back = {"next": wanted} if wanted else {}
    page = render(
        "login.html",
        title=centre.settings.title,
        language=language,
        words=door_words(language),
        complaint=complaint,
        action="/login?" + urlencode({"lang": language, **back}),
        provider="/login/oidc?" + urlencode({"lang": language, **back}) if centre.provider else None,
    )
    return HTMLResponse(page, status, headers)
