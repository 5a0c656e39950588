"""The small city of these tests: devices and their newest readings as rows, and a clock that is turned by hand."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from psycopg import AsyncConnection
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool

from alerts import engine
from alerts.alert import Alert, Change, Severity, State
from alerts.measuring import Hurry
from alerts.notify.channels.settings import LONGEST_TIMEOUT_SECONDS
from alerts.paging.compose import Desk
from alerts.paging.paging import Paging
from alerts.settings import AlertSettings
from alerts.states.witnesses import Witnesses
from alerts.store import Reader
from alerts.view import View
from tests.patience import PATIENCE_SECONDS

NOON = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
UNHURRIED = Hurry(statement_seconds=PATIENCE_SECONDS, round_seconds=PATIENCE_SECONDS)
DESK = Desk(url="https://pantau.example", zone=ZoneInfo("Asia/Jakarta"))

ADD_DEVICE = "insert into device (id, kind, name, area, parents, attributes) values (%s, %s, %s, %s, %s, %s)"
SAY = """
insert into device_status (device_id, status, received_at, retained) values (%s, %s, %s, false)
on conflict (device_id) do update set status = excluded.status, received_at = excluded.received_at,
    retained = excluded.retained, changed = pg_current_xact_id()
"""
READ = """
with known as (
    insert into series (device_id, metric) values (%(device)s, %(metric)s)
    on conflict (device_id, metric) do update set metric = excluded.metric returning id),
read as (
    insert into reading (series_id, time, value) select id, %(at)s, %(value)s from known on conflict do nothing)
insert into latest (series_id, time, value, received_at) select id, %(at)s, %(value)s, %(received_at)s from known
on conflict (series_id) do update
set time = excluded.time, value = excluded.value, received_at = excluded.received_at, changed = pg_current_xact_id()
"""

SILENT = {"name": "silent", "kind": "silence", "severity": "critical", "match": {"kind": "fibre_point"}}
DOWN = {"name": "device-down", "kind": "state", "severity": "critical"}
OPTICAL_LOW = {
    "name": "optical-low",
    "kind": "threshold",
    "metric": "rx_power_dbm",
    "below": -27.0,
    "clear": -26.0,
    "for": "2m",
    "severity": "warning",
    "match": {"kind": "fibre_point", "area": "Lengkiti"},
    "summary": "{{ device.name }}: daya optik {{ value }} dBm",
}


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def an_alert(**changes: Any) -> Alert:  # noqa: ANN401  fields of several types
    alert = Alert(
        rule="optical-low",
        device="fp-087",
        kind="fibre_point",
        area="Lengkiti",
        severity=Severity.WARNING,
        starts_at=NOON,
        evidence_at=NOON,
    )
    return replace(alert, **changes)


def firing(**changes: Any) -> Alert:  # noqa: ANN401  fields of several types
    return an_alert(**{"state": State.FIRING, "fired_at": NOON} | changes)


@dataclass(slots=True)
class Clock:
    moment: datetime = NOON

    def now(self) -> datetime:
        return self.moment

    async def of_all(self, _: AsyncConnection[Any]) -> datetime:
        """As the clock of a database."""
        return self.moment

    def pass_(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


def settings(*rules: dict[str, Any], urls: dict[str, str] | None = None, **more: Any) -> AlertSettings:  # noqa: ANN401  sections of city.toml
    """Rules whose alerts all go to all of the channels named in `urls`."""
    hook = {"kind": "webhook", "timeout_seconds": LONGEST_TIMEOUT_SECONDS}
    channels = [{"name": name, "url": url, **hook} for name, url in (urls or {}).items()]
    routes = [{"channels": list(urls), "group_wait": "0s"}] if urls else []
    return AlertSettings.model_validate({"rules": rules, "channels": channels, "routes": routes, **more})


def judging(wanted: AlertSettings, now: Callable[[], datetime]) -> engine.Judging:
    """What an engine is handed, of one ingest worker and no witness but those in the settings."""
    return engine.Judging(
        rules=wanted.rules,
        states=wanted.states,
        workers=1,
        witnesses=Witnesses(wanted.states.ourselves, now),
        paging=Paging.of(wanted, DESK),
    )


@dataclass(slots=True)
class City:
    """What stands in the database, and one engine over it."""

    pool: AsyncConnectionPool[AsyncConnection[Any]]
    clock: Clock = field(default_factory=Clock)
    reader: Reader = field(default_factory=lambda: Reader(View(())))
    paging: Paging = field(default_factory=lambda: Paging.of(settings(), DESK))

    def start(self, wanted: AlertSettings, *, hurry: Hurry = UNHURRIED) -> None:
        """A fresh engine, as after a start of the process: all it knows, it reads."""
        self.reader = Reader(View(wanted.rules, wanted.states), hurry=hurry)
        self.paging = Paging.of(wanted, DESK)

    async def add(
        self, device: str, *parents: str, kind: str = "fibre_point", area: str = "Lengkiti", metres: float = 1_000
    ) -> None:
        attributes = {"cable_metres": metres} if parents and kind == "fibre_point" else {}
        await self.run(ADD_DEVICE, [device, kind, device.upper(), area, Jsonb(list(parents)), Jsonb(attributes)])

    async def says(self, status: str, *devices: str) -> None:
        """What devices say of their own connection, now."""
        for device in devices:
            await self.run(SAY, [device, status, self.clock.now()])

    async def reads(
        self, device: str, value: float, *, metric: str = "rx_power_dbm", age: float = 0, heard: float = 0
    ) -> None:
        """A newest reading, `age` seconds old by its own time and received `heard` seconds ago."""
        now = self.clock.now()
        at, received_at = now - timedelta(seconds=age), now - timedelta(seconds=heard)
        row = {"device": device, "metric": metric, "at": at, "value": value, "received_at": received_at}
        await self.run(READ, row)

    @property
    def noon(self) -> datetime:
        return NOON

    def at(self, seconds: float) -> datetime:
        return after(seconds)

    async def round(self) -> list[Change]:
        async with self.pool.connection() as connection:
            return await engine.run_once(connection, self.reader, self.paging, self.clock.now())

    async def states(self) -> list[tuple[str, str, str]]:
        return await self.run("select rule, device, state from alert order by id")

    async def run(self, statement: str, values: Any = None) -> list[Any]:  # noqa: ANN401  whatever the statement needs
        async with self.pool.connection() as connection:
            cursor = await connection.execute(statement, values)
            return await cursor.fetchall() if cursor.description else []
