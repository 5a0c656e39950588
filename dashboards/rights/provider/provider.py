"""The provider's doors: where to send somebody, and what it says of who came back."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, TypeVar
from urllib.parse import quote

import httpx
from authlib.oauth2.client import OAuth2Client
from pydantic import BaseModel, SecretStr, ValidationError

from dashboards.rights.provider.identity import Identity, NotProven, UnknownKey, claim, identity_of, proven
from dashboards.rights.provider.settings import ProviderSettings

# What it says of itself, its keys among it, is asked for anew after so long.
METADATA_LASTS = timedelta(hours=1)
# And its keys at most so often when a token is signed by one that we do not know.
KEYS_LAST = timedelta(minutes=1)

Shape = TypeVar("Shape", bound=BaseModel)


class ProviderAway(Exception):  # noqa: N818  it says what happened
    """The provider does not answer, or with nothing that can be read."""


class Refused(Exception):  # noqa: N818
    """The provider does not take the code: it is used, too old, or of somebody else's sign-in."""


class Metadata(BaseModel, frozen=True):
    """What of the discovery document (OpenID Connect Discovery 1.0, section 3) is used here."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None = None
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)


class Tokens(BaseModel, frozen=True):
    access_token: str
    id_token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One sign-in: what only the browser that began it, and the provider, know of it."""

    state: str
    nonce: str
    verifier: str
    redirect_uri: str


class Provider:
    """One, for all who sign in by this process."""

    def __init__(self, settings: ProviderSettings, secret: SecretStr, *, now: Callable[[], datetime]) -> None:
        self.settings = settings
        self._secret = secret
        self._now = now
        self._metadata: tuple[datetime, Metadata] | None = None
        self._keys: tuple[datetime, Mapping[str, Any]] | None = None

    async def authorization_url(self, ask: Ask) -> str:
        """Where to send the browser: code flow with PKCE (RFC 7636). Raises ProviderAway."""
        async with self._client() as client:
            metadata = await self._about(client)
        asking = OAuth2Client(
            None,
            self.settings.client_id,
            scope=self.settings.scope,
            redirect_uri=ask.redirect_uri,
            code_challenge_method="S256",
        )
        url, _ = asking.create_authorization_url(
            metadata.authorization_endpoint, state=ask.state, code_verifier=ask.verifier, nonce=ask.nonce
        )
        return str(url)

    async def identity(self, code: str, ask: Ask) -> Identity:
        """Whose code this is. Raises ProviderAway, Refused, NotProven."""
        async with self._client() as client:
            metadata = await self._about(client)
            tokens = await self._exchange(client, metadata, code, ask)
            claims = await self._claims(client, metadata, tokens, ask.nonce)
            if any(claim(claims, path) is None for path in (self.settings.name_claim, self.settings.role_claim)):
                claims |= await self._more(client, metadata, tokens, claims["sub"])
        return identity_of(claims, self.settings)

    async def _exchange(self, client: httpx.AsyncClient, metadata: Metadata, code: str, ask: Ask) -> Tokens:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": ask.redirect_uri,
            "code_verifier": ask.verifier,
        }
        ours = (self.settings.client_id, self._secret.get_secret_value())
        if "client_secret_basic" in metadata.token_endpoint_auth_methods_supported:
            name, secret = (quote(word, safe="") for word in ours)  # RFC 6749, section 2.3.1
            answer = await client.post(metadata.token_endpoint, data=form, auth=httpx.BasicAuth(name, secret))
        else:
            form |= dict(zip(("client_id", "client_secret"), ours, strict=True))
            answer = await client.post(metadata.token_endpoint, data=form)
        if answer.is_client_error:
            raise Refused(f"the provider answers the code with {answer.status_code}")
        return _read(Tokens, answer)

    async def _claims(
        self, client: httpx.AsyncClient, metadata: Metadata, tokens: Tokens, nonce: str
    ) -> dict[str, Any]:
        for keys_last in (METADATA_LASTS, KEYS_LAST):
            keys = await self._public_keys(client, metadata, keys_last)
            try:
                return proven(
                    tokens.id_token,
                    keys,
                    self.settings,
                    nonce=nonce,
                    access_token=tokens.access_token,
                    now=self._now(),
                )
            except UnknownKey:
                if keys_last is KEYS_LAST:
                    raise
        raise AssertionError

    async def _more(
        self, client: httpx.AsyncClient, metadata: Metadata, tokens: Tokens, subject: str
    ) -> dict[str, Any]:
        """What the provider keeps out of the ID token. Of the same person, or it is not believed (section 5.3.2)."""
        if metadata.userinfo_endpoint is None:
            return {}
        bearer = {"Authorization": f"Bearer {tokens.access_token}"}
        told = _json(await client.get(metadata.userinfo_endpoint, headers=bearer))
        if told.get("sub") != subject:
            raise NotProven("what the provider tells of the user is of somebody else")
        return {name: value for name, value in told.items() if name != "sub"}

    async def _about(self, client: httpx.AsyncClient) -> Metadata:
        now = self._now()
        if self._metadata is None or now - self._metadata[0] >= METADATA_LASTS:
            url = f"{self.settings.issuer.rstrip('/')}/.well-known/openid-configuration"
            metadata = _read(Metadata, await client.get(url))
            if metadata.issuer != self.settings.issuer:  # Discovery, section 4.3: exactly the same
                raise ProviderAway("the provider names itself otherwise than [dashboards.oidc] issuer does")
            self._metadata = now, metadata
        return self._metadata[1]

    async def _public_keys(self, client: httpx.AsyncClient, metadata: Metadata, last: timedelta) -> Mapping[str, Any]:
        now = self._now()
        if self._keys is None or now - self._keys[0] >= last:
            keys = _json(await client.get(metadata.jwks_uri))
            if not isinstance(keys.get("keys"), list):
                raise ProviderAway("the provider's keys cannot be read")
            self._keys = now, keys
        return self._keys[1]

    @asynccontextmanager
    async def _client(self) -> AsyncIterator[httpx.AsyncClient]:
        seconds = self.settings.answer_within_seconds
        try:
            async with asyncio.timeout(seconds), httpx.AsyncClient(verify=_tls(), timeout=seconds) as client:
                yield client
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as fault:
            raise ProviderAway(f"the provider does not answer: {type(fault).__name__}") from fault


def _read(shape: type[Shape], answer: httpx.Response) -> Shape:
    try:
        return shape.model_validate(_json(answer))
    except ValidationError as fault:
        missing = ", ".join(".".join(map(str, one["loc"])) for one in fault.errors(include_input=False))
        raise ProviderAway(f"the provider's answer has no sound {missing}") from None


def _json(answer: httpx.Response) -> dict[str, Any]:
    answer.raise_for_status()
    try:
        told = answer.json()
    except ValueError as fault:
        raise ProviderAway("the provider's answer is no JSON") from fault
    if not isinstance(told, dict):
        raise ProviderAway("the provider's answer is no object")
    return told


@cache
def _tls() -> ssl.SSLContext:
    """Reading the machine's certificates takes longer than a page should."""
    return ssl.create_default_context()
