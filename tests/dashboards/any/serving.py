"""A city with something of everything behind a real server in a thread of its own, for who asks without asyncio."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import uvicorn
from fastapi import FastAPI
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool

from dashboards.city.settings import CitySettings
from dashboards.rights import tokens
from dashboards.roles import Role
from dashboards.settings import DashboardsSettings
from deploy.database import open_pool
from tests.dashboards.any.first_words import FirstWords
from tests.dashboards.application import make_app
from tests.dashboards.city import START, City, Clock, NotRandom
from tests.dashboards.footage import Footage
from tests.patience import PATIENCE_SECONDS

INCIDENT = """
insert into incident (root, area, title, severity, state, class, place, affected, opened_at)
values ('fp-001', 'Lengkiti', 'Kabel FO putus', 'critical', 'open', 'fibre-cut', %s, %s, %s)
"""
NOW = "2026-11-21T14:02:10Z"
BUDI = {"id": "budi", "name": "Budi", "contacts": [{"channel": "sms", "address": "+62811"}]}
CHANGES = (
    ("PUT", "/api/v1/oncall/technicians", {"items": [BUDI]}),
    ("PUT", "/api/v1/accounts/sari", {"role": "operator", "password": "sungai ogan"}),
    ("POST", "/api/v1/tokens", {"name": "lobi", "role": "wall"}),
    ("POST", "/api/v1/silences", {"match": {"device": "fp-002"}, "until": "2026-11-21T16:00:00Z", "reason": "SFP"}),
    (
        "POST",
        "/api/v1/maintenance",
        {"since": NOW, "until": "2026-11-21T16:00:00Z", "match": {"id": "fp-002"}, "reason": "SFP"},
    ),
    (
        "POST",
        "/api/v1/devices/fp-001/notes",
        {"key": "c0ffee00-0000-4000-8000-000000000001", "text": "kotak terbuka"},
    ),
)


@dataclass
class Serving:
    database_url: str
    folder: Path
    ready: threading.Event = field(default_factory=threading.Event)
    url: str = ""
    secret: str = ""
    server: uvicorn.Server | None = None

    def run_alone(self) -> None:
        try:
            asyncio.run(self.run())
        finally:
            self.ready.set()

    async def run(self) -> None:
        clock, dice = Clock(), NotRandom()
        async with open_pool(self.database_url, size=4) as pool:
            # However busy the machine: what takes long is no fault here.
            settings = DashboardsSettings(database_wait_seconds=PATIENCE_SECONDS)
            app = make_app(pool, settings, self.folder, clock, dice, city=CitySettings(channels=["sms"]))
            await self._populate(app, pool, clock, dice)
            self.server = uvicorn.Server(uvicorn.Config(FirstWords(app), port=0, log_level="warning", lifespan="off"))
            serving = asyncio.create_task(self.server.serve())
            while not self.server.started:
                await asyncio.sleep(0.01)
            self.url = f"http://127.0.0.1:{self.server.servers[0].sockets[0].getsockname()[1]}"
            self.ready.set()
            await serving

    async def _populate(self, app: FastAPI, pool: AsyncConnectionPool, clock: Clock, dice: NotRandom) -> None:
        city = City(pool, clock)
        await city.add("fp-001")
        await city.add("fp-002", parents=["fp-001"])
        await city.add("cam-01", "camera", parents=["fp-002"])
        await city.reads("fp-001", "rx_power_dbm", (START, -20.0))
        await city.refuses("fp-new")
        await city.execute(INCIDENT, Jsonb({"below": "fp-001"}), Jsonb({"count": 1, "by_kind": {}}), START)
        await city.alerts("device-down", "fp-001")
        await city.execute("update alert set incident_id = 1")
        await city.judge()
        (self.folder / "frames").mkdir()
        footage = Footage(self.folder / "frames")
        footage.capture("cam-01", START)
        footage.keep("cam-01", START)
        async with pool.connection() as connection:
            self.secret = await tokens.create(
                connection, "admin", Role.ADMIN, now=clock.now(), token_bytes=dice.token_bytes
            )
        await app.state.centre.live.look()
        headers = {"Authorization": f"Bearer {self.secret}"}
        transport, base = httpx.ASGITransport(app), "http://pantau.test"
        async with httpx.AsyncClient(transport=transport, base_url=base, headers=headers) as admin:
            for method, path, body in CHANGES:
                answer = await admin.request(method, path, json=body)
                assert answer.is_success, answer.text


@contextmanager
def serving(database_url: str, folder: Path) -> Iterator[Serving]:
    served = Serving(database_url, folder)
    thread = threading.Thread(target=served.run_alone)
    thread.start()
    try:
        served.ready.wait(PATIENCE_SECONDS)
        assert served.url, "it did not begin"
        yield served
    finally:
        if served.server is not None:
            served.server.should_exit = True
        thread.join()
