"""The load publisher on a real Mosquitto; on a broker of a few lines where a real one cannot be made to misbehave."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiomqtt
import pytest

from deploy.local.mosquitto import Mosquitto
from simulators.load import LoadReport, LoadStuckError, LoadTerms, publish
from simulators.mqtt.publishing import BrokerRefusedError
from tests.patience import PATIENCE_SECONDS


def numbered(count: int, topic: str) -> Iterator[tuple[str, bytes]]:
    return ((topic, b"%d" % number) for number in range(count))


class Monotonous(asyncio.Protocol):
    """A broker that says the same to everybody, and then nothing more."""

    def __init__(self, answer: bytes) -> None:
        self._answer = answer

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.write(self._answer)


@asynccontextmanager
async def answering(answer: bytes) -> AsyncIterator[str]:
    loop = asyncio.get_running_loop()
    async with await loop.create_server(lambda: Monotonous(answer), "127.0.0.1", 0) as server:
        yield f"mqtt://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        await asyncio.sleep(0.05)  # the last connection closes, as the publisher left it


@asynccontextmanager
async def subscribed(url: str, topic: str, *, name: str) -> AsyncIterator[aiomqtt.Client]:
    """A session that outlives its connection, subscribed to a topic."""
    host, port = url.removeprefix("mqtt://").split(":")
    async with aiomqtt.Client(host, int(port), identifier=name, clean_session=False) as client:
        await client.subscribe(topic, qos=1)
        yield client


async def payloads(client: aiomqtt.Client, *, distinct: int) -> set[bytes]:
    """What arrives, until so many different payloads have."""
    found: set[bytes] = set()
    async with asyncio.timeout(PATIENCE_SECONDS):
        async for message in client.messages:
            assert isinstance(message.payload, bytes)
            found.add(message.payload)
            if len(found) == distinct:
                break
    return found


async def test_every_message_is_acknowledged_and_arrives_once_and_in_order(mosquitto_server: Mosquitto) -> None:
    url, topic = mosquitto_server.url, "load/plain"
    async with subscribed(url, topic, name="load-plain") as client:
        report = await publish(numbered(3_000, topic), LoadTerms(url=url, rate=1e6, client_id="plain"))
        assert (report.sent, report.acknowledged, report.unmatched) == (3_000, 3_000, 0)
        assert (report.refused, report.resent, report.connections) == (0, 0, 1)
        arrived = [(await anext(client.messages)).payload for _ in range(3_000)]
        assert arrived == [payload for _, payload in numbered(3_000, topic)]


async def test_messages_that_nobody_subscribed_to_are_counted(mosquitto_server: Mosquitto) -> None:
    terms = LoadTerms(url=mosquitto_server.url, rate=1e6, client_id="unheard")
    report = await publish(numbered(100, "load/unheard"), terms)
    assert (report.acknowledged, report.unmatched) == (100, 100)


async def test_the_rate_is_not_exceeded(mosquitto_server: Mosquitto) -> None:
    terms = LoadTerms(url=mosquitto_server.url, rate=1_000, client_id="paced")
    report = await publish(numbered(300, "load/paced"), terms)
    assert report.acknowledged == 300
    assert report.seconds >= 0.29


async def test_a_load_of_nothing_ends(mosquitto_server: Mosquitto) -> None:
    report = await publish(iter(()), LoadTerms(url=mosquitto_server.url, rate=1, client_id="nothing"))
    assert report == LoadReport(
        sent=0, acknowledged=0, unmatched=0, refused=0, resent=0, connections=1, seconds=report.seconds
    )


async def test_a_broker_that_takes_few_at_a_time_gets_all_in_the_end(tmp_path: Path, servers_root: Path) -> None:
    limits = tmp_path / "limits.conf"
    limits.write_text("max_inflight_messages 3\n")
    with Mosquitto(tmp_path / "broker", root=servers_root, config=limits) as server:
        report = await publish(numbered(2_000, "t"), LoadTerms(url=server.url, rate=1e6))
    assert (report.acknowledged, report.connections) == (2_000, 1)


async def test_a_broker_restarted_under_load_loses_nothing(tmp_path: Path, servers_root: Path) -> None:
    half = asyncio.Event()

    def messages(count: int) -> Iterator[tuple[str, bytes]]:
        for topic, payload in numbered(count, "load/restart"):
            if payload == b"%d" % (count // 2):
                half.set()
            yield topic, payload

    async def restart(server: Mosquitto) -> None:
        await half.wait()
        server.stop()
        server.start()

    with Mosquitto(tmp_path / "broker", root=servers_root) as server:
        async with subscribed(server.url, "load/restart", name="keeper"):
            pass
        async with asyncio.TaskGroup() as group:
            load = group.create_task(publish(messages(6_000), LoadTerms(url=server.url, rate=6_000)))
            group.create_task(restart(server))
        report = load.result()
        assert (report.sent, report.acknowledged, report.connections) == (6_000, 6_000, 2)
        async with subscribed(server.url, "load/restart", name="keeper") as client:
            assert len(await payloads(client, distinct=6_000)) == 6_000


async def test_a_broker_that_is_not_there_is_waited_for_and_then_given_up() -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))  # bound and not listening
        terms = LoadTerms(url=f"mqtt://127.0.0.1:{reserved.getsockname()[1]}", rate=1, patience_seconds=0.3)
        with pytest.raises(LoadStuckError, match="nothing moved") as lost:
            await publish(numbered(1, "t"), terms)
    assert isinstance(lost.value.__cause__, OSError)


@pytest.mark.parametrize("answer", [b"", b"\x20\x03\x00\x00\x00"])
async def test_a_broker_that_falls_silent_is_given_up(answer: bytes) -> None:
    async with answering(answer) as url:
        with pytest.raises(LoadStuckError, match="nothing moved"):
            await publish(numbered(5, "t"), LoadTerms(url=url, rate=1_000, patience_seconds=0.3))


async def test_a_broker_that_refuses_us_is_not_asked_again() -> None:
    async with answering(b"\x20\x03\x00\x87\x00") as url:
        with pytest.raises(BrokerRefusedError, match="0x87"):
            await publish(numbered(1, "t"), LoadTerms(url=url, rate=1))


async def test_a_broker_that_disconnects_us_is_tried_again_and_its_reason_kept() -> None:
    seconds = 0.0

    async def sleep(slept: float) -> None:
        """Time passes only here: a machine that stands still before the broker was heard is not its silence."""
        nonlocal seconds
        seconds += slept
        await asyncio.sleep(slept)

    async with answering(b"\x20\x03\x00\x00\x00\xe0\x01\x8b") as url:
        terms = LoadTerms(url=url, rate=0.001, patience_seconds=0.3)
        with pytest.raises(LoadStuckError) as lost:
            await publish(numbered(1, "t"), terms, clock=lambda: seconds, sleep=sleep)
    assert "8b" in str(lost.value.__cause__)
