"""The application over a database, as tests put it together."""

from pathlib import Path
from typing import Any

from fastapi import FastAPI
from psycopg_pool import AsyncConnectionPool

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
    **more: Any,  # noqa: ANN401  whatever create_app takes
) -> FastAPI:
    """`folder` has, or will have, the pictures of cameras in `frames` and those of technicians in `photos`.

    `more` is what create_app takes besides, where it is not made anew here.
    """
    made = {
        "live": Live(pool, settings, now=clock.now, process="another"),
        "access": AccessLog(pool, settings, now=clock.now),
    }
    return create_app(
        pool,
        settings,
        frames_dir=folder / "frames",
        photos_dir=folder / "photos",
        now=clock.now,
        token_bytes=dice.token_bytes,
        **(made | more),
    )
