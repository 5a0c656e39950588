"""Pure: what a provider says of somebody, believed only as far as OpenID Connect Core, section 3.1.3.7, lets it be."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from dashboards.rights.provider.settings import ProviderSettings

# Signatures of a key that only the provider has; never `none`, and none of a secret that we share.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"]
# Two machines' clocks.
LEEWAY_SECONDS = 60


class NotProven(Exception):  # noqa: N818  it says what happened
    """The answer does not prove who somebody is: forged, of another sign-in, for another client, or too old."""


class UnknownKey(NotProven):
    """Signed by a key that was not there when the provider's keys were fetched; it may have new ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """`subject` never changes at a provider; names may. `roles` are the provider's words."""

    subject: str
    name: str | None
    roles: frozenset[str]


def proven(
    id_token: str,
    keys: Mapping[str, Any],
    settings: ProviderSettings,
    *,
    nonce: str,
    access_token: str | None,
    now: datetime,
) -> dict[str, Any]:
    """The claims of an ID token that is the provider's, for us, of this sign-in, and of now. Raises NotProven."""
    try:
        registry = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
        token = jwt.decode(id_token, KeySet.import_key_set({"keys": list(keys["keys"])}), registry=registry)
        wanted: dict[str, Any] = {
            "iss": {"essential": True, "value": settings.issuer},
            "aud": {"essential": True, "value": settings.client_id},
            "nonce": {"essential": True, "value": nonce},
            "sub": {"essential": True},
        }
        params = {"nonce": nonce, "client_id": settings.client_id, "access_token": access_token}
        claims = CodeIDToken(token.claims, token.header, wanted, params)
        claims.validate(now=int(now.timestamp()), leeway=LEEWAY_SECONDS)
    except InvalidKeyIdError as unknown:
        raise UnknownKey(f"the ID token: {unknown}") from unknown
    except (JoseError, ValueError, KeyError, TypeError) as fault:
        raise NotProven(f"the ID token: {type(fault).__name__}: {fault}") from fault
    if not isinstance(claims["sub"], str) or not claims["sub"]:
        raise NotProven("the ID token: sub is no text")
    return dict(claims)


def identity_of(claims: Mapping[str, Any], settings: ProviderSettings) -> Identity:
    name = claim(claims, settings.name_claim)
    return Identity(
        subject=str(claims["sub"]),
        name=name if isinstance(name, str) else None,
        roles=_words(claim(claims, settings.role_claim)),
    )


def claim(claims: Mapping[str, Any], path: str) -> object:
    """The claim of that name, or within others along the dots; None where there is none."""
    if path in claims:  # names may be URLs
        return claims[path]
    first, dot, rest = path.partition(".")
    inner = claims.get(first)
    return claim(inner, rest) if dot and isinstance(inner, Mapping) else None


def _words(value: object) -> frozenset[str]:
    if isinstance(value, str):
        return frozenset(value.split())
    return frozenset(one for one in value if isinstance(one, str)) if isinstance(value, list) else frozenset()
