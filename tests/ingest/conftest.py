"""A city of four devices on the real database and the real broker."""

import secrets
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiomqtt
import pytest

from deploy.local.mosquitto import Mosquitto
from devices.broker import BrokerAddress
from devices.topics import Grammar
from tests.centre import Centre
from tests.patience import PATIENCE_SECONDS


@pytest.fixture(scope="module")
def mortal_broker(scratch: Path, servers_root: Path) -> Iterator[Mosquitto]:
    """One of our own, to be stopped and started."""
    with Mosquitto(scratch / "mortal-mosquitto", root=servers_root) as broker:
        yield broker


@pytest.fixture
async def centre(database_url: str, mosquitto_server: Mosquitto) -> AsyncIterator[Centre]:
    """The ingest worker is the test's own to start."""
    broker = BrokerAddress.parse(mosquitto_server.url)
    async with aiomqtt.Client(broker.host, broker.port, timeout=PATIENCE_SECONDS) as client:
        centre = Centre(database_url, mosquitto_server.url, Grammar(f"test-{secrets.token_hex(4)}"), client)
        await centre.has_devices(fp_001="fibre_point", fp_002="fibre_point", hs_01="hotspot", wl_01="water_level")
        yield centre
