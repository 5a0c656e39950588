"""Every look at a picture is written down: who, from where, at which camera, how often."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest
from psycopg.errors import UndefinedTable
from psycopg_pool import AsyncConnectionPool

from dashboards import metrics
from dashboards.cameras.access import UNWRITTEN_MAX, AccessLog
from dashboards.cameras.shapes import What
from dashboards.settings import DashboardsSettings
from tests.dashboards.city import City, Clock
from tests.dashboards.footage import Footage

PATH = "/api/v1/frame-access"
ALWAYS = {"from": "2026-11-01T00:00:00Z", "to": "2026-12-01T00:00:00Z"}
WHO = {"who": "wall", "role": "wall", "address": "10.0.0.7"}


async def _items(admin: httpx.AsyncClient, **params: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await admin.get(PATH, params=ALWAYS | params)).json()["items"]
    return found


async def test_a_look_at_each_sort_of_picture_is_in_the_log(
    wall: httpx.AsyncClient, admin: httpx.AsyncClient, access: AccessLog, city: City, clock: Clock, footage: Footage
) -> None:
    await city.add("cam-01", "camera")
    footage.capture("cam-01", clock.now())
    name = footage.keep("cam-01", clock.now())
    for path in ("cameras/cam-01/frame.jpg", f"cameras/cam-01/frames/{name}.jpg", "mosaic.jpg"):
        assert (await wall.get(f"/api/v1/{path}")).status_code == 200
    await access.flush()
    items = await _items(admin)
    assert sorted(item["what"] for item in items) == ["frame", "kept", "mosaic"]
    assert next(item for item in items if item["what"] == "frame") == {
        "who": "wall",
        "role": "wall",
        "address": "127.0.0.1",
        "camera": "cam-01",
        "what": "frame",
        "first_at": "2026-11-21T14:02:10Z",
        "last_at": "2026-11-21T14:02:10Z",
        "count": 1,
    }


async def test_what_was_not_shown_is_not_in_the_log(
    wall: httpx.AsyncClient, admin: httpx.AsyncClient, access: AccessLog, city: City, clock: Clock, footage: Footage
) -> None:
    await city.add("cam-01", "camera")
    footage.capture("cam-01", clock.now() - timedelta(minutes=1))
    assert (await wall.get("/api/v1/cameras/cam-01/frame.jpg")).status_code == 503
    assert (await wall.get("/api/v1/cameras/cam-01/frames/x.jpg")).status_code == 404
    assert (await wall.get("/api/v1/mosaic.jpg")).status_code == 200
    await access.flush()
    assert await _items(admin) == []


async def test_a_wall_that_looks_all_the_time_is_a_row_an_hour(
    admin: httpx.AsyncClient, access: AccessLog, clock: Clock
) -> None:
    for _ in range(1_800):
        assert access.note("cam-01", What.FRAME, **WHO)
        clock.pass_seconds(2)
        if clock.now().second < 2:
            await access.flush()
    await access.flush()
    await access.flush()
    assert [(item["first_at"], item["last_at"], item["count"]) for item in await _items(admin)] == [
        ("2026-11-21T15:00:00Z", "2026-11-21T15:02:08Z", 65),
        ("2026-11-21T14:02:10Z", "2026-11-21T14:59:58Z", 1_735),
    ]


async def test_two_processes_add_up_in_one_row(
    admin: httpx.AsyncClient, pool: AsyncConnectionPool, settings: DashboardsSettings, clock: Clock
) -> None:
    logs = [AccessLog(pool, settings, now=clock.now) for _ in range(2)]
    for log in logs:
        for camera in ("cam-01", "cam-02"):
            log.note(camera, What.STREAM, **WHO)
    await asyncio.gather(*(log.flush() for log in logs))
    assert [(item["camera"], item["count"]) for item in await _items(admin, camera="cam-01")] == [("cam-01", 2)]


async def test_the_log_is_asked_by_camera_by_person_by_time_and_page_by_page(
    admin: httpx.AsyncClient, access: AccessLog, clock: Clock
) -> None:
    for hour in range(3):
        for camera in ("cam-01", "cam-02"):
            for who in ("budi", "sari"):
                access.note(camera, What.FRAME, who=who, role="operator", address="10.0.0.8")
        clock.pass_seconds(3_600)
        assert hour < 3
    await access.flush()
    assert len(await _items(admin)) == 12
    assert {item["camera"] for item in await _items(admin, camera="cam-02")} == {"cam-02"}
    assert len(await _items(admin, camera="cam-02", who="sari")) == 3
    assert len(await _items(admin, **{"from": "2026-11-21T14:02:10Z", "to": "2026-11-21T15:02:10Z"})) == 4
    assert await _items(admin, **{"from": "2026-11-21T14:02:11Z", "to": "2026-11-21T15:02:10Z"}) == []
    assert (await admin.get(PATH, params={"from": "2026-11-22T00:00:00Z"})).status_code == 422
    found: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        page = (await admin.get(PATH, params=ALWAYS | {"limit": 5, "cursor": cursor})).json()
        found += page["items"]
        cursor = page["next"]
    assert found == await _items(admin)


async def test_what_could_not_be_written_is_written_later_and_counted_once(
    admin: httpx.AsyncClient, access: AccessLog, city: City, clock: Clock
) -> None:
    await city.execute("alter table frame_access rename to hidden")
    for _ in range(2):
        access.note("cam-01", What.FRAME, **WHO)
        with pytest.raises(UndefinedTable):
            await access.flush()
    access.note("cam-02", What.FRAME, **WHO)
    await city.execute("alter table hidden rename to frame_access")
    await access.flush()
    assert sorted((item["camera"], item["count"]) for item in await _items(admin)) == [("cam-01", 2), ("cam-02", 1)]


async def test_what_is_written_is_no_longer_counted_as_unwritten(access: AccessLog) -> None:
    access.note("cam-01", What.FRAME, **WHO)
    await access.flush()
    assert metrics.ACCESS_UNWRITTEN._value.get() == 0


async def test_a_log_long_unwritten_makes_the_process_unready_and_says_so(
    anonymous: httpx.AsyncClient, access: AccessLog, clock: Clock
) -> None:
    access.note("cam-01", What.FRAME, **WHO)
    clock.pass_seconds(60)
    assert access.late() is None
    clock.pass_seconds(1)
    answer = await anonymous.get("/readyz")
    assert (answer.status_code, answer.json()["parts"]["frame_access"]) == (503, "not written for 61 s")
    await access.flush()
    assert access.late() is None


async def test_when_the_log_is_full_no_picture_is_shown_to_anybody_new(
    wall: httpx.AsyncClient, access: AccessLog, city: City, clock: Clock, footage: Footage
) -> None:
    await city.add("cam-01", "camera")
    footage.capture("cam-01", clock.now())
    for number in range(UNWRITTEN_MAX):
        assert access.note("cam-01", What.FRAME, who=f"visitor {number}", role="wall", address="10.0.0.7")
    refused = metrics.ACCESS_REFUSED._value.get()
    answer = await wall.get("/api/v1/cameras/cam-01/frame.jpg")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert (await wall.get("/api/v1/mosaic.jpg")).status_code == 503
    assert metrics.ACCESS_REFUSED._value.get() == refused + 2
    assert access.note("cam-01", What.FRAME, who="visitor 0", role="wall", address="10.0.0.7")
    await access.flush()
    assert (await wall.get("/api/v1/cameras/cam-01/frame.jpg")).status_code == 200


async def test_the_log_writes_every_few_seconds_and_forgets_after_its_days(
    pool: AsyncConnectionPool, clock: Clock, city: City, admin: httpx.AsyncClient
) -> None:
    class Enough(Exception):  # noqa: N818  it ends the loop
        pass

    async def sleep(seconds: float) -> None:
        clock.pass_seconds(seconds)
        if clock.now() > began + timedelta(hours=30):
            raise Enough
        clock.pass_seconds(1_800)

    log = AccessLog(pool, DashboardsSettings(frame_access_days=1), now=clock.now, sleep=sleep)
    began = clock.now()
    log.note("cam-01", What.FRAME, **WHO)
    clock.pass_seconds(82_800)
    log.note("cam-02", What.FRAME, **WHO)
    with pytest.raises(Enough):
        await log.run()
    assert [item["camera"] for item in await _items(admin)] == ["cam-02"]


async def test_the_log_is_for_admins(wall: httpx.AsyncClient, operator: httpx.AsyncClient) -> None:
    assert [(await client.get(PATH)).status_code for client in (wall, operator)] == [403, 403]
