"""First light: a device publishes, the reading is in TimescaleDB, the API answers with it, and who must know is told.

The whole centre runs as `pantau up` runs it, beside a real broker, a real database, a camera and a webhook receiver.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiomqtt
import httpx
import pytest

from deploy.local.mosquitto import Mosquitto
from deploy.local.ports import free_port
from devices.broker import BrokerAddress
from devices.topics import Grammar
from simulators.camera import serve_cameras
from simulators.scenery.scene import Scene
from tests.alerts.receiver import Receiver, receiving

CITY = """
[city]
name = "Kota uji"
devices = "devices.csv"

[mqtt]
root = "{root}"

[[rules]]
name = "optical-low"
kind = "threshold"
metric = "rx_power_dbm"
below = -27.0
clear = -26.0
for = "1s"
severity = "critical"
match = {{ kind = "fibre_point" }}
summary = "{{{{ device.name }}}}: daya optik {{{{ value }}}} dBm"

[[rules]]
name = "silent"
kind = "silence"
after = "2s"
severity = "warning"
match = {{ id = "wl-01" }}
summary = "{{{{ device.name }}}} diam"

[[channels]]
name = "ops"
kind = "webhook"
url = "{webhook}"

[[routes]]
channels = ["ops"]
"""
DEVICES = """
id,kind,name,area,latitude,longitude,parents,external_ids,attributes
fp-087,fibre_point,Kantor Camat Lengkiti,Lengkiti,-4.29,104.05,,,role=distribution
wl-01,water_level,Duga Air Ogan,Baturaja Timur,-4.12,104.17,fp-087,,
cam-01,camera,Simpang Lengkiti,Lengkiti,-4.29,104.05,fp-087,,rtsp_url={rtsp}
"""
PATIENCE_SECONDS = 30.0


@dataclass
class Story:
    """The centre as a device, an operator's script and an on-call person see it."""

    api: httpx.AsyncClient
    broker: aiomqtt.Client
    grammar: Grammar
    receiver: Receiver

    async def say(self, device: str, payload: str, channel: str = "telemetry") -> None:
        await self.broker.publish(f"{self.grammar.root}/{device}/{channel}", payload, qos=1)

    async def ask(self, path: str) -> Any:  # noqa: ANN401  JSON
        answer = await self.api.get(f"/api/v1/{path}")
        answer.raise_for_status()
        return answer.json()

    async def until(self, path: str, holds: Callable[[Any], bool]) -> Any:  # noqa: ANN401  JSON
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not holds(answer := await self.ask(path)):
            assert time.monotonic() < deadline, f"{path} stayed {answer}"
            await asyncio.sleep(0.05)
        return answer

    async def told(self, count: int) -> dict[str, Any]:
        """The single alert of the message that came as number `count`."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while len(self.receiver.bodies) < count:
                await asyncio.sleep(0.05)
        body = self.receiver.bodies[count - 1]
        assert body["version"] == "4"
        return {**body["alerts"][0], "status": body["status"]}


@pytest.fixture
async def story(tmp_path: Path, database_url: str, mosquitto_server: Mosquitto) -> AsyncIterator[Story]:
    broker = BrokerAddress.parse(mosquitto_server.url)
    grammar = Grammar("first/light")
    scene = Scene(brightness=0.4, width=320, height=180)
    async with serve_cameras({"cam-01": scene}) as cameras, receiving() as receiver:
        (tmp_path / "devices.csv").write_text(DEVICES.lstrip().format(rtsp=cameras.url("cam-01")))
        (tmp_path / "city.toml").write_text(CITY.format(root=grammar.root, webhook=receiver.url))
        port = free_port()
        environment = {
            **os.environ,
            "PANTAU_CONFIG": str(tmp_path / "city.toml"),
            "PANTAU_DATABASE_URL": database_url,
            "PANTAU_MQTT_URL": mosquitto_server.url,
            "PANTAU_DATA_DIR": str(tmp_path / "data"),
            "PANTAU_LISTEN": f"127.0.0.1:{port}",
            "PANTAU_OPS_LISTEN": f"127.0.0.1:{free_port()}",
        }
        async with (
            _running(environment),
            aiomqtt.Client(broker.host, broker.port) as client,
            httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as api,
        ):
            await _until_ready(api)
            api.headers["Authorization"] = f"Bearer {_token(environment)}"
            yield Story(api, client, grammar, receiver)


@asynccontextmanager
async def _running(environment: dict[str, str]) -> AsyncIterator[None]:
    command = [sys.executable, "-m", "deploy", "up"]
    process = subprocess.Popen(command, env=environment)  # noqa: ASYNC220  returns at once
    try:
        yield
    finally:
        process.terminate()
        assert await asyncio.to_thread(process.wait, 30) == 0


async def _until_ready(api: httpx.AsyncClient) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            if (await api.get("/readyz")).is_success:
                return
        except httpx.TransportError:
            pass
        assert time.monotonic() < deadline
        await asyncio.sleep(0.2)


def _token(environment: dict[str, str]) -> str:
    command = [sys.executable, "-m", "deploy", "token", "create", "--role", "operator", "--name", "story"]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout.strip()


async def test_a_reading_is_answered_an_alert_is_told_and_a_picture_is_shown(story: Story) -> None:
    # The contract's examples, as somebody would publish them by hand.
    await story.say("fp-087", '{"rx_power_dbm": -21.4}')
    device = await story.until("devices/fp-087", lambda found: "rx_power_dbm" in found["latest"])
    assert device["latest"]["rx_power_dbm"]["value"] == -21.4
    assert device["state"] == "up"
    now = int(time.time() * 1000)
    batch = [{"ts": now - age, "values": {"rtt_seconds": 0.012}} for age in (1_000, 0)]
    await story.say("fp-087", json.dumps(batch))
    await story.until("devices/fp-087/readings?metric=rtt_seconds", lambda found: len(found["points"]) == 2)

    # An unknown device is listed, adopted, and heard.
    await story.say("hs-99", '{"clients": 3}')
    await story.until("unknown-devices", lambda found: [item["device"] for item in found["items"]] == ["hs-99"])
    adopted = await story.api.post(
        "/api/v1/unknown-devices/hs-99/adopt", json={"kind": "hotspot", "name": "Taman Kota"}
    )
    assert adopted.status_code in {200, 201}
    await asyncio.sleep(0.5)
    await story.say("hs-99", '{"clients": 4}')
    await story.until("devices/hs-99", lambda found: found["latest"].get("clients", {}).get("value") == 4)

    # The optical power falls for longer than a second: told once, and told when it is over.
    for _ in range(3):
        await story.say("fp-087", '{"rx_power_dbm": -28.5}')
        await asyncio.sleep(0.7)
    fired = await story.told(1)
    assert (fired["status"], fired["labels"]["alertname"]) == ("firing", "optical-low")
    assert fired["annotations"]["summary"].startswith("Kantor Camat Lengkiti: daya optik -28.5")
    await story.say("fp-087", '{"rx_power_dbm": -24.0}')
    assert (await story.told(2))["status"] == "resolved"

    # The gauge speaks once and falls silent; when it speaks again it is over.
    await story.say("wl-01", '{"level_metres": 2.31}')
    silent = await story.told(3)
    assert (silent["status"], silent["labels"]["device"]) == ("firing", "wl-01")
    await story.say("wl-01", '{"level_metres": 2.33}')
    assert (await story.told(4))["status"] == "resolved"

    # The camera is seen: its brightness as a reading, its picture with the time it was taken.
    await story.until("devices/cam-01", lambda found: "brightness_ratio" in found["latest"])
    picture = await story.api.get("/api/v1/cameras/cam-01/frame.jpg")
    assert picture.status_code == 200
    assert picture.content.startswith(b"\xff\xd8")
    assert picture.headers["x-captured-at"]
