"""pantau alerts: the engine that judges, the outbox that delivers, the ears for what people answer.

Of several such processes one judges and hears; all deliver.
"""

import random
from collections.abc import Coroutine, Iterator, Mapping
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from alerts import engine, replies
from alerts.notify import hearing, outbox
from alerts.notify.asking import keep_asking
from alerts.notify.channels.kinds import open_all
from alerts.notify.channels.sender import Hearing, Sender
from alerts.notify.reply import Hear
from alerts.paging.answers import Answers
from alerts.paging.compose import Desk
from alerts.paging.paging import Paging
from alerts.states.witnesses import Witnesses
from deploy.clocks import real_supervisor, utc_now
from deploy.database import open_pool, waiting_pool, wakes
from deploy.http_server import serve
from deploy.ops import NOT_YET, Ready, ops_app
from deploy.settings import Settings
from deploy.supervise import Supervisor, side_by_side

# Silence comes about by time alone, so the engine looks this often although nobody wakes it.
JUDGE_SECONDS = 1.0
DELIVER_SECONDS = 1.0
HEAR_SECONDS = 5.0


async def run(settings: Settings) -> None:
    """Returns only when cancelled."""
    supervisor = real_supervisor()
    ready: Ready = {"engine": NOT_YET, "outbox": NOT_YET}
    witnesses = Witnesses(settings.city.states.ourselves, utc_now)
    duty, judging = engine.Duty(), _judging(settings, witnesses)
    async with open_all(settings.city.channels) as senders, waiting_pool(settings.database_url, size=2) as pool:
        answers = Answers(pool=pool, now=utc_now, policies=judging.paging.policies)
        await side_by_side(
            serve(ops_app(ready), settings.ops_address("alerts")),
            supervisor.keep("witnesses", witnesses.run),
            supervisor.keep("engine", partial(_judge, settings, judging, ready, duty)),
            supervisor.keep("outbox", partial(_deliver, settings, senders, ready)),
            supervisor.keep("channels", partial(keep_asking, senders, judging.paging.learn, duty.is_active)),
            *_ears(settings, supervisor, senders, answers.hear, duty),
        )


def _judging(settings: Settings, witnesses: Witnesses) -> engine.Judging:
    city = settings.city
    desk = Desk(url=settings.external_url, zone=ZoneInfo(city.city.time_zone))
    return engine.Judging(
        rules=city.rules,
        states=city.states,
        workers=city.ingest.workers,
        witnesses=witnesses,
        paging=Paging.of(city, desk, city.city.language),
        language=city.city.language,
    )


async def _judge(settings: Settings, judging: engine.Judging, ready: Ready, duty: engine.Duty) -> None:
    looks = wakes(settings.database_url, "readings", every_seconds=JUDGE_SECONDS, rest_seconds=JUDGE_SECONDS / 4)
    try:
        async with open_pool(settings.database_url, size=2) as pool:
            ready["engine"] = None
            await engine.run(pool, judging, looks, now=utc_now, duty=duty)
    finally:
        ready["engine"] = NOT_YET


async def _deliver(settings: Settings, senders: Mapping[str, Sender], ready: Ready) -> None:
    looks = wakes(settings.database_url, "alerts", every_seconds=DELIVER_SECONDS)
    try:
        async with open_pool(settings.database_url, size=4) as pool:
            ready["outbox"] = None
            await outbox.run(outbox.Outbox(pool=pool, jitter=random.random), senders, looks)
    finally:
        ready["outbox"] = NOT_YET


def _ears(
    settings: Settings, supervisor: Supervisor, senders: Mapping[str, Sender], hear: Hear, duty: engine.Duty
) -> Iterator[Coroutine[Any, Any, None]]:
    """One for each channel on which people answer, one for what gateways pass on. They hear while this one judges."""
    for name, sender in hearing.listeners(senders).items():
        yield supervisor.keep(f"replies on {name}", partial(_listen, sender, hear, duty))
    yield supervisor.keep("replies", partial(_hear_gateways, settings, senders, hear, duty))


async def _listen(sender: Hearing, hear: Hear, duty: engine.Duty) -> None:
    await hearing.while_active(duty.is_active, partial(sender.listen, hear, utc_now))


async def _hear_gateways(settings: Settings, senders: Mapping[str, Sender], hear: Hear, duty: engine.Duty) -> None:
    gateways = [channel.name for channel in settings.city.channels if channel.kind == "sms_http"]
    speak = partial(hearing.speak, senders)
    async with open_pool(settings.database_url, size=1) as pool:
        async for _ in wakes(settings.database_url, replies.WAKE, every_seconds=HEAR_SECONDS):
            if duty.active:
                await replies.hear_waiting(pool, hear, speak, utc_now, channels=gateways)
