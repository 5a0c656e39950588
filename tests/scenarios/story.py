"""What every story is told with: the whole centre as `pantau up` runs it, and those who look at it from outside."""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import aiomqtt
import httpx
import psycopg

from deploy.local.ports import free_port
from deploy.settings import OPS_PORTS
from devices.broker import BrokerAddress
from devices.device import Device
from devices.inventory import Inventory, parse
from devices.sheet import write_sheet
from devices.topics import Grammar
from simulators.actor import Stage
from tests.alerts.receiver import Receiver, receiving
from tests.patience import PATIENCE_SECONDS
from tests.survivors import free_ports_in_a_row

T = TypeVar("T")

# For the end of a city.toml: everything goes to the receiver of the story. One that answers late is told again, so it
# has as much time as a channel may give.
ALL_IS_TOLD = """
[[channels]]
name = "ops"
kind = "webhook"
url = "{webhook}"
timeout_seconds = 15

[[routes]]
channels = ["ops"]
group_wait = "0s"
"""
# And for those about states: one rule, on every kind.
DOWN_IS_TOLD = (
    """
[[rules]]
name = "device-down"
kind = "state"
severity = "critical"
keep_firing_for = "3s"
"""
    + ALL_IS_TOLD
)
# For [states.kinds.KIND]: who reports twice a second is silent when not heard for half a minute, for a machine that
# stands still for some seconds is no outage of the story's.
OFTEN_HEARD = "interval_seconds = 10"
# From the first process's own door to those of the others.
OPS_OFFSETS = {name: port - OPS_PORTS["ingest"] for name, port in OPS_PORTS.items()}
# Every request has a connection of its own: one that is kept may be closed by the server just as we ask again.
UNKEPT = httpx.Limits(max_keepalive_connections=0)
OKU = Path(__file__).parents[2] / "deploy" / "devices.csv"


@dataclass
class Story:
    """The centre as a device, an operator's script and an on-call person see it. It can be stopped and begun."""

    api: httpx.AsyncClient
    broker: BrokerAddress
    grammar: Grammar
    receiver: Receiver
    database_url: str
    environment: dict[str, str]
    doors: Mapping[str, str]
    """By process: where it says whether it is ready, and tells its metrics."""
    _process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    @property
    def stage(self) -> Stage:
        """Where the simulated hardware plays."""
        return Stage(address=self.broker, now=lambda: datetime.now(UTC), grammar=self.grammar)

    def client(self) -> aiomqtt.Client:
        return aiomqtt.Client(self.broker.host, self.broker.port, timeout=PATIENCE_SECONDS)

    async def say(self, device: str, payload: str, channel: str = "telemetry") -> None:
        async with self.client() as client:
            await client.publish(f"{self.grammar.root}/{device}/{channel}", payload, qos=1)

    async def insist(self, device: str, payload: str, comes: Awaitable[T]) -> T:
        """Say it again and again until there comes what it is said for."""
        coming = asyncio.ensure_future(comes)
        try:
            while not coming.done():
                await self.say(device, payload)
                await asyncio.wait({coming}, timeout=0.5)
            return coming.result()
        finally:
            coming.cancel()

    async def ask(self, path: str) -> Any:  # noqa: ANN401  JSON
        answer = await self.api.get(f"/api/v1/{path}")
        answer.raise_for_status()
        return answer.json()

    async def until(self, path: str, holds: Callable[[Any], bool], seconds: float = PATIENCE_SECONDS) -> Any:  # noqa: ANN401  JSON
        deadline = time.monotonic() + seconds
        while not holds(answer := await self.ask(path)):
            assert time.monotonic() < deadline, f"{path} stayed {answer}"
            await asyncio.sleep(0.05)
        return answer

    async def until_state(self, device: str, state: str, seconds: float = PATIENCE_SECONDS) -> dict[str, Any]:
        found: dict[str, Any] = await self.until(f"devices/{device}", lambda found: found["state"] == state, seconds)
        return found

    async def told(self, count: int, seconds: float = PATIENCE_SECONDS) -> dict[str, Any]:
        """The single alert of the message that came as number `count`."""
        async with asyncio.timeout(seconds):
            while len(self.receiver.bodies) < count:
                await asyncio.sleep(0.05)
        body = self.receiver.bodies[count - 1]
        assert body["version"] == "4"
        return {**body["alerts"][0], "status": body["status"]}

    def pages(self) -> list[tuple[str, str, str]]:
        """Everything that anybody was told: status, rule, device."""
        labels = [(body["status"], body["alerts"][0]["labels"]) for body in self.receiver.bodies]
        return [(status, each["alertname"], each["device"]) for status, each in labels]

    async def until_metric(self, process: str, line: str) -> None:
        """Return once a process tells this, in Prometheus's words."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while line not in (told := (await self.api.get(f"{self.doors[process]}/metrics")).text).splitlines():
            assert time.monotonic() < deadline, told
            await asyncio.sleep(0.1)

    async def rows(self, statement: str, *arguments: object) -> list[tuple[Any, ...]]:
        async with await psycopg.AsyncConnection.connect(self.database_url) as connection:
            return await (await connection.execute(statement, arguments)).fetchall()  # type: ignore[arg-type]  tests' own words

    async def until_rows(self, statement: str, holds: Callable[[list[tuple[Any, ...]]], bool]) -> list[tuple[Any, ...]]:
        """What the database says once it is so; in different rows it may become so at different times."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not holds(found := await self.rows(statement)):
            assert time.monotonic() < deadline, f"{statement} stayed {found}"
            await asyncio.sleep(0.1)
        return found

    async def start(self) -> None:
        """The whole centre; returns when each of its processes is ready."""
        command = [sys.executable, "-m", "deploy", "up"]
        self._process = subprocess.Popen(command, env=self.environment)  # noqa: ASYNC220  returns at once
        for door in ("", *self.doors.values()):
            await self._until_ready(f"{door}/readyz")

    async def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            assert await asyncio.to_thread(self._process.wait, PATIENCE_SECONDS) == 0
            self._process = None

    async def _until_ready(self, url: str) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            with suppress(httpx.TransportError):
                if (await self.api.get(url)).is_success:
                    return
            assert time.monotonic() < deadline, f"{url} is not ready"
            await asyncio.sleep(0.2)


@asynccontextmanager
async def telling(
    folder: Path, database_url: str, mqtt_url: str, *, city: str, devices: str | Sequence[Device]
) -> AsyncIterator[Story]:
    """A city of its own, running; `city` is its city.toml, with {webhook} of the receiver and {root} of the topics."""
    grammar = Grammar(f"story/{folder.name.replace('_', '-')}")
    port, ops_port = free_port(), free_ports_in_a_row(1 + max(OPS_OFFSETS.values()))
    asking = httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE_SECONDS, limits=UNKEPT)
    async with receiving() as receiver, asking as api:
        (folder / "devices.csv").write_text(devices if isinstance(devices, str) else write_sheet(devices))
        (folder / "city.toml").write_text(city.replace("{webhook}", receiver.url).replace("{root}", grammar.root))
        environment = {
            **os.environ,
            "PANTAU_CONFIG": str(folder / "city.toml"),
            "PANTAU_DATABASE_URL": database_url,
            "PANTAU_MQTT_URL": mqtt_url,
            "PANTAU_DATA_DIR": str(folder / "data"),
            "PANTAU_LISTEN": f"127.0.0.1:{port}",
            "PANTAU_OPS_LISTEN": f"127.0.0.1:{ops_port}",
        }
        doors = {name: f"http://127.0.0.1:{ops_port + offset}" for name, offset in OPS_OFFSETS.items()}
        story = Story(api, BrokerAddress.parse(mqtt_url), grammar, receiver, database_url, environment, doors)
        try:
            await story.start()
            api.headers["Authorization"] = f"Bearer {_token(environment)}"
            yield story
        finally:
            await story.stop()


def oku(*, below: str, above: bool = True) -> list[Device]:
    """A part of OKU's own list: a device, all that hangs on it, and what it hangs on."""
    inventory = parse(OKU.read_bytes())
    assert isinstance(inventory, Inventory)
    known = {device.id: device for device in inventory.devices}
    taken = {below}
    for device in inventory.devices:  # the list names parents before children
        if taken & set(device.parent_ids()):
            taken.add(device.id)
    rest = [below] if above else []
    while rest:
        parents = list(known[rest.pop()].parent_ids())
        rest += parents
        taken |= set(parents)
    return [device for device in inventory.devices if device.id in taken]


def reports(readings: Sequence[tuple[datetime, dict[str, float]]]) -> str:
    """A batch of telemetry with times of its own."""
    return json.dumps([{"ts": int(at.timestamp() * 1_000), "values": values} for at, values in readings])


def _token(environment: dict[str, str]) -> str:
    command = [sys.executable, "-m", "deploy", "token", "create", "--role", "operator", "--name", "story"]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout.strip()
