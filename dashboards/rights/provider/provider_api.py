"""GET /login/oidc and /login/oidc/callback: to the provider and back."""

import hashlib
import hmac
import logging
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated

from fastapi import Query, Request, Response
from fastapi.responses import RedirectResponse

from dashboards import metrics
from dashboards.audit import Author
from dashboards.auth import origin_of
from dashboards.centre import Centre, Here
from dashboards.missing import NOTHING_HERE
from dashboards.problem import Problem
from dashboards.rights import accounts, sessions
from dashboards.rights.cookies import cookie_of, drop_cookie, set_cookie
from dashboards.rights.login_form import form_page
from dashboards.rights.naming import sound_name
from dashboards.rights.provider.identity import Identity, NotProven
from dashboards.rights.provider.provider import Ask, Provider, ProviderAway, Refused
from dashboards.rights.sign_in_page import own_path
from dashboards.rights.throttle import neighbourhood
from dashboards.words import Language

COOKIE = "pantau_oidc"
TOO_MANY = 429
SEED_BYTES = 32
# Longer than somebody looks for their password.
COOKIE_LASTS = timedelta(minutes=15)
CALLBACK = "/login/oidc/callback"

log = logging.getLogger(__name__)


class Turned(Exception):  # noqa: N818  it says what happened
    """Nobody comes in; `complaint` is the word of why, for the login page."""

    def __init__(self, complaint: str, status: int, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(complaint)
        self.complaint = complaint
        self.status = status
        self.headers = headers


async def begin(request: Request, centre: Here, *, lang: Language | None = None, remember: bool = False) -> Response:
    """To the provider, with a cookie by which this browser is known when it comes back."""
    provider = _provider(centre)
    seed = _text(centre.token_bytes(SEED_BYTES))
    try:
        url = await provider.authorization_url(_ask(request, seed))
    except ProviderAway as away:
        log.warning("signing in at the provider: %s", away)
        return form_page(request, centre, lang, status=503, complaint="provider_away")
    wanted = _text(own_path(request.query_params.get("next")).encode())
    response = RedirectResponse(url, 303)
    value = f"{seed}.{wanted}.{'1' if remember else '0'}"
    # Lax: the provider's site sends the browser back, and a Strict cookie would stay at home.
    response.headers.append("set-cookie", set_cookie(request, COOKIE, value, lasts=COOKIE_LASTS, site="Lax"))
    return response


async def callback(
    request: Request,
    centre: Here,
    *,
    code: Annotated[str, Query(max_length=4_000)] = "",
    state: Annotated[str, Query(max_length=200)] = "",
    error: Annotated[str | None, Query(max_length=200)] = None,
    iss: Annotated[str | None, Query(max_length=2_000)] = None,
) -> Response:
    """Back from the provider: an account of what it says, and a session; or the login page, which says why not."""
    provider = _provider(centre)
    try:
        seed, wanted, remember = _known(request, state)
        _refuse_others(provider, error, iss)
        identity = await _identity(request, centre, provider, code, _ask(request, seed))
        response = await _enter(request, centre, provider, identity, wanted, remember=remember)
        metrics.LOGINS.labels("accepted").inc()
    except Turned as turned:
        metrics.LOGINS.labels("throttled" if turned.status == TOO_MANY else "refused").inc()
        status, complaint = turned.status, turned.complaint
        response = form_page(request, centre, None, status=status, complaint=complaint, headers=turned.headers)
    response.headers.append("set-cookie", drop_cookie(request, COOKIE))
    return response


def _refuse_others(provider: Provider, error: str | None, iss: str | None) -> None:
    """Raises Turned: the provider let nobody in, or it is another provider's answer (RFC 9207)."""
    if error is not None:
        log.info("the provider let nobody in: %r", error)
        raise Turned("provider_refused", 403)
    if iss is not None and iss != provider.settings.issuer:
        raise Turned("not_proven", 400)


async def _identity(request: Request, centre: Centre, provider: Provider, code: str, ask: Ask) -> Identity:
    """Each code costs the provider two requests, so it counts as a failure from its beginning, as a password does."""
    place, now = neighbourhood(origin_of(request)), centre.now()
    if (wait := centre.callbacks.wait(place, now)) is not None:
        raise Turned("wait", TOO_MANY, {"Retry-After": str(wait.seconds + 1)})
    centre.callbacks.failed(place, now)
    identity = await _asked(provider, code, ask)
    centre.callbacks.took_back(place)
    return identity


async def _asked(provider: Provider, code: str, ask: Ask) -> Identity:
    try:
        return await provider.identity(code, ask)
    except ProviderAway as away:
        log.warning("signing in at the provider: %s", away)
        raise Turned("provider_away", 503) from away
    except Refused as refused:
        log.info("signing in at the provider: %s", refused)
        raise Turned("provider_refused", 403) from refused
    except NotProven as forged:
        log.warning("signing in at the provider: %s", forged)
        raise Turned("not_proven", 400) from forged


async def _enter(
    request: Request, centre: Centre, provider: Provider, identity: Identity, wanted: str, *, remember: bool
) -> Response:
    settings, lasts = provider.settings, sessions.lasting(centre, remember=remember)
    role, origin = settings.role_of(identity.roles), origin_of(request)
    async with centre.database() as connection:
        if role is None:
            # Who lost every role there is out here too, wherever else they are signed in.
            await accounts.shut_out(connection, settings.issuer, identity.subject, now=centre.now())
            raise Turned("no_role", 403)
        async with connection.transaction():
            try:
                name = await accounts.put_from_provider(
                    connection,
                    _name(identity),
                    role,
                    issuer=settings.issuer,
                    subject=identity.subject,
                    now=centre.now(),
                    origin=origin,
                )
            except accounts.NameTaken as taken:
                raise Turned("name_taken", 403) from taken
            ends_after = lasts or timedelta(hours=settings.sign_in_again_hours)
            by = Author(name, origin)
            secret = await sessions.begin(connection, centre, by, remember=remember, ends_after=ends_after)
    return sessions.enter(request, secret, wanted, lasts=lasts, from_elsewhere=True)


def _name(identity: Identity) -> str:
    try:
        return sound_name(identity.name or "")
    except ValueError as unsound:
        log.info("the provider's name for somebody: %s", unsound)
        raise Turned("no_name", 403) from unsound


def _provider(centre: Centre) -> Provider:
    if centre.provider is None:
        raise Problem(404, NOTHING_HERE)
    return centre.provider


def _known(request: Request, state: str) -> tuple[str, str, bool]:
    """The seed, where to go, and whether to be remembered, of the sign-in that this very browser began."""
    seed, wanted, remember = (*(cookie_of(request, COOKIE) or "").split("."), "", "", "")[:3]
    if not seed or not hmac.compare_digest(_derived(seed, "state").encode(), state.encode(errors="replace")):
        raise Turned("not_proven", 400)
    try:
        path = urlsafe_b64decode(wanted + "=" * (-len(wanted) % 4)).decode()
    except ValueError:
        path = ""
    return seed, own_path(path), remember == "1"


def _ask(request: Request, seed: str) -> Ask:
    """Three words that cannot be told from one another, of one that never leaves the browser's cookie."""
    base = f"{request.scope['scheme']}://{request.headers.get('host', '')}"
    return Ask(
        state=_derived(seed, "state"),
        nonce=_derived(seed, "nonce"),
        verifier=_derived(seed, "verifier"),
        redirect_uri=base + CALLBACK,
    )


def _derived(seed: str, purpose: str) -> str:
    return _text(hmac.digest(seed.encode(), purpose.encode(), hashlib.sha256))


def _text(value: bytes) -> str:
    return urlsafe_b64encode(value).decode().rstrip("=")
