"""The secret by which the provider of [dashboards.oidc] knows us."""

from pydantic import SecretStr

from deploy.refused import RefusedError
from deploy.server_urls import OIDC_SECRET
from deploy.settings import Settings


def oidc_secret(settings: Settings) -> SecretStr:
    """Empty where nobody signs in elsewhere. Raises RefusedError where it is missing: nobody could sign in there."""
    if settings.city.dashboards.oidc is not None and not settings.oidc_secret.get_secret_value():
        raise RefusedError([f"{OIDC_SECRET}: not set, nor {OIDC_SECRET}_FILE; [dashboards.oidc] needs it"])
    return settings.oidc_secret
