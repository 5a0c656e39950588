"""Answers are compressed for whoever takes that, but for what is compressed already, or must not wait."""

import httpx

from tests.dashboards.city import City, Clock
from tests.dashboards.footage import Footage


async def test_a_long_answer_is_compressed_for_whoever_takes_that(
    wall: httpx.AsyncClient, city: City, clock: Clock
) -> None:
    for number in range(20):
        await city.add(f"fp-{number:03}")
    plain = await wall.get("/api/v1/devices", headers={"Accept-Encoding": "identity"})
    packed = await wall.get("/api/v1/devices", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.json() == plain.json()
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"]) / 5
    assert [answer.headers["vary"] for answer in (plain, packed)] == ["Accept-Encoding"] * 2


async def test_a_picture_and_a_short_answer_are_sent_as_they_are(
    wall: httpx.AsyncClient, city: City, footage: Footage, clock: Clock
) -> None:
    await city.add("cam-01", "camera")
    footage.capture("cam-01", clock.now())
    for path in ("/api/v1/cameras/cam-01/frame.jpg", "/api/v1/mosaic.jpg", "/api/v1/summary"):
        answer = await wall.get(path, headers={"Accept-Encoding": "gzip"})
        assert answer.status_code == 200, path
        assert "content-encoding" not in answer.headers, path
