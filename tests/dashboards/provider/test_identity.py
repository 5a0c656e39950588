"""What an ID token must say, and how it must be signed, before it is believed."""

import hmac
from base64 import urlsafe_b64encode
from datetime import UTC, datetime
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

from dashboards.rights.provider.identity import NotProven, UnknownKey, claim, identity_of, proven
from dashboards.rights.provider.settings import ProviderSettings

NOW = datetime(2026, 11, 21, 14, 2, 10, tzinfo=UTC)
AT = int(NOW.timestamp())
RSA = RSAKey.generate_key(2048, {"kid": "rsa", "use": "sig"})
EC = ECKey.generate_key("P-256", {"kid": "ec", "use": "sig"})
KEYS = KeySet([RSA, EC]).as_dict(private=False)
SETTINGS = ProviderSettings.model_validate(
    {"issuer": "https://sso.example", "client_id": "pantau", "roles": {"operator": "op", "wall": "layar"}}
)
CLAIMS: dict[str, Any] = {
    "iss": "https://sso.example",
    "aud": "pantau",
    "sub": "s-1",
    "nonce": "n-1",
    "iat": AT - 5,
    "exp": AT + 600,
}


def _proven(id_token: str) -> dict[str, Any]:
    return proven(id_token, KEYS, SETTINGS, nonce="n-1", access_token=None, now=NOW)


def _signed(claims: dict[str, Any], key: Any = RSA, alg: str = "RS256", kid: str = "rsa") -> str:  # noqa: ANN401
    kept = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode({"alg": alg, "kid": kid}, kept, key, algorithms=[alg])


@pytest.mark.parametrize(
    "token",
    [
        _signed(CLAIMS),
        _signed(CLAIMS, EC, "ES256", "ec"),
        _signed(CLAIMS | {"aud": ["pantau"], "azp": "pantau"}),
        _signed(CLAIMS | {"exp": AT - 59}),
        _signed(CLAIMS | {"iat": AT + 59}),
    ],
)
def test_a_sound_token_is_believed_within_two_clocks_difference(token: str) -> None:
    assert _proven(token)["sub"] == "s-1"


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "another"},
        {"aud": "another", "azp": "pantau"},
        {"aud": ["another", "third"]},
        {"aud": ["pantau", "another"], "azp": "another"},
        {"aud": None},
        {"iss": "https://sso.example/"},
        {"iss": None},
        {"nonce": "n-2"},
        {"nonce": None},
        {"exp": AT - 61},
        {"exp": None},
        {"exp": "soon"},
        {"iat": None},
        {"iat": AT + 61},
        {"nbf": AT + 61},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
    ],
)
def test_a_token_for_another_of_another_or_of_another_time_is_not(changes: dict[str, Any]) -> None:
    with pytest.raises(NotProven):
        _proven(_signed(CLAIMS | changes))


def test_a_signature_that_is_not_the_providers_proves_nothing() -> None:
    stranger = RSAKey.generate_key(2048, {"kid": "rsa"})
    head, body, signature = _signed(CLAIMS).split(".")
    shared = _text(b'{"alg":"HS256","kid":"rsa"}') + "." + body
    mac = hmac.digest(RSA.as_pem(private=False), shared.encode(), "sha256")
    unsigned = _text(b'{"alg":"none","kid":"rsa"}') + f".{body}."
    forgeries = [
        _signed(CLAIMS, stranger),
        f"{shared}.{_text(mac)}",
        unsigned,
        f"{head}.{body}.",
        f"{head}.{_signed(CLAIMS | {'sub': 's-2'}).split('.')[1]}.{signature}",
        "",
        "a.b.c",
        "é",
    ]
    for forged in forgeries:
        with pytest.raises(NotProven):
            _proven(forged)


def _text(value: bytes) -> str:
    return urlsafe_b64encode(value).decode().rstrip("=")


def test_a_key_that_is_not_known_yet_is_told_apart() -> None:
    with pytest.raises(UnknownKey):
        _proven(_signed(CLAIMS, RSAKey.generate_key(2048, {"kid": "new"}), kid="new"))


@pytest.mark.parametrize(
    ("claims", "path", "found"),
    [
        ({"roles": ["a"]}, "roles", ["a"]),
        ({"realm_access": {"roles": ["a"]}}, "realm_access.roles", ["a"]),
        ({"https://pantau/roles": "a"}, "https://pantau/roles", "a"),
        ({"a.b": 1, "a": {"b": 2}}, "a.b", 1),
        ({"a": "text"}, "a.b", None),
        ({}, "roles", None),
    ],
)
def test_a_claim_is_found_by_its_name_or_along_the_dots(claims: dict[str, Any], path: str, found: object) -> None:
    assert claim(claims, path) == found


@pytest.mark.parametrize(
    ("value", "role"),
    [(["op", "layar"], "operator"), ("layar", "wall"), ("x op", "operator"), (["x"], None), ([7], None), (None, None)],
)
def test_the_highest_of_the_roles_given_counts(value: object, role: str | None) -> None:
    given = SETTINGS.role_of(identity_of({"sub": "s", "roles": value}, SETTINGS).roles)
    assert (given.word if given else None) == role
