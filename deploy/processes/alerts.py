"""pantau alerts: the engine that judges, and the outbox that delivers. Of several such processes one judges."""

import random
from functools import partial
from zoneinfo import ZoneInfo

from alerts import engine
from alerts.notify import outbox
from alerts.notify.channels.kinds import open_all
from alerts.paging.compose import Desk
from alerts.paging.pager import Paging
from alerts.states.witnesses import Witnesses
from deploy.clocks import real_supervisor, utc_now
from deploy.database import open_pool, wakes
from deploy.http_server import serve
from deploy.ops import NOT_YET, Ready, ops_app
from deploy.settings import Settings
from deploy.supervise import side_by_side

# Silence comes about by time alone, so the engine looks this often although nobody wakes it.
JUDGE_SECONDS = 1.0
DELIVER_SECONDS = 1.0


async def run(settings: Settings) -> None:
    """Returns only when cancelled."""
    supervisor = real_supervisor()
    ready: Ready = {"engine": NOT_YET, "outbox": NOT_YET}
    witnesses = Witnesses(settings.city.states.ourselves, utc_now)
    await side_by_side(
        serve(ops_app(ready), settings.ops_address("alerts")),
        supervisor.keep("witnesses", witnesses.run),
        supervisor.keep("engine", partial(_judge, settings, witnesses, ready)),
        supervisor.keep("outbox", partial(_deliver, settings, ready)),
    )


async def _judge(settings: Settings, witnesses: Witnesses, ready: Ready) -> None:
    city = settings.city
    judging = engine.Judging(
        rules=city.rules,
        states=city.states,
        workers=city.ingest.workers,
        witnesses=witnesses,
        paging=Paging.of(city, Desk(url=settings.external_url, zone=ZoneInfo(city.city.time_zone)), city.city.language),
        language=city.city.language,
    )
    looks = wakes(settings.database_url, "readings", every_seconds=JUDGE_SECONDS, rest_seconds=JUDGE_SECONDS / 4)
    try:
        async with open_pool(settings.database_url, size=2) as pool:
            ready["engine"] = None
            await engine.run(pool, judging, looks, now=utc_now, duty=engine.Duty())
    finally:
        ready["engine"] = NOT_YET


async def _deliver(settings: Settings, ready: Ready) -> None:
    looks = wakes(settings.database_url, "alerts", every_seconds=DELIVER_SECONDS)
    try:
        async with open_pool(settings.database_url, size=4) as pool, open_all(settings.city.channels) as senders:
            ready["outbox"] = None
            await outbox.run(outbox.Outbox(pool=pool, now=utc_now, jitter=random.random), senders, looks)
    finally:
        ready["outbox"] = NOT_YET
