"""Which cameras are seen, how well, and why those are not that are not."""

from datetime import timedelta
from typing import Any

import httpx

from tests.dashboards.city import City, Clock
from tests.dashboards.footage import Footage

PATH = "/api/v1/cameras"


async def _only(wall: httpx.AsyncClient) -> dict[str, Any]:
    (camera,) = (await wall.get(PATH)).json()["items"]
    found: dict[str, Any] = camera
    return found


async def test_a_camera_is_shown_with_its_frame_and_what_it_reports(
    wall: httpx.AsyncClient, city: City, clock: Clock, footage: Footage
) -> None:
    await city.add("cam-01", "camera", name="Simpang Tihang")
    await city.add("fp-001")
    footage.capture("cam-01", clock.now() - timedelta(seconds=2.5))
    for metric, value in {"dark": 0, "covered": 1, "frames_per_second": 0.5, "connection_grade": 2}.items():
        await city.reads("cam-01", metric, (clock.now(), value))
    assert await _only(wall) == {
        "id": "cam-01",
        "name": "Simpang Tihang",
        "area": "Lengkiti",
        "state": "up",
        "cause": None,
        "since": "2026-11-21T14:02:10Z",
        "marks": [],
        "captured_at": "2026-11-21T14:02:07.500000Z",
        "age_seconds": 2.5,
        "fresh": True,
        "tampers": ["covered"],
        "connection_grade": "fair",
        "frames_per_second": 0.5,
        "reason": None,
        "lost_at": None,
    }


async def test_of_a_camera_never_heard_from_everything_is_unknown(wall: httpx.AsyncClient, city: City) -> None:
    await city.add("cam-01", "camera")
    camera = await _only(wall)
    unknown = ["captured_at", "age_seconds", "fresh", "tampers", "connection_grade", "frames_per_second", "reason"]
    assert {key: camera[key] for key in unknown} == dict.fromkeys(unknown)
    assert camera["state"] == "unknown"


async def test_what_a_silent_camera_said_last_is_not_said_of_now(
    wall: httpx.AsyncClient, city: City, clock: Clock, footage: Footage
) -> None:
    await city.add("cam-01", "camera")
    footage.capture("cam-01", clock.now())
    for metric, value in {"covered": 1, "frames_per_second": 0.5, "connection_grade": 3}.items():
        await city.reads("cam-01", metric, (clock.now(), value))
    clock.pass_seconds(20)
    assert (await _only(wall))["tampers"] == ["covered"]
    clock.pass_seconds(1)
    camera = await _only(wall)
    assert (camera["tampers"], camera["connection_grade"], camera["frames_per_second"]) == (None, None, None)
    assert (camera["state"], camera["fresh"], camera["age_seconds"]) == ("down", False, 21.0)


async def test_a_lost_camera_says_why_until_it_is_back(wall: httpx.AsyncClient, city: City, clock: Clock) -> None:
    await city.add("cam-01", "camera")
    await city.tells("cam-01", "camera_back", {})
    clock.pass_seconds(1)
    await city.tells("cam-01", "camera_lost", {"reason": "wrong_password"})
    await city.tells("cam-01", "door_open", {"reason": "burglar"})
    camera = await _only(wall)
    assert (camera["reason"], camera["lost_at"]) == ("wrong_password", "2026-11-21T14:02:11Z")
    clock.pass_seconds(1)
    await city.tells("cam-01", "camera_back", {})
    assert ((await _only(wall))["reason"], (await _only(wall))["lost_at"]) == (None, None)


async def test_a_camera_that_went_silent_without_a_word_is_watched_by_nobody(
    wall: httpx.AsyncClient, city: City, clock: Clock
) -> None:
    await city.add("cam-01", "camera")
    await city.reads("cam-01", "brightness_ratio", (clock.now(), 0.4))
    assert (await _only(wall))["reason"] is None
    clock.pass_seconds(120)
    camera = await _only(wall)
    assert (camera["state"], camera["reason"], camera["lost_at"]) == ("down", "unwatched", None)


async def test_a_picture_taken_since_tells_more_than_a_word_gone_astray(
    wall: httpx.AsyncClient, city: City, clock: Clock, footage: Footage
) -> None:
    await city.add("cam-01", "camera")
    footage.capture("cam-01", clock.now() - timedelta(seconds=1))
    await city.tells("cam-01", "camera_lost", {"reason": "stalled"})
    assert (await _only(wall))["reason"] == "stalled"
    clock.pass_seconds(1)
    footage.capture("cam-01", clock.now())
    assert (await _only(wall))["reason"] is None


async def test_a_reason_that_is_no_word_of_ours_is_unknown(wall: httpx.AsyncClient, city: City, clock: Clock) -> None:
    await city.add("cam-01", "camera")
    for data in (None, [], {}, {"reason": 5}, {"reason": "<b>"}, {"reason": "x" * 65}, "text"):
        clock.pass_seconds(1)
        await city.tells("cam-01", "camera_lost", data)
        assert (await _only(wall))["reason"] == "unknown", data


async def test_cameras_are_paged_in_the_order_of_their_ids(wall: httpx.AsyncClient, city: City) -> None:
    for number in range(5):
        await city.add(f"cam-{number}", "camera", area="Lengkiti" if number else "Ulu Ogan")
    first = (await wall.get(PATH, params={"limit": 3})).json()
    second = (await wall.get(PATH, params={"limit": 3, "cursor": first["next"]})).json()
    assert [camera["id"] for camera in first["items"] + second["items"]] == [f"cam-{number}" for number in range(5)]
    assert second["next"] is None
    assert [camera["id"] for camera in (await wall.get(PATH, params={"area": "Ulu Ogan"})).json()["items"]] == ["cam-0"]
    assert [camera["id"] for camera in (await wall.get(PATH, params={"q": "CAM-4"})).json()["items"]] == ["cam-4"]
