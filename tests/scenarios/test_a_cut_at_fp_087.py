"""A cut at FP-087, in Lengkiti: 23 points, 2 hotspots and 3 cameras hang below it.

The whole chain from the control room to the last village plays on the real broker, the cameras film over RTSP. At
second 0 the fibre between FP-080 and FP-087 is cut: everything below vanishes. One page goes out, for FP-087, and says
where the fibre broke and what hangs on it; 28 others are held back and the ledger says because of whom. Later a splicer
closes the cable. Everything comes back, one resolve goes out, and nobody is paged.
"""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

from deploy.local.mosquitto import Mosquitto
from devices.topology import below, children_of
from simulators.camera import CameraServer, serve_cameras
from simulators.city import City
from simulators.faults import Fault
from simulators.publisher import playing
from simulators.scenery.scene import Scene
from tests.scenarios.story import DOWN_IS_TOLD, OFTEN_HEARD, Story, oku, telling

CITY = """
[city]
name = "OKU"
devices = "devices.csv"

[mqtt]
root = "{root}"

[video]
interval_seconds = 1.0
report_seconds = 2.0
offline_after_seconds = 30.0
open_timeout_seconds = 60.0
read_timeout_seconds = 60.0

[states.kinds.fibre_point]
{often}
[states.kinds.hotspot]
{often}
[states.kinds.camera]
interval_seconds = 30
""".replace("{often}", OFTEN_HEARD)
INTERVAL_SECONDS = 0.5
VIEW = Scene(width=320, height=180, fps=5, gop_seconds=1, seconds=5)


async def test_a_cut_is_one_page_and_28_suppressions_and_its_repair_one_resolve(
    tmp_path: Path, database_url: str, mosquitto_server: Mosquitto
) -> None:
    part = oku(below="fp-087")
    hanging = below(children_of(part), "fp-087")
    cameras = [device.id for device in part if device.kind == "camera"]
    assert (len(hanging), len(cameras)) == (28, 3)
    scenes = {camera: replace(VIEW, seed=seed) for seed, camera in enumerate(cameras)}
    async with serve_cameras(scenes) as server:
        part = [
            replace(device, attributes={"rtsp_url": server.url(device.id)}) if device.kind == "camera" else device
            for device in part
        ]
        async with (
            telling(tmp_path, database_url, mosquitto_server.url, city=CITY + DOWN_IS_TOLD, devices=part) as story,
            playing(part, City(seed=1), story.stage, interval_seconds=INTERVAL_SECONDS) as cast,
        ):
            await story.until("summary", lambda found: _all_are(found, "up"))
            assert story.pages() == []

            gone = {"fp-087", *hanging}
            await asyncio.gather(cast.cut(gone), _fault(server, cameras, Fault.GONE))
            await _is_told_once(story, hanging)

            await asyncio.gather(cast.restore(gone), _mended(server, cameras))
            await story.until("summary", lambda found: _all_are(found, "up"))
            resolved = await story.told(2)
            assert resolved["status"] == "resolved"
            await asyncio.sleep(3)
            assert story.pages() == [("firing", "device-down", "fp-087"), ("resolved", "device-down", "fp-087")]
            (incident,) = (await story.ask("incidents?state=resolved"))["items"]
            assert all(held["until"] is not None for held in incident["suppressed"])
            by_themselves = "select device_id, since, until, reason from device_state where state = 'down'"
            assert {row[0] for row in await story.rows(by_themselves)} == {"fp-087"}, await story.rows(by_themselves)


async def _is_told_once(story: Story, hanging: set[str]) -> None:
    fired = await story.told(1)
    assert (fired["status"], fired["labels"]["device"]) == ("firing", "fp-087")
    (incident,) = (await story.until("incidents?state=open", lambda found: _held(found) == hanging))["items"]
    assert (incident["root"], len(incident["suppressed"])) == ("fp-087", 28)
    assert {held["cause"] for held in incident["suppressed"]} == {"fp-087"}
    assert incident["title"] == (
        "Kabel FO putus antara FP-080 dan FP-087 (2,1 km), Lengkiti: 23 titik, 2 hotspot, 3 CCTV"
    )
    assert incident["affected"]["count"] == 28
    assert incident["affected"]["by_kind"] == {"camera": 3, "fibre_point": 23, "hotspot": 2}
    assert "Kamera Jembatan Lubuk Baru" in incident["affected"]["names"]
    assert (await story.until_state("fp-110", "unreachable"))["cause"] == "fp-087"
    explained = await story.ask("devices/cam-17/explain")
    assert "fp-087" in {link["id"] for link in explained["chain"]}
    assert story.pages() == [("firing", "device-down", "fp-087")]


def _held(found: dict[str, Any]) -> set[str]:
    return {held["device"] for incident in found["items"] for held in incident["suppressed"]}


def _all_are(summary: dict[str, Any], state: str) -> bool:
    return all(counts[state] == counts["total"] for counts in summary["devices"].values())


async def _fault(server: CameraServer, cameras: list[str], fault: Fault) -> None:
    await asyncio.gather(*(server.camera(camera).suffer(fault) for camera in cameras))


async def _mended(server: CameraServer, cameras: list[str]) -> None:
    await asyncio.gather(*(server.camera(camera).recover() for camera in cameras))
