"""pantau dashboards: the API, the page, and the live stream that feeds them."""

import secrets
from functools import partial

from dashboards.app import create_app
from dashboards.live import Live
from deploy.clocks import real_supervisor, utc_now
from deploy.database import reach, waiting_pool, wakes
from deploy.http_server import serve
from deploy.ops import NOT_YET, Ready, ops_app
from deploy.settings import Settings
from deploy.supervise import side_by_side

LOOK_SECONDS = 1.0


async def run(settings: Settings) -> None:
    """Returns only when cancelled. Raises ListenError where PANTAU_LISTEN is taken."""
    supervisor = real_supervisor()
    ready: Ready = {"live": NOT_YET}
    async with waiting_pool(settings.database_url) as pool:
        live = Live(pool, settings.screens, now=utc_now, process=secrets.token_hex(4))
        app = create_app(
            pool,
            settings.screens,
            frames_dir=settings.frames_dir,
            live=live,
            now=utc_now,
            token_bytes=secrets.token_bytes,
        )
        await side_by_side(
            serve(app, settings.listen),
            serve(ops_app(ready), settings.ops_address("dashboards")),
            supervisor.keep("live", partial(_look, settings, live, ready)),
        )


async def _look(settings: Settings, live: Live, ready: Ready) -> None:
    try:
        await reach(settings.database_url)
        ready["live"] = None
        await live.run(wakes(settings.database_url, "readings", every_seconds=LOOK_SECONDS))
    finally:
        ready["live"] = NOT_YET
