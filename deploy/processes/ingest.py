"""pantau ingest: one worker, and the upkeep of the tables it writes."""

import asyncio
from functools import partial

from deploy.clocks import real_clocks, real_supervisor, utc_now
from deploy.database import open_pool, wakes
from deploy.http_server import serve
from deploy.ops import NOT_YET, Ready, ops_app
from deploy.settings import Settings
from deploy.supervise import side_by_side
from devices.broker import BrokerAddress
from ingest import upkeep, worker
from ingest.registry_view import RegistryView

LOOK_AT_DEVICES_SECONDS = 30.0
ROLL_UP_SECONDS = 10.0
RETENTION_SECONDS = 3_600.0


async def run(settings: Settings, *, number: int = 1) -> None:
    """Worker `number` of [ingest] workers, from 1. Returns only when cancelled."""
    supervisor = real_supervisor()
    ready: Ready = {"database": NOT_YET, "broker": NOT_YET}
    await side_by_side(
        serve(ops_app(ready), settings.ops_address("ingest")),
        supervisor.keep("ingest", partial(_ingest, settings, number, ready)),
        supervisor.keep("roll-ups", partial(_roll_up, settings)),
        supervisor.keep("retention", partial(_drop_old, settings)),
    )


async def _ingest(settings: Settings, number: int, ready: Ready) -> None:
    section, clocks = settings.city.ingest, real_clocks()
    broker = BrokerAddress.parse(settings.mqtt_url)
    terms = worker.session_terms(section, settings.grammar, broker=broker, worker=number)
    try:
        async with open_pool(settings.database_url, size=2) as pool:
            registry = RegistryView(pool, settings.grammar, clocks.seconds)
            changes = wakes(settings.database_url, "devices", every_seconds=LOOK_AT_DEVICES_SECONDS, rest_seconds=0)
            await side_by_side(
                worker.run(pool, terms, section.batch, registry=registry, clocks=clocks, ready=ready, worker=number),
                registry.follow(changes),
            )
    finally:
        ready.update(dict.fromkeys(ready, NOT_YET))


async def _roll_up(settings: Settings) -> None:
    async with open_pool(settings.database_url, size=1) as pool:
        while True:
            async with pool.connection() as connection:
                due = await upkeep.roll_up(connection, utc_now())
            await asyncio.sleep(0 if due else ROLL_UP_SECONDS)


async def _drop_old(settings: Settings) -> None:
    async with open_pool(settings.database_url, size=1) as pool:
        while True:
            async with pool.connection() as connection:
                await upkeep.drop_old(connection, settings.city.ingest.retention, utc_now())
            await asyncio.sleep(RETENTION_SECONDS)
