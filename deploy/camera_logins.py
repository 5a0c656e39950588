"""The cameras' users and passwords, from the file that PANTAU_CAMERA_CREDENTIALS_FILE names."""

from collections.abc import Mapping

from deploy.refused import RefusedError
from deploy.settings import Settings
from video import credentials
from video.credentials import Credentials


def camera_logins(settings: Settings) -> Mapping[str, Credentials]:
    """By camera; none where no file is named. Raises RefusedError."""
    if settings.camera_credentials is None:
        return {}
    try:
        return credentials.load(settings.camera_credentials)
    except credentials.CredentialsError as fault:
        raise RefusedError([f"PANTAU_CAMERA_CREDENTIALS_FILE: {fault}"]) from fault
