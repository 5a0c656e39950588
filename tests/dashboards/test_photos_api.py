"""Photos of incidents: JPEGs and nothing else, without what a phone writes into them, kept for a while."""

import asyncio
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import cv2
import httpx
import numpy as np
import pytest
from fastapi import FastAPI
from psycopg_pool import AsyncConnectionPool

from dashboards.notes.developing import BYTES_MAX, SIDE_MAX, Photo, develop
from dashboards.notes.keeping import PhotoKeeping
from dashboards.settings import DashboardsSettings
from tests.dashboards.city import START, City, Clock
from tests.dashboards.footage import RED, jpeg_of

PATH = "/api/v1/incidents/1/photos"
KEY = "8b1f2f0e-6a50-4f5c-9d0a-3f6f1c0f7a11"
OTHER = "8b1f2f0e-6a50-4f5c-9d0a-3f6f1c0f7a12"
JPEG = {"Content-Type": "image/jpeg"}
# Exif: little-endian, one directory of one entry: orientation (0x0112) is 6, to be turned by a quarter.
TURNED = b"II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00\x00\x00\x00\x00\x00\x00"
GPS = b"GPSLatitude -4.12 GPSLongitude 104.17"


def _by_a_phone(jpeg: bytes) -> bytes:
    """With an APP1 segment as phones write it, and a comment."""
    exif = b"Exif\x00\x00" + TURNED + GPS
    comment = b"\xff\xfe" + (len(GPS) + 2).to_bytes(2, "big") + GPS
    return jpeg[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif + comment + jpeg[2:]


@dataclass(frozen=True)
class Photos:
    """The folder of photos."""

    folder: Path

    def modes(self) -> dict[str, int]:
        """Of every file there, the name and who may read it."""
        return {file.name: file.stat().st_mode & 0o777 for file in self.folder.glob("*")}

    def leave(self, name: str, at: datetime) -> None:
        file = self.folder / name
        file.write_bytes(b"")
        os.utime(file, (at.timestamp(), at.timestamp()))

    def block(self) -> None:
        """A file where the folder should be."""
        self.folder.write_bytes(b"")

    def unblock(self) -> None:
        self.folder.unlink()


@pytest.fixture
def photos(app: FastAPI) -> Photos:
    return Photos(app.state.centre.photos_dir)


@pytest.fixture(autouse=True)
async def opened(city: City) -> None:
    await city.execute(
        "insert into incident (root, area, title, severity, state, class, opened_at)"
        " values ('fp-1', 'Lengkiti', 'Kabel putus', 'critical', 'open', 'fibre-cut', %s)",
        START,
    )


async def _audited(pool: AsyncConnectionPool) -> list[tuple[Any, ...]]:
    query = "select action, subject, who from audit where action not like 'token%%' order by id"
    async with pool.connection() as connection:
        return await (await connection.execute(query)).fetchall()


async def test_a_photo_is_a_note_with_a_picture_that_tells_nothing_of_the_phone(
    technician: httpx.AsyncClient, wall: httpx.AsyncClient, photos: Photos, pool: AsyncConnectionPool, clock: Clock
) -> None:
    taken = _by_a_phone(jpeg_of(RED, 320, 180))
    assert GPS in taken
    clock.pass_seconds(600)
    params = {"key": KEY, "at": "2026-11-21T14:05:00Z", "text": "Kabel di jembatan"}
    first = await technician.post(PATH, params=params, content=taken, headers=JPEG)
    assert first.status_code == 201, first.text
    assert first.json() == {
        "id": 1,
        "key": KEY,
        "at": "2026-11-21T14:12:10Z",
        "said_at": "2026-11-21T14:05:00Z",
        "who": "technician",
        "text": "Kabel di jembatan",
        "incident": 1,
        "photo": "/api/v1/photos/1.jpg",
    }
    again = await technician.post(PATH, params=params, content=taken, headers=JPEG)
    assert (again.status_code, again.json()) == (200, first.json())
    shown = await wall.get(first.json()["photo"])
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/jpeg")
    assert shown.headers["cache-control"] == "private, max-age=3600"
    assert b"Exif" not in shown.content
    assert b"GPS" not in shown.content
    picture = cv2.imdecode(np.frombuffer(shown.content, np.uint8), cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION)
    assert picture is not None
    assert picture.shape == (320, 180, 3)
    assert photos.modes() == {"1.jpg": 0o640}
    await wall.get(first.json()["photo"])
    assert await _audited(pool) == [("incident.photo", "1", "technician"), ("photo.look", "1", "wall")]
    assert (await wall.get("/api/v1/incidents/1/notes")).json()["items"] == [first.json()]


def _of_another_size(jpeg: bytes, side: int) -> bytes:
    """With a head of that size, which only he reads who takes what follows a bare marker for its length."""
    fake = b"\xff\xc0\x00\x11\x08" + side.to_bytes(2, "big") * 2 + b"\x03" + bytes(9)
    ahead = 0xFFFE - 65_006
    return jpeg[:2] + b"\xff\xd0" + _comment(bytes(64_998)) + _comment(bytes(ahead) + fake) + jpeg[2:]


def _comment(text: bytes) -> bytes:
    return b"\xff\xfe" + (len(text) + 2).to_bytes(2, "big") + text


def _drawn_over_itself(jpeg: bytes, times: int) -> bytes:
    """A progressive JPEG with its second scan so many times."""
    first = jpeg.index(b"\xff\xda")
    second = jpeg.index(b"\xff\xda", first + 2)
    third = jpeg.index(b"\xff\xda", second + 2)
    return jpeg[:second] + jpeg[second:third] * times + jpeg[third:]


def test_a_photo_is_no_more_work_than_its_head_says() -> None:
    large = jpeg_of(RED, SIDE_MAX + 8, 16)
    crafted = _of_another_size(large, 16)
    decoded = cv2.imdecode(np.frombuffer(crafted, np.uint8), cv2.IMREAD_COLOR)
    assert decoded is not None
    assert decoded.shape[1] == SIDE_MAX + 8
    assert develop(crafted) == ("bukan JPEG", "is not a JPEG")
    written = cv2.imencode(".jpg", np.full((64, 64), 90, np.uint8), [cv2.IMWRITE_JPEG_PROGRESSIVE, 1])[1].tobytes()
    assert isinstance(develop(written), Photo)
    assert develop(_drawn_over_itself(written, 200)) == ("berisi lebih dari 100 lapisan", "has more than 100 scans")


async def test_the_same_photo_sent_many_times_at_once_is_one(technician: httpx.AsyncClient, photos: Photos) -> None:
    send = lambda: technician.post(PATH, params={"key": KEY}, content=jpeg_of(RED), headers=JPEG)  # noqa: E731  one line
    answers = await asyncio.gather(*(send() for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [201]
    assert len({answer.text for answer in answers}) == 1
    assert list(photos.modes()) == [answers[0].json()["photo"].rpartition("/")[2]]


async def test_what_is_no_photo_is_refused_and_leaves_nothing(
    technician: httpx.AsyncClient, wall: httpx.AsyncClient, photos: Photos, pool: AsyncConnectionPool
) -> None:
    good = jpeg_of(RED)
    png = cv2.imencode(".png", np.zeros((4, 4, 3), np.uint8))[1].tobytes()
    header = good[: good.index(b"\xff\xda")]
    for content, media, status, reason in (
        (b"", "image/jpeg", 422, "body: is not a JPEG."),
        (png, "image/jpeg", 422, "body: is not a JPEG."),
        (header, "image/jpeg", 422, "body: is not a JPEG that can be decoded."),
        (good, "image/png", 415, "A photo is sent as image/jpeg."),
        (good, "", 415, "A photo is sent as image/jpeg."),
        (good + bytes(BYTES_MAX), "image/jpeg", 413, "A body has at most 2097152 bytes."),
    ):
        answer = await technician.post(PATH, params={"key": KEY}, content=content, headers={"Content-Type": media})
        assert (answer.status_code, answer.json()["detail"]) == (status, reason)
    for params, where in (
        ({}, "query.key"),
        ({"key": "1"}, "query.key"),
        ({"key": KEY, "at": "2026-11-22T00:00:00Z"}, "query.at"),
        ({"key": KEY, "at": "2025-11-22T00:00:00Z"}, "query.at"),
        ({"key": KEY, "text": "x" * 2_001}, "query.text"),
    ):
        answer = await technician.post(PATH, params=params, content=good, headers=JPEG)
        assert answer.status_code == 422
        assert where in answer.json()["detail"]
    missing = PATH.replace("/1/", "/9/")
    assert (await technician.post(missing, params={"key": KEY}, content=good, headers=JPEG)).status_code == 404
    assert (await wall.post(PATH, params={"key": KEY}, content=good, headers=JPEG)).status_code == 403
    assert (await wall.get("/api/v1/photos/1.jpg")).status_code == 404
    assert photos.modes() == {}
    assert await _audited(pool) == []


async def test_a_photo_may_say_as_much_as_a_note_and_has_a_key_of_its_own(technician: httpx.AsyncClient) -> None:
    long = {"key": KEY, "text": "x" * 2_000}
    assert (await technician.post(PATH, params=long, content=jpeg_of(RED), headers=JPEG)).status_code == 201
    note = {"key": OTHER, "text": "x"}
    assert (await technician.post("/api/v1/incidents/1/notes", json=note)).status_code == 201
    answer = await technician.post(PATH, params={"key": OTHER}, content=jpeg_of(RED), headers=JPEG)
    assert (answer.status_code, answer.json()["detail"]) == (409, "A note without a photo has this key.")


async def test_where_the_disk_refuses_there_is_no_note_and_the_phone_may_try_again(
    technician: httpx.AsyncClient, photos: Photos
) -> None:
    photos.block()
    answer = await technician.post(PATH, params={"key": KEY}, content=jpeg_of(RED), headers=JPEG)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert (await technician.get("/api/v1/incidents/1/notes")).json()["items"] == []
    photos.unblock()
    assert (await technician.post(PATH, params={"key": KEY}, content=jpeg_of(RED), headers=JPEG)).status_code == 201


async def test_photos_are_kept_for_so_many_days_and_their_notes_stay(
    technician: httpx.AsyncClient, photos: Photos, pool: AsyncConnectionPool, clock: Clock
) -> None:
    keeping = PhotoKeeping(pool, DashboardsSettings(photo_days=30), photos.folder, now=clock.now)
    await keeping.run_once()
    old = (await technician.post(PATH, params={"key": KEY}, content=jpeg_of(RED), headers=JPEG)).json()
    photos.leave("killed.part", START)
    clock.pass_seconds(timedelta(days=29).total_seconds())
    new = (await technician.post(PATH, params={"key": OTHER}, content=jpeg_of(RED), headers=JPEG)).json()
    await keeping.run_once()
    assert set(photos.modes()) == {"1.jpg", "2.jpg", "killed.part"}
    clock.pass_seconds(timedelta(days=2).total_seconds())
    await PhotoKeeping(pool, DashboardsSettings(photo_days="forever"), photos.folder, now=clock.now).run_once()
    await keeping.run_once()
    assert list(photos.modes()) == ["2.jpg"]
    assert (await technician.get(old["photo"])).status_code == 404
    shown = (await technician.get("/api/v1/incidents/1/notes")).json()["items"]
    assert [note["photo"] for note in shown] == [new["photo"], None]


def test_a_photo_that_would_fill_the_memory_is_refused_before_it_is_decoded() -> None:
    small = jpeg_of(RED)
    frame = small.index(b"\xff\xc0")
    huge = small[: frame + 5] + (65_000).to_bytes(2, "big") * 2 + small[frame + 9 :]
    assert develop(huge) == (
        f"65000 kali 65000 piksel; paling besar {SIDE_MAX} per sisi",
        f"has 65000 by 65000 pixels; at most {SIDE_MAX} a side are kept",
    )
