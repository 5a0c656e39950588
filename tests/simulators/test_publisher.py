"""The played city on a real Mosquitto: births, wills, telemetry that ingest accepts, and coming back."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import aiomqtt
import pytest

from deploy.local.mosquitto import Mosquitto
from devices.acceptance import accept
from devices.broker import BrokerAddress
from devices.device import Device
from devices.kinds import KINDS
from devices.payloads.native import decode_telemetry
from devices.reading import Element, Reading
from devices.topics import Channel, Grammar
from simulators.actor import Stage, spoken
from simulators.city import MODELS, City
from simulators.publisher import cast_of
from simulators.schedule import Pace
from tests.patience import PATIENCE_SECONDS

FAST = 100.0
CITY = City(seed=1)


def utc_now() -> datetime:
    return datetime.now(UTC)


async def hurry(seconds: float) -> None:
    """Waits for the broker, which a simulated city counts in real seconds, are cut short; its own are short already."""
    await asyncio.sleep(min(seconds, 0.3))


def stage(url: str, *, root: str) -> Stage:
    return Stage(address=BrokerAddress.parse(url), now=utc_now, sleep=hurry, grammar=Grammar(root))


def fibre_points(count: int) -> list[Device]:
    return [Device(id=f"fp-{number:03}", kind="fibre_point", name=f"FP {number}") for number in range(count)]


@asynccontextmanager
async def playing(devices: list[Device], where: Stage) -> AsyncIterator[None]:
    """The city, played while the block runs; leaving it is the operator's Ctrl-C."""
    task = asyncio.create_task(cast_of(devices, CITY, where, Pace(started=where.seconds(), speed=FAST)).run())
    yield
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@asynccontextmanager
async def listening(url: str, root: str) -> AsyncIterator[aiomqtt.Client]:
    address = BrokerAddress.parse(url)
    async with aiomqtt.Client(address.host, address.port) as client:
        await client.subscribe(f"{root}/#", qos=1)
        yield client


async def heard_until(client: aiomqtt.Client, enough: Callable[[list[aiomqtt.Message]], bool]) -> list[aiomqtt.Message]:
    heard: list[aiomqtt.Message] = []
    async with asyncio.timeout(PATIENCE_SECONDS):
        async for message in client.messages:
            heard.append(message)
            if enough(heard):
                break
    return heard


async def retained_statuses(url: str, root: str, *, count: int) -> dict[str, bytes]:
    """The last word of each device, as somebody who comes later hears it."""
    async with listening(url, root) as client:
        heard = await heard_until(client, lambda messages: len(messages) >= count)
    assert all(message.retain for message in heard)
    return {message.topic.value: bytes(message.payload) for message in heard}


def statuses(messages: list[aiomqtt.Message], status: bytes) -> int:
    return sum(message.payload == status for message in messages)


async def test_every_kind_is_born_and_reports_what_ingest_accepts(mosquitto_server: Mosquitto) -> None:
    devices = [Device(id=f"one-{kind}", kind=kind, name=kind) for kind in KINDS]
    where = stage(mosquitto_server.url, root="play/kinds")
    reported: set[str] = set()
    async with listening(mosquitto_server.url, "play/kinds") as client, playing(devices, where):
        async with asyncio.timeout(PATIENCE_SECONDS):
            while len(reported) < len(MODELS):
                message = await anext(client.messages)
                topic = where.grammar.parse(message.topic.value)
                assert topic is not None
                if topic.channel is Channel.STATUS:
                    assert message.payload == b"online"
                    continue
                reported.add(topic.device)
                check_accepted(topic.device, bytes(message.payload))
    assert reported == {f"one-{kind}" for kind in MODELS}


def check_accepted(device: str, payload: bytes) -> None:
    kind = KINDS[device.removeprefix("one-")]
    received_us = int(utc_now().timestamp() * 1e6)
    (element,) = decode_telemetry(payload, received_us)
    assert isinstance(element, Element)
    assert element.timed
    readings = list(accept(device, kind, element, received_us))
    assert all(isinstance(reading, Reading) for reading in readings), readings
    assert len(readings) == len(kind.metrics)


async def test_a_device_goes_on_reporting_with_the_time_of_now_though_its_own_runs_faster(
    mosquitto_server: Mosquitto,
) -> None:
    where = stage(mosquitto_server.url, root="play/time")
    began = utc_now().timestamp()
    async with listening(mosquitto_server.url, "play/time") as client, playing(fibre_points(1), where):
        heard = await heard_until(client, lambda messages: len(messages) == 5)
    elements = [decode_telemetry(bytes(message.payload), 0)[0] for message in heard[1:]]
    uptimes = [element.values["uptime_seconds"] for element in elements if isinstance(element, Element)]
    times = [element.time_us / 1e6 for element in elements if isinstance(element, Element)]
    assert began - 0.001 <= times[0] < times[-1] <= utc_now().timestamp()
    assert uptimes[3] - uptimes[1] == pytest.approx(FAST * (times[3] - times[1]), abs=2)
    assert uptimes[3] - uptimes[1] > 45  # two reports of a device that has one every half a minute


async def test_on_a_clean_stop_every_device_says_offline(mosquitto_server: Mosquitto) -> None:
    where = stage(mosquitto_server.url, root="play/stop")
    async with listening(mosquitto_server.url, "play/stop") as client, playing(fibre_points(5), where):
        await heard_until(client, lambda messages: statuses(messages, b"online") == 5)
    last_words = await retained_statuses(mosquitto_server.url, "play/stop", count=5)
    assert list(last_words.values()) == [b"offline"] * 5


KILLED = """
import asyncio, sys
from datetime import UTC, datetime
from devices.device import Device
from simulators.actor import Stage
from devices.broker import BrokerAddress
from simulators.city import City
from simulators.publisher import cast_of
from simulators.schedule import Pace
from devices.topics import Grammar

stage = Stage(address=BrokerAddress.parse(sys.argv[1]), now=lambda: datetime.now(UTC), grammar=Grammar(sys.argv[2]))
fp = Device(id="fp", kind="fibre_point", name="FP")
asyncio.run(cast_of([fp], City(seed=1), stage, Pace(started=stage.seconds())).run())
"""


async def test_the_broker_speaks_the_will_of_a_city_that_was_killed(mosquitto_server: Mosquitto) -> None:
    root = Path(__file__).parents[2]
    async with listening(mosquitto_server.url, "play/kill") as client:
        city = await asyncio.create_subprocess_exec(
            sys.executable, "-c", KILLED, mosquitto_server.url, "play/kill", cwd=root
        )
        await heard_until(client, lambda messages: statuses(messages, b"online") == 1)
        city.kill()
        await city.wait()
        heard = await heard_until(client, lambda messages: statuses(messages, b"offline") == 1)
    assert heard[-1].topic.value == "play/kill/fp/status"


async def test_after_a_restart_of_the_broker_every_device_comes_back(tmp_path: Path, servers_root: Path) -> None:
    with Mosquitto(tmp_path / "broker", root=servers_root) as server:
        async with playing(fibre_points(5), stage(server.url, root="play/again")):
            async with listening(server.url, "play/again") as client:
                await heard_until(client, lambda messages: statuses(messages, b"online") == 5)
                server.stop()
            server.start()
            async with listening(server.url, "play/again") as client:
                heard = await heard_until(client, everybody_reported)
    assert statuses(heard, b"offline") <= 5


def everybody_reported(messages: list[aiomqtt.Message]) -> bool:
    return len({message.topic.value for message in messages if message.topic.matches("+/+/+/telemetry")}) == 5


async def test_a_city_stopped_while_the_broker_is_away_stops(tmp_path: Path, servers_root: Path) -> None:
    server = Mosquitto(tmp_path / "broker", root=servers_root)
    server.start()
    async with playing(fibre_points(3), stage(server.url, root="play/away")):
        async with listening(server.url, "play/away") as client:
            await heard_until(client, lambda messages: statuses(messages, b"online") == 3)
            server.stop()
        await asyncio.sleep(0.1)


def test_a_yes_or_no_is_written_as_a_boolean() -> None:
    assert spoken("street_light", {"on": 1.0, "power_watts": 90.5}) == {"on": True, "power_watts": 90.5}
