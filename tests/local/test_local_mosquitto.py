"""A real Mosquitto: its whole life."""

from collections.abc import Iterator
from pathlib import Path

import aiomqtt
import pytest

from deploy.local.failure import LocalServerError
from deploy.local.mosquitto import Mosquitto
from deploy.local.ports import LOOPBACK, answers
from tests.patience import PATIENCE_SECONDS

TOPIC = "pantau/v1/fp-001/telemetry"


@pytest.fixture
def broker(scratch: Path, servers_root: Path) -> Iterator[Mosquitto]:
    with Mosquitto(scratch / "life-of-mosquitto", root=servers_root) as running:
        yield running


def subscriber(broker: Mosquitto) -> aiomqtt.Client:
    return aiomqtt.Client(LOOPBACK, broker.port, identifier="subscriber", clean_session=False, timeout=PATIENCE_SECONDS)


async def test_what_waits_for_a_subscriber_survives_a_stop_and_the_port_stays(broker: Mosquitto) -> None:
    async with subscriber(broker) as away:
        await away.subscribe(TOPIC, qos=1)
    async with aiomqtt.Client(LOOPBACK, broker.port, timeout=PATIENCE_SECONDS) as publisher:
        await publisher.publish(TOPIC, b"{}", qos=1)
    url = broker.url
    broker.stop()
    broker.start()
    assert broker.url == url
    async with subscriber(broker) as back:
        message = await anext(aiter(back.messages))
    assert message.payload == b"{}"


async def test_after_a_crash_it_starts_again_on_the_same_port(broker: Mosquitto) -> None:
    broker.kill()
    assert not answers(broker.port)
    broker.start()
    async with aiomqtt.Client(LOOPBACK, broker.port, timeout=PATIENCE_SECONDS) as publisher:
        await publisher.publish(TOPIC, b"{}", qos=1)


def test_a_broker_taken_port_is_refused_in_one_line(broker: Mosquitto, scratch: Path, servers_root: Path) -> None:
    with pytest.raises(LocalServerError, match=r"^Mosquitto cannot have 127\.0\.0\.1:\d+ \("):
        Mosquitto(scratch / "late-broker", root=servers_root, port=broker.port).start()


def test_a_refused_configuration_is_told_with_mosquittos_own_words(scratch: Path, servers_root: Path) -> None:
    config = scratch / "refused.conf"
    config.write_text("no_such_option 1\n")
    with pytest.raises(LocalServerError, match=r"^Mosquitto did not start: .*no_such_option"):
        Mosquitto(scratch / "refused", root=servers_root, config=config).start()
