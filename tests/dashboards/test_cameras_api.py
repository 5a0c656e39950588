"""A camera's latest frame, and never an old one as if it were now."""

import os
from datetime import datetime, timedelta
from pathlib import Path

import httpx

from tests.dashboards.city import City, Clock

PATH = "/api/v1/cameras/cam-01/frame.jpg"
JPEG = b"\xff\xd8\xff\xe0 a picture"


def _capture(frames: Path, camera: str, at: datetime) -> None:
    folder = frames / camera
    folder.mkdir(exist_ok=True)
    (folder / "latest.jpg").write_bytes(JPEG)
    os.utime(folder / "latest.jpg", (at.timestamp(), at.timestamp()))


async def test_a_fresh_frame_is_served_with_its_capture_time(
    wall: httpx.AsyncClient, city: City, clock: Clock, tmp_path: Path
) -> None:
    await city.add("cam-01", "camera")
    _capture(tmp_path, "cam-01", clock.now() - timedelta(seconds=2.5))
    answer = await wall.get(PATH)
    assert (answer.status_code, answer.content, answer.headers["content-type"]) == (200, JPEG, "image/jpeg")
    assert answer.headers["last-modified"] == "Sat, 21 Nov 2026 14:02:07 GMT"
    assert answer.headers["x-captured-at"] == "2026-11-21T14:02:07.500Z"
    assert answer.headers["cache-control"] == "no-store"


async def test_a_stale_frame_is_refused_with_its_time(
    wall: httpx.AsyncClient, city: City, clock: Clock, tmp_path: Path
) -> None:
    await city.add("cam-01", "camera")
    _capture(tmp_path, "cam-01", clock.now())
    clock.pass_seconds(20)
    assert (await wall.get(PATH)).status_code == 200
    clock.pass_seconds(0.5)
    answer = await wall.get(PATH)
    assert (answer.status_code, answer.json()["captured_at"]) == (503, "2026-11-21T14:02:10+00:00")


async def test_a_frame_from_the_future_is_no_fresh_frame(
    wall: httpx.AsyncClient, city: City, clock: Clock, tmp_path: Path
) -> None:
    await city.add("cam-01", "camera")
    _capture(tmp_path, "cam-01", clock.now() + timedelta(hours=1))
    assert (await wall.get(PATH)).status_code == 503


async def test_a_camera_without_a_frame_says_so(wall: httpx.AsyncClient, city: City) -> None:
    await city.add("cam-01", "camera")
    answer = await wall.get(PATH)
    assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")


async def test_only_a_known_camera_has_a_path_on_disk(
    wall: httpx.AsyncClient, city: City, clock: Clock, tmp_path: Path
) -> None:
    await city.add("fp-001")
    _capture(tmp_path, "fp-001", clock.now())
    _capture(tmp_path.parent, "cam-outside", clock.now())
    for name in ("fp-001", "..%2Fcam-outside", "%2e%2e", "..", "cam-01%00", "cam-01%2F..%2Ffp-001"):
        answer = await wall.get(f"/api/v1/cameras/{name}/frame.jpg")
        assert answer.status_code in {404, 422}, name
        assert answer.headers["content-type"] == "application/problem+json"
