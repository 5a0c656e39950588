"""pantau dashboards: the API, the page, and the live stream that feeds them."""

import asyncio
import logging
import secrets
from functools import partial

from psycopg import OperationalError

from dashboards.app import create_app
from dashboards.built_pages import built_pages
from dashboards.cameras.access import AccessLog
from dashboards.city.settings import CitySettings
from dashboards.live.live import Live
from dashboards.notes.keeping import PhotoKeeping
from deploy.city_map import geography
from deploy.clocks import real_supervisor, utc_now
from deploy.database import reach, waiting_pool, wakes
from deploy.http_server import serve
from deploy.oidc_secret import oidc_secret
from deploy.ops import NOT_YET, Ready, ops_app
from deploy.settings import Settings
from deploy.shown_settings import shown_settings
from deploy.supervise import side_by_side

LOOK_SECONDS = 1.0
# What the live stream shows: what devices report, what the engine makes of it, and what people say of that.
LOOKED_FOR = ("readings", "states", "alerts")

log = logging.getLogger(__name__)


async def run(settings: Settings) -> None:
    """Returns only when cancelled. Raises ListenError where PANTAU_LISTEN is taken, RefusedError."""
    supervisor, secret = real_supervisor(), oidc_secret(settings)
    ready: Ready = {"live": NOT_YET, "frame_access": NOT_YET}
    async with waiting_pool(settings.database_url) as pool:
        live = Live(pool, settings.screens, now=utc_now, process=secrets.token_hex(4), build=built_pages().build)
        access = AccessLog(pool, settings.screens, now=utc_now)
        photos = PhotoKeeping(pool, settings.screens, settings.photos_dir, now=utc_now)
        app = create_app(
            pool,
            settings.screens,
            frames_dir=settings.frames_dir,
            photos_dir=settings.photos_dir,
            live=live,
            access=access,
            now=utc_now,
            token_bytes=secrets.token_bytes,
            city=_city(settings),
            oidc_secret=secret,
        )
        try:
            await side_by_side(
                serve(app, settings.listen),
                serve(ops_app(ready), settings.ops_address("dashboards")),
                supervisor.keep("live", partial(_look, settings, live, ready)),
                supervisor.keep("frame access", partial(_note, settings, access, ready)),
                supervisor.keep("photos", photos.run),
                _end_streams(live),
            )
        finally:
            await _note_the_last(access)


def _city(settings: Settings) -> CitySettings:
    city = settings.city
    return CitySettings(
        rules=city.rules,
        areas=city.city.areas,
        channels=[channel.name for channel in city.channels],
        channel_kinds={channel.name: channel.kind for channel in city.channels},
        policies=city.policies,
        geography=geography(settings),
        shown=shown_settings(settings),
    )


async def _look(settings: Settings, live: Live, ready: Ready) -> None:
    try:
        await reach(settings.database_url)
        ready["live"] = None
        rest = settings.screens.look_seconds
        await live.run(wakes(settings.database_url, *LOOKED_FOR, every_seconds=LOOK_SECONDS, rest_seconds=rest))
    finally:
        ready["live"] = NOT_YET


async def _note(settings: Settings, access: AccessLog, ready: Ready) -> None:
    try:
        await reach(settings.database_url)
        ready["frame_access"] = None
        await access.run()
    finally:
        ready["frame_access"] = NOT_YET


async def _note_the_last(access: AccessLog) -> None:
    try:
        await access.flush()
    except OperationalError as failure:
        log.warning("the last looks at pictures are not in the log: %s", failure)


async def _end_streams(live: Live) -> None:
    """Streams never end by themselves, and a server that stops would wait for them."""
    try:
        await asyncio.Event().wait()
    finally:
        live.close()
