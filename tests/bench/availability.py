"""How long the report of a year takes: 227 devices with some three hundred stretches of history each."""

import asyncio
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import httpx
from psycopg_pool import AsyncConnectionPool

from dashboards.app import create_app
from dashboards.cameras.access import AccessLog
from dashboards.live.live import Live
from dashboards.rights import tokens
from dashboards.roles import Role
from dashboards.settings import DashboardsSettings
from deploy.database import migrate, open_pool
from deploy.local.postgres import Postgres
from deploy.local.root import ensure_root
from tests.bench.figures import Figure, figure
from tests.bench.line import LOCAL

DEVICES = 227
STRETCHES = 300
NOW = datetime(2026, 11, 21, tzinfo=UTC)
ASKED = 7

REGISTRY = """
insert into device (id, kind, name, area)
select 'fp-' || n, 'fibre_point', 'Titik ' || n, 'Kecamatan ' || n %% 13 from generate_series(1, %(devices)s) as n
"""
# A year of each device, without gaps: up, and every other stretch something else, in turn.
HISTORY = """
insert into device_state (device_id, since, until, state, cause, reason, bucket)
select 'fp-' || n, %(now)s - (%(stretches)s - s) * step, case when s < %(stretches)s - 1 then
        %(now)s - (%(stretches)s - s - 1) * step end,
    case which when 0 then 'up' when 1 then 'down' when 2 then 'unreachable' else 'unknown' end,
    case which when 2 then 'fp-1' end, 'heard',
    case which when 0 then 'up' when 1 then 'down' when 2 then 'upstream' else 'blind' end
from generate_series(1, %(devices)s) as n, generate_series(0, %(stretches)s - 1) as s,
    lateral (select case when s %% 2 = 0 then 0 else 1 + s / 2 %% 3 end as which,
        interval '365 days' / %(stretches)s as step) as turn
"""
JUDGED = "insert into judged (at) values (%(now)s)"


async def ask() -> list[float]:
    """Milliseconds from the question to the whole answer, in this process, the first one left out."""
    LOCAL.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=LOCAL, prefix="bench-") as folder:
        root = ensure_root(LOCAL / "servers")
        with Postgres(Path(folder) / "postgres", root=root, durable=True) as server:
            await migrate(server.url)
            async with open_pool(server.url) as pool:
                return await _asked(pool, Path(folder))


async def _asked(pool: AsyncConnectionPool, folder: Path) -> list[float]:
    seeds, settings = {"devices": DEVICES, "stretches": STRETCHES, "now": NOW}, DashboardsSettings()
    async with pool.connection() as connection:
        for statement in (REGISTRY, HISTORY, JUDGED):
            await connection.execute(statement, seeds)
        await connection.execute("analyze")
        secret = await tokens.create(connection, "bench", Role.WALL, now=NOW, token_bytes=bytes)
    live, access = Live(pool, settings, now=_now, process="bench"), AccessLog(pool, settings, now=_now)
    app = create_app(
        pool, settings, frames_dir=folder, photos_dir=folder, live=live, access=access, now=_now, token_bytes=bytes
    )
    headers = {"Authorization": f"Bearer {secret}"}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://bench", headers=headers, timeout=60
    ) as client:
        times = []
        for _ in range(ASKED + 1):
            began = time.perf_counter()
            answer = await client.get("/api/v1/availability", params={"from": "2025-11-21T00:00:00Z"})
            times.append((time.perf_counter() - began) * 1e3)
        _check(answer.json()["items"])
        return times[1:]


def _check(items: list[dict[str, object]]) -> None:
    assert len(items) == DEVICES
    for item in items:
        seconds = item["seconds"]
        assert isinstance(seconds, dict)
        assert round(sum(seconds.values())) == 365 * 86_400


def _now() -> datetime:
    return NOW


def figures(runs: int) -> list[Figure]:
    times = [time for _ in range(runs) for time in asyncio.run(ask())]
    rows = DEVICES * STRETCHES
    return [figure(f"availability of a year, {DEVICES} devices, {rows:,} stretches", "ms", times, most=200)]
