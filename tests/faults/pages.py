"""A centre that pages, of real processes, and what must be true of its pages whatever was done to it."""

import asyncio
import json
import random
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import aiomqtt

from devices.broker import BrokerAddress
from devices.topics import Channel, Grammar
from tests.alerts.receiver import Receiver, receiving
from tests.rig import MakeRig, Process, Rig, until

METRIC = "rx_power_dbm"
BOUND, GOOD, BAD = -40.0, -20.0, -45.0
AGAIN_SECONDS = 0.2
MILLISECOND = timedelta(milliseconds=1)
# A message may lose its lease of 20 s several times, and a process takes seconds to start where others want the cores.
PATIENCE_SECONDS = 300.0
CITY = f"""
[city]
name = "Rig"
devices = "none.csv"

[[rules]]
name = "optical-low"
kind = "threshold"
metric = "{METRIC}"
below = {BOUND}
severity = "critical"

[[channels]]
name = "ops"
kind = "webhook"
url = "{{url}}"
timeout_seconds = 15

[[routes]]
channels = ["ops"]
"""
ALERTS = """
select device, starts_at, state, fired_at is not null from alert order by device, starts_at
"""
# Whether all that a device said before a moment is committed, and whether a round that began later ended its alert.
HEARD = """
select exists(select from latest join series on id = series_id where device_id = %s and time >= %s)
"""
OVER = """
select exists(select from judged where at > %s)
    and not exists(select from alert where device = %s and state <> 'resolved')
"""
# For whoever must find out why nothing came.
STATE = """
select id, body ->> 'status', body -> 'webhook' -> 'commonLabels' ->> 'device', created_at, attempts, next_attempt_at,
    delivered_at, last_error
from notification where delivered_at is null
"""
MESSAGES = "select body::text, attempts, delivered_at is not null, failed_at is not null, last_error from notification"

Told = tuple[str, str, datetime]
"""Status, device and start of an alert: a message is known by it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """A time in which a device said nothing good: from its first bad reading to the first good one after it."""

    device: str
    since: datetime
    until: datetime
    seen_through: bool

    def covers(self, device: str, at: datetime) -> bool:
        return device == self.device and self.since <= at < self.until


@dataclass
class Centre:
    """Devices that speak, and those who listen. `breaches` is the truth about what was said."""

    line: Rig
    receiver: Receiver
    alerts: list[Process]
    client: aiomqtt.Client
    breaches: list[Breach] = field(default_factory=list)
    said: asyncio.Event = field(default_factory=asyncio.Event)
    _said_ms: int = 0

    async def say(self, device: str, value: float) -> datetime:
        """Returns the reading's time, as its message carries it: to the millisecond, and no two in the same."""
        while (now := time.time_ns() // 1_000_000) <= self._said_ms:
            await asyncio.sleep(0.001)
        self._said_ms = now
        payload = json.dumps({"ts": now, "values": {METRIC: value}})
        await self.client.publish(Grammar().format(device, Channel.TELEMETRY), payload, qos=1)
        return datetime.fromtimestamp(now / 1_000, UTC)

    async def insist(self, device: str, value: float, enough: Callable[[datetime], bool]) -> datetime:
        """Say it again and again, until it is enough, which is asked with the first reading's time; returns that."""
        first = await self.say(device, value)
        self.said.set()
        while not enough(first):
            left = datetime.now(UTC) - first
            assert left.total_seconds() < PATIENCE_SECONDS, f"{device} at {value} since {first}: {self.line.ask(STATE)}"
            await asyncio.sleep(AGAIN_SECONDS)
            await self.say(device, value)
        return first

    async def breach(self, device: str, *, seconds: float | None = None) -> None:
        """Bad until the page has come, then good until its end has come; or each for so long and no longer."""

        def lasted(first: datetime) -> bool:
            return seconds is not None and (datetime.now(UTC) - first).total_seconds() >= seconds

        def told(status: str) -> Callable[[datetime], bool]:
            return lambda _: any(page[:2] == (status, device) and page[2] >= start for page in self.told(before))

        seen_through = seconds is None
        if seen_through:
            await self.recover(device)
        before, start = len(self.receiver.bodies), datetime.now(UTC) - MILLISECOND
        began = await self.insist(device, BAD, told("firing") if seen_through else lasted)
        ended = await self.insist(device, GOOD, told("resolved") if seen_through else lasted)
        self.breaches.append(Breach(device=device, since=began, until=ended, seen_through=seen_through))

    async def recover(self, device: str) -> None:
        """Good until the engine has seen it: a good moment between two looks makes one breach of two."""
        await self.insist(device, GOOD, lambda first: self.line.ask(HEARD, device, first) == [(True,)])
        heard_at = datetime.now(UTC)
        await self.insist(device, GOOD, lambda _: self.line.ask(OVER, heard_at, device) == [(True,)])

    def told(self, after: int = 0) -> list[Told]:
        """All that anybody was told, in the order of its arrival."""
        return [
            (alert["status"], alert["labels"]["device"], datetime.fromisoformat(alert["startsAt"]))
            for body in self.receiver.bodies[after:]
            for alert in body["alerts"]
        ]

    async def judge(self) -> Process:
        """Who judges, once all are ready and one of them does; it may be another after a machine has stood still."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while len(active := await asyncio.to_thread(self._active)) != 1:
                await asyncio.sleep(0.05)
        return active[0]

    def _active(self) -> list[Process]:
        if not all(process.is_ready() for process in self.alerts):
            return []
        return [process for process in self.alerts if process.metric("pantau_alerts_active") == 1]

    async def settled(self) -> None:
        """Return once nothing is open and nothing waits to be sent."""
        rest = "select (select count(*) from alert where state <> 'resolved'), count(*) from notification where"
        async with asyncio.timeout(PATIENCE_SECONDS):
            while self.line.ask(f"{rest} delivered_at is null and failed_at is null") != [(0, 0)]:
                await asyncio.sleep(0.2)

    def check(self, seed: int) -> Counter[Told]:
        """Every firing was told, and its end; nothing else was; a message came twice only where a lease was lost.

        Returns how often each message came.
        """
        alerts = self.line.ask(ALERTS)
        fired = {(device, starts_at) for device, starts_at, _, fired in alerts if fired}
        told, came = self.told(), Counter(self.told())
        assert {page[1:] for page in came} == fired, f"seed {seed}: told and fired differ"
        assert {(device, at) for status, device, at in came if status == "resolved"} == fired, f"seed {seed}: ends"
        for device, starts_at in fired:
            order = [status for status, *alert in told if alert == [device, starts_at]]
            assert order[0] == "firing", f"seed {seed}: {device} {starts_at}: {order}"
        self._check_breaches(alerts, seed)
        self._check_messages(came, seed)
        return came

    def _check_breaches(self, alerts: list[tuple[str, datetime, str, bool]], seed: int) -> None:
        for breach in self.breaches:
            found = [at for device, at, *_ in alerts if breach.covers(device, at)]
            right = len(found) == 1 if breach.seen_through else len(found) <= 1
            assert right, f"seed {seed}: {breach} is {found}"
        for device, at, *_ in alerts:
            assert any(breach.covers(device, at) for breach in self.breaches), f"seed {seed}: {device} at {at}"

    def _check_messages(self, came: Counter[Told], seed: int) -> None:
        rows = self.line.ask(MESSAGES)
        assert all(delivered and not failed for _, _, delivered, failed, _ in rows), f"seed {seed}: not drained"
        assert all(fault is None for *_, fault in rows), f"seed {seed}: {rows}"
        stored: dict[Told, list[int]] = defaultdict(list)
        for text, attempts, *_ in rows:
            body = json.loads(text)
            for alert in body.get("webhook", body)["alerts"]:
                told = (alert["status"], alert["labels"]["device"], datetime.fromisoformat(alert["startsAt"]))
                stored[told].append(attempts)
        assert stored.keys() == came.keys(), f"seed {seed}: stored and told differ"
        assert all(len(each) == 1 for each in stored.values()), f"seed {seed}: a message stored twice: {stored}"
        assert all(came[told] <= attempts for told, (attempts,) in stored.items()), f"seed {seed}: twice for nothing"


@asynccontextmanager
async def centre(make_rig: MakeRig, *, processes: int = 1, more: str = "") -> AsyncIterator[Centre]:
    """Ingest and so many alerts processes, all ready, with a receiver that takes a moment for each page.

    `more` stands at the end of city.toml.
    """
    async with receiving() as receiver:
        receiver.thinks_seconds = 0.03
        with make_rig() as line:
            line.city.write_text(CITY.format(url=receiver.url) + more)
            alerts = [Process(("alerts",), line.workers[0].environment) for _ in range(processes)]
            address = BrokerAddress.parse(line.mosquitto.url)
            try:
                for process in alerts:
                    process.start()
                    until(process.is_ready, "alerts is ready")
                async with aiomqtt.Client(address.host, address.port, timeout=PATIENCE_SECONDS) as client:
                    yield Centre(line, receiver, alerts, client)
            finally:
                for process in alerts:
                    process.kill()


async def keep_breaching(centre: Centre, device: str, dice: random.Random, over: asyncio.Event) -> None:
    """Breach after breach until it is over: some seen through to the end of their pages, some too short for that."""
    while not over.is_set():
        await centre.breach(device, seconds=dice.choice([None, dice.uniform(0.1, 3)]))
        await asyncio.sleep(dice.uniform(0, 1))
