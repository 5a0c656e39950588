"""Announced work: who may, what is refused, and that it is written down who did it."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from psycopg_pool import AsyncConnectionPool

from tests.dashboards.city import START, City, Clock

PATH = "/api/v1/maintenance"
UNTIL = "2026-11-21T16:00:00Z"


def _work(**changes: object) -> dict[str, Any]:
    work: dict[str, Any] = {"until": UNTIL, "match": {"below": "fp-001"}, "reason": "ganti SFP"}
    return work | changes


async def test_work_is_announced_listed_and_taken_back(
    operator: httpx.AsyncClient, wall: httpx.AsyncClient, city: City, pool: AsyncConnectionPool
) -> None:
    await city.add("fp-001")
    answer = await operator.post(PATH, json=_work())
    assert (answer.status_code, answer.headers["location"]) == (201, "/api/v1/maintenance/1")
    announced = answer.json()
    assert announced == {
        "id": 1,
        "since": "2026-11-21T14:02:10Z",
        "until": "2026-11-21T16:00:00Z",
        "match": {"below": "fp-001"},
        "owner": "operator",
        "reason": "ganti SFP",
        "created_at": "2026-11-21T14:02:10Z",
        "rrule": None,
        "time_zone": None,
        "next": {"since": "2026-11-21T14:02:10Z", "until": "2026-11-21T16:00:00Z"},
    }
    assert (await wall.get(PATH)).json()["items"] == [announced]
    assert (await wall.get("/api/v1/devices/fp-001")).json()["marks"] == ["maintenance"]
    assert (await operator.delete(f"{PATH}/1")).status_code == 204
    assert (await operator.delete(f"{PATH}/1")).status_code == 404
    assert (await wall.get(PATH, params={"active": "true"})).json()["items"] == []
    assert (await wall.get("/api/v1/devices/fp-001")).json()["marks"] == []
    async with pool.connection() as connection:
        lines = await (
            await connection.execute(
                "select who, action, subject from audit where action like 'maintenance%%' order by id"
            )
        ).fetchall()
    assert lines == [("operator", "maintenance.add", "1"), ("operator", "maintenance.remove", "1")]


@pytest.mark.parametrize(
    "changes",
    [
        {"until": "2026-11-21T14:02:10Z"},
        {"since": "2026-11-21T16:00:01Z"},
        {"until": "2026-12-21T14:02:11Z"},
        {"until": "2026-11-21T16:00:00"},
        {"until": 5},
        {"since": "2026-11-20T10:00:00Z", "until": "2026-11-20T12:00:00Z"},
        {"match": {}},
        {"match": {"id": "nobody"}},
        {"match": {"id": "fp-001", "kind": "camera"}},
        {"match": {"id": 5}},
        {"match": {"id": "a\0b"}},
        {"match": {"colour": "red"}},
        {"match": []},
        {"reason": ""},
        {"reason": None},
        {"reason": "x" * 201},
        {"owner": "somebody"},
        {"rrule": ""},
        {"rrule": "FREQ=MINUTELY"},
        {"rrule": "FREQ=DAILY;INTERVAL=0"},
        {"rrule": "FREQ=DAILY;UNTIL=20200101"},
        {"rrule": "FREQ=WEEKLY;BYDAY=MO"},
        {"rrule": "FREQ=DAILY;BYHOUR=" + ",".join(["1"] * 400)},
        {"rrule": "FREQ=DAILY\0"},
        {"rrule": ["FREQ=DAILY"]},
        {"rrule": "FREQ=DAILY", "since": "2025-11-20T14:00:00Z", "until": "2025-11-20T15:00:00Z"},
        {"rrule": "FREQ=DAILY", "until": "2026-12-21T14:02:11Z"},
        {"rrule": "FREQ=DAILY", "until": "2026-11-21T14:02:10Z"},
        {"rrule": "FREQ=DAILY;COUNT=1", "since": "2026-11-20T10:00:00Z", "until": "2026-11-20T12:00:00Z"},
    ],
)
async def test_work_without_sense_is_refused_and_not_written_down(
    operator: httpx.AsyncClient, reader: httpx.AsyncClient, city: City, changes: dict[str, object]
) -> None:
    await city.add("fp-001")
    answer = await operator.post(PATH, json=_work(**changes))
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert (await reader.get(PATH)).json()["items"] == []


async def test_only_an_operator_announces_and_takes_back(wall: httpx.AsyncClient, city: City) -> None:
    await city.add("fp-001")
    assert (await wall.post(PATH, json=_work())).status_code == 403
    assert (await wall.delete(f"{PATH}/1")).status_code == 403


async def test_work_is_paged_and_what_is_over_left_out_where_only_the_rest_is_asked_for(
    operator: httpx.AsyncClient, reader: httpx.AsyncClient, city: City, clock: Clock
) -> None:
    await city.add("fp-001")
    for hours in (1, 2, 3):
        until = (START + timedelta(hours=hours)).isoformat()
        assert (await operator.post(PATH, json=_work(until=until))).status_code == 201
    clock.pass_seconds(5_400)
    active = (await reader.get(PATH, params={"active": "true"})).json()["items"]
    assert [item["id"] for item in active] == [3, 2]
    page = (await reader.get(PATH, params={"limit": 2})).json()
    rest = (await reader.get(PATH, params={"limit": 2, "cursor": page["next"]})).json()
    assert [item["id"] for item in page["items"] + rest["items"]] == [3, 2, 1]


# Every Sunday from 01:00 WIB, since the 15th of November.
WEEKLY = {"since": "2026-11-14T18:00:00Z", "until": "2026-11-14T20:00:00Z", "rrule": "FREQ=WEEKLY;BYDAY=SU"}


async def test_work_that_recurs_is_on_when_its_time_comes_by_the_citys_clock_and_shows_its_next_time(
    operator: httpx.AsyncClient, wall: httpx.AsyncClient, city: City, clock: Clock
) -> None:
    await city.add("fp-001")
    answer = await operator.post(PATH, json=_work(**WEEKLY))
    assert answer.status_code == 201
    announced = answer.json()
    assert (announced["rrule"], announced["time_zone"]) == ("FREQ=WEEKLY;BYDAY=SU", "Asia/Jakarta")
    assert announced["next"] == {"since": "2026-11-21T18:00:00Z", "until": "2026-11-21T20:00:00Z"}
    assert (await wall.get(PATH, params={"active": "true"})).json()["items"] == [announced]
    assert (await wall.get("/api/v1/devices/fp-001")).json()["marks"] == []

    clock.time = clock.time.replace(hour=18, minute=30)
    assert (await wall.get("/api/v1/devices/fp-001")).json()["marks"] == ["maintenance"]
    explained = (await wall.get("/api/v1/devices/fp-001/explain")).json()
    assert [(one["since"], one["until"]) for one in explained["maintenance"]] == [
        ("2026-11-21T18:00:00Z", "2026-11-21T20:00:00Z")
    ]
    clock.time = clock.time.replace(hour=20)
    assert (await wall.get("/api/v1/devices/fp-001")).json()["marks"] == []
    assert (await wall.get("/api/v1/devices/fp-001/explain")).json()["maintenance"] == []
    (listed,) = (await wall.get(PATH)).json()["items"]
    assert listed["next"]["since"] == "2026-11-28T18:00:00Z"
    assert (await operator.delete(f"{PATH}/1")).status_code == 204
    clock.time = clock.time.replace(day=28, hour=19)
    assert (await wall.get("/api/v1/devices/fp-001")).json()["marks"] == []


async def test_work_that_recurs_a_number_of_times_is_over_after_them(
    operator: httpx.AsyncClient, wall: httpx.AsyncClient, city: City, clock: Clock
) -> None:
    await city.add("fp-001")
    assert (await operator.post(PATH, json=_work(**WEEKLY | {"rrule": "FREQ=WEEKLY;COUNT=2"}))).status_code == 201
    clock.time = clock.time.replace(hour=20)
    assert (await wall.get(PATH, params={"active": "true"})).json()["items"] == []
    (listed,) = (await wall.get(PATH)).json()["items"]
    assert listed["next"] is None


@pytest.mark.parametrize(("rrule", "zone"), [("FREQ=NEVER", "Asia/Jakarta"), ("FREQ=DAILY", "Asia/Palembang")])
async def test_a_row_written_by_hand_that_recurs_never_is_shown_and_is_never_on(
    wall: httpx.AsyncClient, city: City, clock: Clock, rrule: str, zone: str
) -> None:
    await city.add("fp-001")
    now = clock.now()
    await city.execute(
        "insert into maintenance (since, until, match, owner, reason, created_at, rrule, time_zone)"
        """ values (%s, %s, '{"id": "fp-001"}', 'x', 'x', %s, %s, %s)""",
        now,
        now + timedelta(hours=1),
        now,
        rrule,
        zone,
    )
    assert [one["next"] for one in (await wall.get(PATH)).json()["items"]] == [None]
    device = (await wall.get("/api/v1/devices/fp-001")).json()
    assert device["marks"] == []


async def test_what_recurs_has_a_bound(operator: httpx.AsyncClient, city: City) -> None:
    await city.add("fp-001")
    assert (await operator.post(PATH, json=_work(**WEEKLY))).status_code == 201
    await city.execute(
        "insert into maintenance (since, until, match, owner, reason, created_at, rrule, time_zone)"
        " select since, until, match, owner, reason, created_at, rrule, time_zone"
        " from maintenance, generate_series(1, 199)"
    )
    assert (await operator.post(PATH, json=_work(**WEEKLY))).status_code == 409
    assert (await operator.post(PATH, json=_work())).status_code == 201
