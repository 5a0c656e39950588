"""What ten rules on every device of a city of 22,700 cost, at one reading per device every 30 s."""

import asyncio
import gc
import tempfile
import time
import tracemalloc
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from psycopg import AsyncConnection

from alerts import engine
from alerts.measurements import MOST_ASKED
from alerts.settings import AlertSettings
from alerts.store import Reader
from alerts.view import View
from deploy.database import connect, migrate
from deploy.local.postgres import Postgres
from deploy.local.root import ensure_root
from tests.bench.figures import Figure, figure
from tests.bench.line import LOCAL
from tests.bench.states import ADD, BRANCHES, NOON, PAGING
from tests.rig import cpu_seconds

SIZE = 22_700
INTERVAL_SECONDS = 30
ROUNDS_PER_SECOND = 4
PAST_MINUTES = 30
METRIC = "rx_power_dbm"

# One of most kinds, each on every device; all about the metric that is reported, and none that fires.
RULES: Sequence[dict[str, Any]] = (
    {"name": "down", "kind": "state"},
    {"name": "silent", "kind": "silence", "after": "10m"},
    {"name": "low", "kind": "threshold", "metric": METRIC, "below": -27.0, "clear": -26.0, "for": "2m"},
    {"name": "very-low", "kind": "threshold", "metric": METRIC, "below": -30.0},
    {"name": "high", "kind": "threshold", "metric": METRIC, "above": -3.0, "keep_firing_for": "5m"},
    {"name": "no-data", "kind": "threshold", "metric": METRIC, "below": -35.0, "no_data": "alert", "max_age": "10m"},
    {"name": "panic", "kind": "event", "event": "panic_button"},
    {"name": "mean", "kind": "window", "metric": METRIC, "below": -27.0, "over": "5m"},
    {"name": "falling", "kind": "rate", "metric": METRIC, "below": -1.0, "per": "minute", "over": "10m"},
    {"name": "soon", "kind": "forecast", "metric": METRIC, "below": -27.0, "within": "1h", "over": "30m"},
)

SERIES = f"insert into series (device_id, metric) select id, '{METRIC}' from device order by length(id), id"  # noqa: S608  ours
PAST = """
insert into reading (series_id, time, value)
select id, %(until)s::timestamptz - (n * %(interval)s + id %% %(interval)s) * interval '1 second',
    -20 + 0.1 * sin(id + n)
from series, generate_series(1, %(count)s) as n
"""
LATEST = "insert into latest select series_id, max(time), -20, max(time) from reading group by series_id"
# Every device has its own moment within the interval.
HEARD = """
with heard as (
    insert into reading (series_id, time, value)
    select id, %(at)s::timestamptz, -20 + 0.1 * sin(id + %(slot)s) from series where id %% %(slots)s = %(slot)s
    returning series_id, time, value)
update latest set time = heard.time, value = heard.value, received_at = heard.time, changed = pg_current_xact_id()
from heard where latest.series_id = heard.series_id
"""


@dataclass
class Town:
    """The devices in the database with half an hour of readings, one engine over them, and a clock turned by hand."""

    connection: AsyncConnection[Any]
    postgres_pid: int
    reader: Reader
    second: float = 0.0

    async def build(self) -> None:
        await self.connection.execute(ADD, {"count": SIZE, "branches": BRANCHES})
        await self.connection.execute(SERIES)
        count = PAST_MINUTES * 60 // INTERVAL_SECONDS
        await self.connection.execute(PAST, {"until": NOON, "interval": INTERVAL_SECONDS, "count": count})
        await self.connection.execute(LATEST)
        await self.connection.execute("vacuum analyze")

    def begin(self, rules: Sequence[dict[str, Any]]) -> None:
        wanted = AlertSettings.model_validate({"rules": rules})
        self.reader = Reader(View(wanted.rules, wanted.states))

    async def round(self) -> tuple[float, float]:
        """Seconds of our own CPU and of Postgres's that a round takes, a quarter of a second after the last."""
        slots = INTERVAL_SECONDS * ROUNDS_PER_SECOND
        now, slot = NOON + timedelta(seconds=self.second), round(self.second * ROUNDS_PER_SECOND) % slots
        await self.connection.execute(HEARD, {"at": now, "slot": slot, "slots": slots})
        ours, theirs = time.process_time(), cpu_seconds(self.postgres_pid)
        changes = await engine.run_once(self.connection, self.reader, PAGING, now)
        assert not changes
        self.second += 1 / ROUNDS_PER_SECOND
        return time.process_time() - ours, cpu_seconds(self.postgres_pid) - theirs

    async def minute(self) -> tuple[float, float]:
        """The share of a core that a minute takes, ours and Postgres's."""
        spent = [await self.round() for _ in range(60 * ROUNDS_PER_SECOND)]
        return sum(ours for ours, _ in spent) / 60, sum(theirs for _, theirs in spent) / 60

    async def held(self, rules: Sequence[dict[str, Any]]) -> int:
        """Bytes that an engine with these rules holds, once every device has spoken."""
        tracemalloc.start()
        self.begin(rules)
        for _ in range(INTERVAL_SECONDS * ROUNDS_PER_SECOND + ROUNDS_PER_SECOND):
            await self.round()
        gc.collect()
        held, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return held


@asynccontextmanager
async def a_town(folder: Path, root: Path) -> AsyncIterator[Town]:
    with Postgres(folder / "postgres", root=root, durable=True) as server:
        await migrate(server.url)
        async with connect(server.url) as connection:
            assert server._server is not None
            town = Town(connection, server._server.process.pid, Reader(View(())))
            await town.build()
            yield town


async def measure() -> tuple[float, float, float, float]:
    """Cores of ours with ten rules, of Postgres, of ours with none; bytes per rule and device."""
    root = ensure_root(LOCAL / "servers")
    with tempfile.TemporaryDirectory(dir=LOCAL, prefix="bench-") as folder:
        async with a_town(Path(folder), root) as town:
            town.begin(RULES)
            for _ in range(SIZE // MOST_ASKED + 1):
                await town.round()
            assert not town.reader.view.failures.known
            ours, theirs = await town.minute()
            known = town.reader.view.measurements.values
            assert [len(known[name]) for name in ("mean", "falling", "soon")] == [SIZE] * 3
            town.begin(())
            await town.round()
            alone, _ = await town.minute()
            bare = await town.held(())
            held = await town.held(RULES)
    return ours, theirs, alone, (held - bare) / SIZE / len(RULES)


def figures(runs: int) -> list[Figure]:
    LOCAL.mkdir(exist_ok=True)
    found = [asyncio.run(measure()) for _ in range(runs)]
    return [
        figure(
            "22,700 devices x 10 rules, each device heard every 30 s: the engine",
            "cores",
            [f[0] for f in found],
            most=0.25,
        ),
        figure("Postgres meanwhile, for the engine", "cores", [f[1] for f in found]),
        figure("the engine without any rule", "cores", [f[2] for f in found]),
        figure("memory of the engine per rule and device", "bytes", [f[3] for f in found], most=500),
    ]
