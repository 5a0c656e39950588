"""The application, put together of what it is handed."""

import asyncio
import time
from collections.abc import Callable
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from fastapi import FastAPI
from psycopg_pool import AsyncConnectionPool
from pydantic import SecretStr
from starlette.middleware import Middleware
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware

from dashboards import refusing
from dashboards.auth import Guard
from dashboards.cameras.access import AccessLog
from dashboards.cameras.multipart import MEDIA_TYPE as MULTIPART
from dashboards.cameras.sharing import Shared
from dashboards.centre import Centre
from dashboards.city.settings import CitySettings
from dashboards.geography.tiles_api import MEDIA_TYPE as TILES
from dashboards.live.live import Live
from dashboards.observed import Observed
from dashboards.rights.provider.provider import Provider
from dashboards.rights.throttle import OF_ADDRESS, Attempts, Throttle
from dashboards.routes import ROUTES
from dashboards.routing import Routes
from dashboards.settings import DashboardsSettings

# Passwords checked at the same time.
HASHING_MAX = 2
# A mosaic is drawn once for all who want the same within a second; so many different ones are kept or being drawn.
MOSAIC_SECONDS = 1.0
MOSAICS_MAX = 8
# Frames that were made smaller: a few of each camera, some 5 MB in all.
NARROWED_MAX = 100
TABLE = Routes(ROUTES)
# Shorter answers fit into one packet anyway. A higher level takes twice as long for a hundredth less.
GZIP_BYTES_MIN = 1_000
GZIP_LEVEL = 6


def create_app(  # noqa: PLR0913  all that the process opened is handed in here
    pool: AsyncConnectionPool,
    settings: DashboardsSettings,
    *,
    frames_dir: Path,
    photos_dir: Path,
    live: Live,
    access: AccessLog,
    now: Callable[[], datetime],
    token_bytes: Callable[[int], bytes],
    city: CitySettings = CitySettings(),  # noqa: B008  a value
    oidc_secret: SecretStr = SecretStr(""),  # noqa: B008  a value
) -> FastAPI:
    """The API and the page. Nothing is opened or started: `live.run` and `access.run` run beside what serves this."""
    centre = Centre(
        pool=pool,
        settings=settings,
        frames_dir=frames_dir,
        photos_dir=photos_dir,
        now=now,
        token_bytes=token_bytes,
        live=live,
        access=access,
        attempts=Attempts(),
        callbacks=Throttle(attempts=OF_ADDRESS),
        hashing=asyncio.Semaphore(HASHING_MAX),
        developing=asyncio.Semaphore(1),
        mosaics=Shared(seconds=MOSAIC_SECONDS, kept_max=MOSAICS_MAX, now=now),
        narrowed=Shared(seconds=settings.frame_fresh_seconds, kept_max=NARROWED_MAX, now=now),
        city=city,
        provider=Provider(settings.oidc, oidc_secret, now=now) if settings.oidc else None,
    )
    app = FastAPI(
        title="Pantau",
        version=version("pantau"),
        # The document is a route of ours, behind the door; the two viewers would load scripts from elsewhere.
        openapi_url=None,
        middleware=[
            Middleware(Observed, clock=time.perf_counter, foreign_origins=city.geography.foreign_origins),
            Middleware(
                GZipMiddleware,
                minimum_size=GZIP_BYTES_MIN,
                compresslevel=GZIP_LEVEL,
                exclude_content_types=(*DEFAULT_EXCLUDED_CONTENT_TYPES, MULTIPART, TILES),
            ),
            Middleware(Guard, routes=TABLE, centre=centre),
        ],
    )
    app.state.centre = centre
    refusing.install(app)
    TABLE.install(app)
    return app
