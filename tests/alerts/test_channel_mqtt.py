"""Pages on a real broker."""

import asyncio
import json
from typing import Any
from urllib.parse import urlsplit

import aiomqtt
import pytest
from pydantic import ValidationError

from alerts.notify.channels.mqtt import Mqtt
from alerts.notify.channels.sender import Answer
from alerts.notify.channels.settings import LONGEST_TIMEOUT_SECONDS
from alerts.notify.page import Page
from deploy.local.mosquitto import Mosquitto
from tests.alerts.city import NOON
from tests.patience import PATIENCE_SECONDS

CUT = Page(incident=41, sequence=2, status="firing", severity="critical", title="Putus", code="41", webhook={"a": "b"})


def mqtt(url: str, **keys: Any) -> Mqtt:  # noqa: ANN401  keys of city.toml
    given = {"name": "sign", "kind": "mqtt", "url": url, "timeout_seconds": LONGEST_TIMEOUT_SECONDS}
    return Mqtt.model_validate(given | keys)


async def test_a_page_is_json_on_its_topic_at_least_once(mosquitto_server: Mosquitto) -> None:
    broker = urlsplit(mosquitto_server.url)
    async with aiomqtt.Client(broker.hostname or "", broker.port or 1883, timeout=PATIENCE_SECONDS) as ear:
        await ear.subscribe("papan/noc", qos=1)
        async with mqtt(mosquitto_server.url, topic="papan/noc").opened() as sender:
            assert await sender.check() is None
            assert await sender.send(CUT, NOON) == Answer()
        async with asyncio.timeout(PATIENCE_SECONDS):
            message = await anext(aiter(ear.messages))
    assert message.qos == 1
    said = json.loads(message.payload)
    assert (said["incident"], said["sequence"], said["code"], said["title"]) == (41, 2, "41", "Putus")
    assert "webhook" not in said


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # paho leaves its socket
async def test_a_broker_that_is_away_or_speaks_no_tls_is_an_answer(mosquitto_server: Mosquitto) -> None:
    port = urlsplit(mosquitto_server.url).port
    for url in ("mqtt://u:very-secret@127.0.0.1:9", f"mqtts://u:very-secret@127.0.0.1:{port}"):
        async with mqtt(url, topic="papan").opened() as sender:
            answer = await sender.send(CUT, NOON)
            assert answer.refused is not None
            assert "very-secret" not in answer.refused


async def test_a_topic_that_is_none_is_refused(mosquitto_server: Mosquitto) -> None:
    async with mqtt(mosquitto_server.url).opened() as sender:
        assert (await sender.send(CUT, NOON)).refused == "no topic: neither the page nor the channel has one"
    with pytest.raises(ValidationError):
        mqtt(mosquitto_server.url, topic="papan/#")


@pytest.mark.parametrize("url", ["http://u:very-secret@h", "mqtt://u:very-secret/x@h:port", "mqtt://h:very-secret"])
def test_an_unusable_url_is_refused_and_not_shown(url: str) -> None:
    with pytest.raises(ValidationError) as refused:
        mqtt(url)
    assert "very-secret" not in str(refused.value)
