"""A camera's latest frame, and never an old one as if it were now."""

import asyncio
from datetime import timedelta

import httpx
import pytest

from dashboards.cameras.jpeg_size import jpeg_size
from tests.dashboards.city import City, Clock
from tests.dashboards.footage import BLUE, RED, Footage, jpeg_of

PATH = "/api/v1/cameras/cam-01/frame.jpg"


@pytest.fixture
async def camera(city: City) -> None:
    await city.add("cam-01", "camera")


async def test_a_fresh_frame_is_served_with_its_capture_time(
    camera: None, wall: httpx.AsyncClient, clock: Clock, footage: Footage
) -> None:
    jpeg = footage.capture("cam-01", clock.now() - timedelta(seconds=2.5))
    answer = await wall.get(PATH)
    assert (answer.status_code, answer.content, answer.headers["content-type"]) == (200, jpeg, "image/jpeg")
    assert answer.headers["last-modified"] == "Sat, 21 Nov 2026 14:02:07 GMT"
    assert answer.headers["x-captured-at"] == "2026-11-21T14:02:07.500Z"
    assert answer.headers["cache-control"] == "no-store"


async def test_a_stale_frame_is_refused_with_its_time(
    camera: None, wall: httpx.AsyncClient, clock: Clock, footage: Footage
) -> None:
    footage.capture("cam-01", clock.now())
    clock.pass_seconds(20)
    assert (await wall.get(PATH)).status_code == 200
    clock.pass_seconds(0.5)
    answer = await wall.get(PATH)
    assert (answer.status_code, answer.json()["captured_at"]) == (503, "2026-11-21T14:02:10+00:00")


async def test_who_has_the_frame_already_is_told_so_and_given_the_next(
    camera: None, wall: httpx.AsyncClient, clock: Clock, footage: Footage
) -> None:
    footage.capture("cam-01", clock.now())
    tag = (await wall.get(PATH)).headers["etag"]
    for named in (tag, f'"other", W/{tag}', "*"):
        answer = await wall.get(PATH, headers={"If-None-Match": named})
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", tag), named
        assert answer.headers["x-captured-at"] == "2026-11-21T14:02:10.000Z"
    footage.capture("cam-01", clock.now() + timedelta(milliseconds=1))
    answer = await wall.get(PATH, headers={"If-None-Match": tag})
    assert answer.status_code == 200
    assert answer.headers["etag"] != tag


async def test_a_stale_frame_is_never_said_to_be_still_the_newest(
    camera: None, wall: httpx.AsyncClient, clock: Clock, footage: Footage
) -> None:
    footage.capture("cam-01", clock.now())
    tag = (await wall.get(PATH)).headers["etag"]
    clock.pass_seconds(21)
    assert (await wall.get(PATH, headers={"If-None-Match": tag})).status_code == 503


async def test_a_frame_from_the_future_is_no_fresh_frame(
    camera: None, wall: httpx.AsyncClient, clock: Clock, footage: Footage
) -> None:
    footage.capture("cam-01", clock.now() + timedelta(hours=1))
    assert (await wall.get(PATH)).status_code == 503


async def test_a_camera_without_a_frame_says_so(camera: None, wall: httpx.AsyncClient) -> None:
    answer = await wall.get(PATH)
    assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")


async def test_only_a_known_camera_has_a_path_on_disk(
    wall: httpx.AsyncClient, city: City, clock: Clock, footage: Footage
) -> None:
    await city.add("fp-001")
    footage.capture("fp-001", clock.now())
    footage.keep("fp-001", clock.now())
    Footage(footage.folder.parent).capture("cam-outside", clock.now())
    for name in ("fp-001", "..%2Fcam-outside", "%2e%2e", "..", "cam-01%00", "cam-01%2F..%2Ffp-001"):
        for picture in ("frame.jpg", "frames", "frames/20261121T140210.000Z-regular.jpg", "stream.mjpg"):
            answer = await wall.get(f"/api/v1/cameras/{name}/{picture}")
            assert answer.status_code in {404, 422}, (name, picture)
            assert answer.headers["content-type"] == "application/problem+json"


async def test_a_frame_is_made_smaller_once_for_all_who_ask_and_never_larger(
    camera: None, wall: httpx.AsyncClient, clock: Clock, footage: Footage
) -> None:
    whole = footage.capture("cam-01", clock.now(), jpeg_of(RED, 1_280, 720))
    answers = await asyncio.gather(*(wall.get(PATH, params={"width": 320}) for _ in range(5)))
    (small,) = {answer.content for answer in answers}
    assert jpeg_size(small) == (320, 180)
    assert {answer.headers["x-captured-at"] for answer in answers} == {"2026-11-21T14:02:10.000Z"}
    assert (await wall.get(PATH, params={"width": 1_280})).content == whole
    assert (await wall.get(PATH, params={"width": 1_920})).content == whole
    tag = answers[0].headers["etag"]
    assert (await wall.get(PATH, params={"width": 320}, headers={"If-None-Match": tag})).status_code == 304
    clock.pass_seconds(1)
    footage.capture("cam-01", clock.now(), jpeg_of(BLUE, 1_280, 720))
    newer = await wall.get(PATH, params={"width": 320})
    assert (newer.content != small, newer.headers["x-captured-at"]) == (True, "2026-11-21T14:02:11.000Z")
    clock.pass_seconds(21)
    assert (await wall.get(PATH, params={"width": 320})).status_code == 503
    for width in ("159", "1921", "x"):
        assert (await wall.get(PATH, params={"width": width})).status_code == 422


async def test_a_file_that_is_no_picture_is_no_frame(
    camera: None, wall: httpx.AsyncClient, clock: Clock, footage: Footage
) -> None:
    for content in (b"no picture", jpeg_of(RED, 1_280, 720)[:300]):
        footage.capture("cam-01", clock.now(), content)
        answer = await wall.get(PATH, params={"width": 320})
        assert (answer.status_code, answer.json()["detail"]) == (503, "There is no frame of this camera.")
        clock.pass_seconds(1)
