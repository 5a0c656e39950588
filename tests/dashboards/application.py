"""The application over a database, as tests put it together."""

from pathlib import Path

from fastapi import FastAPI
from psycopg_pool import AsyncConnectionPool
from pydantic import SecretStr

from dashboards.app import create_app
from dashboards.cameras.access import AccessLog
from dashboards.live.live import Live
from dashboards.settings import DashboardsSettings
from tests.dashboards.city import Clock, NotRandom


def make_app(
    pool: AsyncConnectionPool,
    settings: DashboardsSettings,
    folder: Path,
    clock: Clock,
    dice: NotRandom,
    *,
    live: Live | None = None,
    access: AccessLog | None = None,
    oidc_secret: SecretStr = SecretStr(""),  # noqa: B008  a value
) -> FastAPI:
    """`folder` has, or will have, the pictures of cameras in `frames` and those of technicians in `photos`."""
    return create_app(
        pool,
        settings,
        frames_dir=folder / "frames",
        photos_dir=folder / "photos",
        live=live or Live(pool, settings, now=clock.now, process="another"),
        access=access or AccessLog(pool, settings, now=clock.now),
        now=clock.now,
        token_bytes=dice.token_bytes,
        oidc_secret=oidc_secret,
    )
