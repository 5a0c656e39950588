"""An ingest worker in this process, on the real database and the real broker."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiomqtt
import psycopg
from psycopg.types.json import Jsonb

from deploy.database import open_pool, wakes
from deploy.supervise import side_by_side
from devices.broker import BrokerAddress
from devices.topics import Grammar
from ingest.batch import BatchLimits
from ingest.registry_view import RegistryView
from ingest.session import SessionTerms
from ingest.worker import Clocks, run
from tests.patience import PATIENCE_SECONDS

CLOCKS = Clocks(now_us=lambda: time.time_ns() // 1_000, seconds=time.monotonic)


@dataclass
class Centre:
    """What a test needs: somewhere to publish, something to ask. Each has a topic root of its own."""

    database_url: str
    mqtt_url: str
    grammar: Grammar
    client: aiomqtt.Client
    ready: dict[str, str | None] = field(default_factory=lambda: {"database": "waiting", "broker": "waiting"})

    async def publish(
        self, device: str, payload: str | bytes, *, channel: str = "telemetry", retain: bool = False
    ) -> None:
        await self.client.publish(f"{self.grammar.root}/{device}/{channel}", payload, qos=1, retain=retain)

    async def rows(self, statement: str, *arguments: object) -> list[tuple[object, ...]]:
        async with await psycopg.AsyncConnection.connect(self.database_url) as connection:
            return await (await connection.execute(statement, arguments)).fetchall()  # type: ignore[arg-type]

    async def until(self, statement: str, *expected: tuple[object, ...]) -> list[tuple[object, ...]]:
        """Ask until the answer is as expected; the last answer otherwise fails the test."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while (found := await self.rows(statement)) != list(expected) and time.monotonic() < deadline:
            await asyncio.sleep(0.02)
        assert found == list(expected)
        return found

    async def has_devices(self, **kinds: str) -> None:
        async with await psycopg.AsyncConnection.connect(self.database_url, autocommit=True) as connection:
            for device, kind in kinds.items():
                await connection.execute(
                    "insert into device (id, kind, name, parents) values (%s, %s, %s, %s)",
                    [device.replace("_", "-"), kind, device, Jsonb([])],
                )


@asynccontextmanager
async def ingesting(
    centre: Centre, *, worker: int = 1, limits: BatchLimits | None = None
) -> AsyncIterator[asyncio.Task[None]]:
    terms = SessionTerms(
        broker=BrokerAddress.parse(centre.mqtt_url),
        client_id=f"{centre.grammar.root}-{worker}",
        subscribe=centre.grammar.filters(),
        expiry_seconds=600,
        receive_maximum=4_096,
        connect_seconds=PATIENCE_SECONDS,
        answer_seconds=PATIENCE_SECONDS,
    )
    async with open_pool(centre.database_url) as pool:
        registry = RegistryView(pool, centre.grammar, CLOCKS.seconds)
        attempt = side_by_side(
            run(pool, terms, limits or BatchLimits(), registry=registry, clocks=CLOCKS, ready=centre.ready),
            registry.follow(wakes(centre.database_url, "devices", every_seconds=5, rest_seconds=0)),
        )
        task = asyncio.create_task(attempt)
        try:
            while centre.ready["broker"] is not None and not task.done():
                await asyncio.sleep(0.01)
            yield task
        finally:
            task.cancel()
            await asyncio.wait([task])
