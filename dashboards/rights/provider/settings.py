"""[dashboards.oidc]: the provider at which people may sign in."""

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, Field

from dashboards.roles import Role, RoleWord, parse_role

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def _issuer(url: str) -> str:
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        raise ValueError("is no URL") from None  # its words quote what stands there
    if parts.username is not None or parts.query or parts.fragment or not host:
        raise ValueError("must be https://host/path, without login, ? or #, just as the provider names itself")
    if parts.scheme != "https" and not (parts.scheme == "http" and host in LOOPBACK):
        raise ValueError("must begin with https://; plain http only for a provider on this machine")
    return url


def _scope(scope: str) -> str:
    if "openid" not in scope.split():
        raise ValueError("must have openid among its words")
    return scope


class ProviderSettings(BaseModel, frozen=True, extra="forbid"):
    """`roles` says which value of the provider's role claim gives which role here; of several the highest counts.

    A claim within another is reached by dots: `realm_access.roles`.
    """

    issuer: Annotated[str, AfterValidator(_issuer)]
    client_id: str = Field(min_length=1, max_length=200)
    scope: Annotated[str, AfterValidator(_scope)] = "openid profile"
    name_claim: str = Field(default="preferred_username", min_length=1)
    role_claim: str = Field(default="roles", min_length=1)
    roles: Mapping[RoleWord, str] = Field(min_length=1)
    # For all that is asked of the provider while somebody waits for a page.
    answer_within_seconds: float = Field(default=10.0, gt=0)
    # However much a session is used: so long after signing in, the provider is asked again who may.
    sign_in_again_hours: float = Field(default=24.0, gt=0)

    def role_of(self, values: frozenset[str]) -> Role | None:
        """The highest role that any of these gives, None where none gives any."""
        return max((parse_role(word) for word, value in self.roles.items() if value in values), default=None)
