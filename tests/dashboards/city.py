"""A city in a real database, written as the owning rooms would write it, and a clock that stands still."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool

from alerts.states import rows
from alerts.store import Reader
from alerts.view import View

START = datetime(2026, 11, 21, 14, 2, 10, tzinfo=UTC)


@dataclass
class Clock:
    time: datetime = START

    def now(self) -> datetime:
        return self.time

    def pass_seconds(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


@dataclass
class NotRandom:
    """Bytes that differ every time and are the same in every run."""

    count: int = 0

    def token_bytes(self, length: int) -> bytes:
        self.count += 1
        return sha256(str(self.count).encode()).digest()[:length]


@dataclass
class City:
    """Writes rows as the owning rooms would."""

    pool: AsyncConnectionPool
    clock: Clock
    reader: Reader = field(default_factory=lambda: Reader(View(())))
    series: dict[tuple[str, str], int] = field(default_factory=dict)

    async def execute(self, query: str, *parameters: object) -> None:
        async with self.pool.connection() as connection:
            await connection.execute(query, parameters)

    async def judge(self) -> None:
        """What a round of the real engine does about states: what it makes of the city is what is shown."""
        now = self.clock.now()
        async with self.pool.connection() as connection, connection.transaction():
            await self.reader.look(connection, now)
            await rows.save(connection, rows.merged(self.reader.view.judge_states(now)))
            await self.reader.mark(connection, now, news=True)

    async def stands(
        self, device: str, state: str, bucket: str, since: datetime, until: datetime | None = None, **more: object
    ) -> None:
        """A row of history, where a test wants another than the engine would make."""
        row = {"device_id": device, "state": state, "bucket": bucket, "since": since, "until": until}
        row |= {"reason": "heard", "detail": Jsonb(more.pop("detail", {}))} | more
        columns, places = ", ".join(row), ", ".join(["%s"] * len(row))
        await self.execute(f"insert into device_state ({columns}) values ({places})", *row.values())  # noqa: S608  ours

    async def judged(self) -> None:
        """The engine says that it has judged until now, and does nothing."""
        query = "insert into judged (at) values (%s) on conflict (single) do update set at = excluded.at"
        await self.execute(query, self.clock.now())

    async def add(
        self,
        device: str,
        kind: str = "fibre_point",
        *,
        area: str = "Lengkiti",
        name: str = "",
        parents: Sequence[str | list[str]] = (),
    ) -> None:
        await self.execute(
            "insert into device (id, kind, name, area, parents, latitude, longitude)"
            " values (%s, %s, %s, %s, %s, -4.25, 103.75)",
            device,
            kind,
            name or device.upper(),
            area,
            Jsonb(list(parents)),
        )

    async def number(self, device: str, metric: str) -> int:
        if (device, metric) not in self.series:
            async with self.pool.connection() as connection:
                query = "insert into series (device_id, metric) values (%s, %s) returning id"
                row = await (await connection.execute(query, [device, metric])).fetchone()
            assert row is not None
            self.series[device, metric] = row[0]
        return self.series[device, metric]

    async def reads(self, device: str, metric: str, *readings: tuple[datetime, float]) -> None:
        """Readings in the order of time, the last one the latest."""
        number = await self.number(device, metric)
        times, values = [time for time, _ in readings], [value for _, value in readings]
        await self.execute(
            "insert into reading (series_id, time, value) select %s, * from unnest(%s::timestamptz[], %s::float8[])",
            number,
            times,
            values,
        )
        await self.execute(
            "insert into latest (series_id, time, value, received_at) values (%s, %s, %s, %s) on conflict (series_id) "
            "do update set time = excluded.time, value = excluded.value, received_at = excluded.received_at, "
            "changed = excluded.changed where latest.time < excluded.time",
            number,
            times[-1],
            values[-1],
            max(times[-1], self.clock.now()),
        )

    async def says(self, device: str, status: str, *, retained: bool = False) -> None:
        await self.execute(
            "insert into device_status (device_id, status, received_at, retained) values (%s, %s, %s, %s) "
            "on conflict (device_id) do update set status = excluded.status, received_at = excluded.received_at, "
            "retained = excluded.retained, changed = excluded.changed",
            device,
            status,
            self.clock.now(),
            retained,
        )

    async def tells(self, device: str, event: str, data: object) -> None:
        now = self.clock.now()
        query = "insert into event (time, device_id, type, data, received_at) values (%s, %s, %s, %s, %s)"
        await self.execute(query, now, device, event, Jsonb(data), now)

    async def refuses(self, device: str, reason: str = "unknown-device", *, payload: bytes = b"{}") -> None:
        topic, now = f"pantau/v1/{device}/telemetry", self.clock.now()
        query = (
            "insert into rejected (received_at, topic, device_id, reason, detail, payload) values (%s,%s,%s,%s,'',%s)"
        )
        await self.execute(query, now, topic, device, reason, payload)

    async def alerts(self, rule: str, device: str, state: str = "firing", *, ago_seconds: float = 0) -> None:
        at = self.clock.now() - timedelta(seconds=ago_seconds)
        ended = (at, "cleared") if state == "resolved" else (None, None)
        await self.execute(
            "insert into alert (rule, device, kind, area, severity, state, starts_at, evidence_at, fired_at, ends_at, "
            "end_reason, summary) values (%s, %s, 'fibre_point', '', 'critical', %s, %s, %s, %s, %s, %s, 'words')",
            rule,
            device,
            state,
            at,
            at,
            at,
            *ended,
        )
