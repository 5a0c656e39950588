"""A device's connection at its edges: lost in the midst of a word, given up in the midst of connecting."""

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import cast

import aiomqtt
import pytest

from deploy.local.mosquitto import Mosquitto
from devices.broker import BrokerAddress
from simulators.client import Client
from simulators.line import Line, LineLostError, open_line
from tests.patience import PATIENCE_SECONDS
from tests.simulators.audience import until_alone


class LosingClient:
    """A client that loses the cancellation of a publish, as asyncio.wait_for before Python 3.12 may."""

    async def publish(self, *_: object, **__: object) -> None:
        with suppress(asyncio.CancelledError):
            await asyncio.Event().wait()


def line(lost: asyncio.Task[str]) -> Line:
    return Line(cast("Client", LosingClient()), lost)


async def test_whoever_is_cancelled_in_the_midst_of_a_word_stops_though_his_client_lost_it() -> None:
    lost = asyncio.create_task(asyncio.sleep(2 * PATIENCE_SECONDS, "never"))
    saying = asyncio.create_task(line(lost).publish("t", "word"))
    await asyncio.sleep(0)
    saying.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(saying, PATIENCE_SECONDS)
    lost.cancel()


async def test_a_word_ends_with_the_line_and_waits_for_no_acknowledgement() -> None:
    lost = asyncio.create_task(asyncio.sleep(0.01, "reset by peer"))
    with pytest.raises(LineLostError, match="reset by peer"):
        await asyncio.wait_for(line(lost).publish("t", "word"), PATIENCE_SECONDS)


async def test_a_broker_that_is_away_is_a_line_that_cannot_be_had() -> None:
    with pytest.raises(LineLostError):
        async with open_line(BrokerAddress.parse("mqtt://127.0.0.1:1"), identifier="x"):
            pass


@pytest.mark.parametrize("turns", range(0, 12, 3))
async def test_a_connection_given_up_before_it_stands_leaves_nothing_behind(
    mosquitto_server: Mosquitto, turns: int
) -> None:
    address = BrokerAddress.parse(mosquitto_server.url)

    async def hold() -> None:
        async with open_line(address, identifier="given-up"):
            await asyncio.Event().wait()

    task = asyncio.create_task(hold())
    for _ in range(turns):
        await asyncio.sleep(0.0002)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until_alone()


async def test_a_line_is_lost_with_its_broker_and_says_so(tmp_path: Path, servers_root: Path) -> None:
    with Mosquitto(tmp_path / "broker", root=servers_root) as server:
        async with open_line(BrokerAddress.parse(server.url), identifier="x") as held:
            server.stop()
            assert await asyncio.wait_for(held.lost, PATIENCE_SECONDS)
            with pytest.raises(LineLostError):
                await held.publish("t", "word")


async def test_a_socket_that_is_closed_before_the_loop_comes_to_watch_it_is_no_fault(
    mosquitto_server: Mosquitto,
) -> None:
    faults: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: faults.append(context))
    broker = BrokerAddress.parse(mosquitto_server.url)
    with suppress(aiomqtt.MqttError):
        async with Client(broker.host, broker.port) as client:
            client._client._call_socket_register_write()
            client._client._sock_close()
            await asyncio.sleep(0)
            await asyncio.sleep(0)
    assert not faults
