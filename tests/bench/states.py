"""What judging costs: a tenth of a city changes its state in one second, and a city in which nothing happens."""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from psycopg import AsyncConnection

from alerts import engine
from alerts.paging.compose import Desk
from alerts.paging.paging import Paging
from alerts.settings import AlertSettings
from alerts.store import Reader
from alerts.view import View
from deploy.database import connect, migrate
from deploy.local.postgres import Postgres
from deploy.local.root import ensure_root
from tests.bench.figures import Figure, figure
from tests.bench.line import LOCAL, Load, fresh_line, publishing
from tests.rig import Process, cpu_seconds

SIZES = (227, 2_270, 22_700)
BRANCHES = 6
NOON = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
RULES = {"rules": [{"name": "device-down", "kind": "state", "severity": "critical"}]}
STEADY_SECONDS = 60
PAGING = Paging.of(AlertSettings(), Desk(url="", zone=UTC))

ADD = """
insert into device (id, kind, name, area, parents, attributes)
select 'd' || n, 'fibre_point', 'Titik ' || n, 'Lengkiti',
    case n when 0 then '[]'::jsonb else jsonb_build_array('d' || (n - 1) / %(branches)s) end,
    '{"cable_metres": 500}'
from generate_series(0, %(count)s - 1) as n
"""
SERIES = "insert into series (device_id, metric) select id, 'rtt_seconds' from device"
HEARD = """
insert into latest (series_id, time, value, received_at)
select id, %(at)s, 0.01, %(at)s from series where device_id <> all(%(but)s)
on conflict (series_id) do update
set time = excluded.time, received_at = excluded.received_at, changed = pg_current_xact_id()
"""
SAID = """
insert into device_status (device_id, status, received_at, retained) select device, 'offline', %(at)s, false
from unnest(%(devices)s::text[]) as device
on conflict (device_id) do update set status = excluded.status, received_at = excluded.received_at,
    changed = excluded.changed
"""
COUNTS = """
select (select count(*) from device_state where until is null and state = 'down'),
    (select count(*) from device_state where until is null and state = 'unreachable' and cause is not null),
    (select count(*) from suppression where until is null), (select count(*) from incident where state = 'open')
"""


@dataclass
class Town:
    """A tree of points in the database, and one engine over it, with a clock turned by hand."""

    connection: AsyncConnection[Any]
    size: int
    now: datetime = NOON
    reader: Reader = field(init=False)

    def __post_init__(self) -> None:
        wanted = AlertSettings.model_validate(RULES)
        self.reader = Reader(View(wanted.rules, wanted.states))

    async def build(self) -> None:
        await self.connection.execute(ADD, {"count": self.size, "branches": BRANCHES})
        await self.connection.execute(SERIES)
        await self.heard()
        await self.connection.execute("analyze")

    async def heard(self, but: Sequence[str] = ()) -> None:
        await self.connection.execute(HEARD, {"at": self.now, "but": list(but)})

    async def said_offline(self, devices: Sequence[str]) -> None:
        await self.connection.execute(SAID, {"at": self.now, "devices": list(devices)})

    async def round(self) -> float:
        """Seconds from the first look to the commit."""
        began = time.perf_counter()
        await engine.run_once(self.connection, self.reader, PAGING, self.now)
        return time.perf_counter() - began


def subtrees(size: int, share: float) -> tuple[list[str], int]:
    """Whole subtrees that together are about that share of the tree, from near the leaves up; and how many."""
    children = {n: [c for c in range(n * BRANCHES + 1, n * BRANCHES + BRANCHES + 1) if c < size] for n in range(size)}
    taken: list[int] = []
    roots = 0
    for root in range(size // BRANCHES**2 // 2, size):
        subtree = _below(root, children)
        if len(taken) + len(subtree) > share * size or len(subtree) < BRANCHES:
            continue
        taken += subtree
        roots += 1
    return [f"d{n}" for n in taken], roots


def _below(root: int, children: dict[int, list[int]]) -> list[int]:
    found = [root]
    for node in found:
        found += children[node]
    return found


@asynccontextmanager
async def a_town(folder: Path, root: Path, size: int) -> AsyncIterator[Town]:
    with Postgres(folder / f"postgres-{size}", root=root, durable=True) as server:
        await migrate(server.url)
        async with connect(server.url) as connection:
            town = Town(connection, size)
            await town.build()
            yield town


async def tenth(town: Town) -> tuple[float, float, float]:
    """Seconds of a round in which a tenth falls, of one with nothing new, and of the one in which all return."""
    fallen, roots = subtrees(town.size, 0.1)
    await town.round()
    town.now += timedelta(seconds=10)
    await town.said_offline(fallen)
    town.now += timedelta(seconds=1)
    await town.heard(but=fallen)
    falling = await town.round()
    ((down, unreachable, held, incidents),) = await (await town.connection.execute(COUNTS)).fetchall()
    assert (down, down + unreachable, held, incidents) == (roots, len(fallen), len(fallen) - roots, roots)
    town.now += timedelta(seconds=1)
    quiet = min([await town.round() for _ in range(5)])
    town.now += timedelta(seconds=10)
    await town.heard()
    return falling, quiet, await town.round()


async def growth(runs: int) -> list[Figure]:
    found: dict[int, list[tuple[float, float, float]]] = {size: [] for size in SIZES}
    LOCAL.mkdir(exist_ok=True)
    root = ensure_root(LOCAL / "servers")
    for _ in range(runs):
        for size, times in found.items():
            with tempfile.TemporaryDirectory(dir=LOCAL, prefix="bench-") as folder:
                async with a_town(Path(folder), root, size) as town:
                    times.append(await tenth(town))
    figures = []
    for size, times in found.items():
        most = 2.0 if size == SIZES[-1] else None
        falling = [fall for fall, *_ in times]
        figures += [
            figure(
                f"a tenth of {size:,} devices fall: states, causes, suppressions committed", "s", falling, most=most
            ),
            figure(f"the same of {size:,}, per device that fell", "us", [s / size * 10 * 1e6 for s in falling]),
            figure(f"a round of {size:,} devices without news", "ms", [quiet * 1e3 for _, quiet, _ in times]),
            figure(f"all of {size:,} are heard again", "s", [back for *_, back in times]),
        ]
    return figures


def steady(runs: int) -> Figure:
    """The share of a core that the alerts process takes while 227 devices report every 30 s, and nothing happens."""
    shares = []
    for _ in range(runs):
        with fresh_line(227) as line:
            alerts = Process(("alerts",), line.workers[0].environment)
            alerts.start()
            try:
                load = Load(messages=round(227 / 30 * (STEADY_SECONDS + 20)), rate=227 / 30)
                with publishing(line.mosquitto.url, load) as publisher:
                    time.sleep(15)
                    before, began = cpu_seconds(alerts.pid), time.monotonic()
                    time.sleep(STEADY_SECONDS)
                    shares.append((cpu_seconds(alerts.pid) - before) / (time.monotonic() - began))
                    publisher.wait(60)
            finally:
                alerts.kill()
    return figure("alerts in a city of 227 devices where nothing happens", "cores", shares, most=0.02)


def figures(runs: int) -> list[Figure]:
    return [*asyncio.run(growth(runs)), steady(runs)]
