"""First light: a device publishes, the reading is in TimescaleDB, the API answers with it, and who must know is told.

The whole centre runs as `pantau up` runs it, beside a real broker, a real database, a camera and a webhook receiver.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from deploy.local.mosquitto import Mosquitto
from simulators.camera import serve_cameras
from simulators.scenery.scene import Scene
from tests.patience import PATIENCE_SECONDS
from tests.scenarios.story import ALL_IS_TOLD, Story, telling

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
match = { kind = "fibre_point" }
summary = "{{ device.name }}: daya optik {{ value }} dBm"

[[rules]]
name = "silent"
kind = "silence"
after = "5s"
severity = "warning"
match = { id = "wl-01" }
summary = "{{ device.name }} diam"
"""
DEVICES = """
id,kind,name,area,latitude,longitude,parents,external_ids,attributes
fp-087,fibre_point,Kantor Camat Lengkiti,Lengkiti,-4.29,104.05,,,role=distribution
wl-01,water_level,Duga Air Ogan,Baturaja Timur,-4.12,104.17,fp-087,,
cam-01,camera,Simpang Lengkiti,Lengkiti,-4.29,104.05,fp-087,,rtsp_url={rtsp}
"""


@pytest.fixture
async def story(tmp_path: Path, database_url: str, mosquitto_server: Mosquitto) -> AsyncIterator[Story]:
    scene = Scene(brightness=0.4, width=320, height=180)
    async with serve_cameras({"cam-01": scene}) as cameras:
        devices = DEVICES.lstrip().format(rtsp=cameras.url("cam-01"))
        async with telling(
            tmp_path, database_url, mosquitto_server.url, city=CITY + ALL_IS_TOLD, devices=devices
        ) as story:
            yield story


async def test_a_reading_is_answered_an_alert_is_told_and_a_picture_is_shown(story: Story) -> None:
    # The contract's examples, as somebody would publish them by hand.
    await story.say("fp-087", '{"rx_power_dbm": -21.4}')
    device = await story.until("devices/fp-087", lambda found: "rx_power_dbm" in found["latest"])
    assert device["latest"]["rx_power_dbm"]["value"] == -21.4
    await story.until_state("fp-087", "up")
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
    heard = story.until("devices/hs-99", lambda found: found["latest"].get("clients", {}).get("value") == 4)
    await story.insist("hs-99", '{"clients": 4}', heard)

    # The optical power falls for longer than a second: told once, and told when it is over.
    fired = await story.insist("fp-087", '{"rx_power_dbm": -28.5}', story.told(1))
    assert (fired["status"], fired["labels"]["alertname"]) == ("firing", "optical-low")
    assert fired["annotations"]["summary"].startswith("Kantor Camat Lengkiti: daya optik -28.5")
    await story.say("fp-087", '{"rx_power_dbm": -24.0}')
    assert (await story.told(2))["status"] == "resolved"

    # The gauge speaks once and falls silent; when it speaks again it is over.
    await story.say("wl-01", '{"level_metres": 2.31}')
    silent = await story.told(3)
    assert (silent["status"], silent["labels"]["device"]) == ("firing", "wl-01")
    over = await story.insist("wl-01", '{"level_metres": 2.33}', story.told(4))
    assert over["status"] == "resolved"

    # The camera is seen: its brightness as a reading, its picture with the time it was taken.
    await story.until("devices/cam-01", lambda found: "brightness_ratio" in found["latest"])
    picture = await until_shown(story, "cam-01")
    assert picture.content.startswith(b"\xff\xd8")
    assert picture.headers["x-captured-at"]


async def until_shown(story: Story, camera: str) -> httpx.Response:
    """What a camera sees is told before it is shown."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not (picture := await story.api.get(f"/api/v1/cameras/{camera}/frame.jpg")).is_success:
            await asyncio.sleep(0.05)
    return picture
