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
