"""What a Prometheus posts: taken whole or refused whole, with the key at fault and the reason."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from psycopg_pool import AsyncConnectionPool

from dashboards.roles import Role
from tests.dashboards.conftest import client_of

PATH = "/api/v2/alerts"
# As Prometheus 2.42 posts it.
POSTED: dict[str, Any] = {
    "annotations": {"summary": "Disk penuh"},
    "endsAt": "2026-11-21T14:06:10.123456789Z",
    "startsAt": "2026-11-21T14:02:10.123456789Z",
    "generatorURL": "http://prometheus:9090/graph?g0.expr=vector%281%29&g0.tab=1",
    "labels": {"alertname": "DiskFull", "instance": "db-1:9100", "severity": "critical"},
}


@pytest.fixture
async def technician(app: FastAPI, secrets: dict[Role, str]) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(app, secrets[Role.TECHNICIAN]) as client:
        yield client


async def stored(pool: AsyncConnectionPool) -> list[Any]:
    async with pool.connection() as connection:
        columns = "labels, annotations, starts_at::text, ends_at::text"
        query = f"select {columns} from outside_alert order by labels ->> 'alertname'"  # noqa: S608  our own words
        await connection.execute("set time zone 'UTC'")
        return await (await connection.execute(query)).fetchall()


async def test_what_a_prometheus_posts_is_stored_and_answered_with_200(
    technician: httpx.AsyncClient, pool: AsyncConnectionPool
) -> None:
    answer = await technician.post(PATH, json=[POSTED])
    assert (answer.status_code, answer.content) == (200, b"")
    assert await stored(pool) == [
        (POSTED["labels"], POSTED["annotations"], "2026-11-21 14:02:10+00", "2026-11-21 14:06:10.123456+00")
    ]


async def test_a_time_that_go_left_unset_is_none(technician: httpx.AsyncClient, pool: AsyncConnectionPool) -> None:
    unset = {"labels": {"alertname": "a"}, "startsAt": "0001-01-01T00:00:00Z", "endsAt": "0001-01-01T00:00:00.000Z"}
    assert (await technician.post(PATH, json=[unset, {"labels": {"alertname": "b"}}, unset])).status_code == 200
    assert [row[2:] for row in await stored(pool)] == [("2026-11-21 14:02:10+00", "2026-11-21 14:07:10+00")] * 2


async def test_nothing_sent_is_nothing_stored(technician: httpx.AsyncClient, pool: AsyncConnectionPool) -> None:
    assert (await technician.post(PATH, json=[])).status_code == 200
    assert await stored(pool) == []


def _labels(**more: Any) -> dict[str, Any]:  # noqa: ANN401  JSON
    return {"labels": {"alertname": "a", **more}}


SENSELESS: list[tuple[Any, str]] = [
    ({"alertname": "a"}, "body"),
    ("alert", "body"),
    ([5], "body.0"),
    ([{}], "body.0.labels"),
    ([{"labels": {}}], "body.0: Value error, labels.alertname"),
    ([{"labels": {"alertname": ""}}], "labels.alertname"),
    ([_labels(x=5)], "body.0.labels.x"),
    ([_labels(x=None)], "body.0.labels.x"),
    ([_labels(x="a\0")], "body.0.labels.x"),
    ([_labels(x="\ud800")], "body.0.labels.x"),
    ([_labels(**{"a\0b": "c"})], "body.0.labels"),
    ([_labels(**{"": "c"})], "body.0.labels"),
    ([_labels(x="x" * 1_025)], "body.0.labels.x"),
    ([_labels(**{str(number): "x" for number in range(64)})], "body.0.labels"),
    ([_labels() | {"annotations": {"summary": ["x"]}}], "body.0.annotations.summary"),
    ([_labels() | {"startsAt": "yesterday"}], "body.0.startsAt"),
    ([_labels() | {"startsAt": 1_763_733_730}], "body.0.startsAt"),
    ([_labels() | {"endsAt": "2026-11-21T14:02:10"}], "body.0.endsAt"),
    ([_labels() | {"endsAt": "9999-12-31T23:59:59-12:00"}], "body.0.endsAt"),
    ([_labels() | {"startsAt": "2026-11-21T14:02:10Z", "endsAt": "2026-11-21T14:02:09Z"}], "endsAt: lies before"),
    ([_labels() | {"generatorURL": "x" * 4_097}], "body.0.generatorURL"),
    ([POSTED, POSTED, {"labels": {}}], "body.2"),
    ([_labels(x=str(number)) for number in range(1_001)], "body"),
]


async def test_one_fault_refuses_all_with_its_key_and_reason(
    technician: httpx.AsyncClient, pool: AsyncConnectionPool
) -> None:
    for body, where in SENSELESS:
        headers = {"Content-Type": "application/json"}
        answer = await technician.post(PATH, content=json.dumps(body), headers=headers)
        assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json"), body
        assert where in answer.json()["detail"], answer.text[:500]
    for raw in (b"", b"[", b"[" * 100_000, b"\xff", b"[NaN]"):
        answer = await technician.post(PATH, content=raw, headers={"Content-Type": "application/json"})
        assert 400 <= answer.status_code < 500, raw[:10]
        assert answer.headers["content-type"] == "application/problem+json"
    assert await stored(pool) == []


async def test_a_thousand_are_taken_and_more_than_a_mebibyte_is_not(
    technician: httpx.AsyncClient, pool: AsyncConnectionPool
) -> None:
    many = [_labels(alertname=f"a{number:04}", instance="x" * 800) for number in range(1_000)]
    assert (await technician.post(PATH, json=many)).status_code == 200
    assert len(await stored(pool)) == 1_000
    answer = await technician.post(PATH, content=b" " * (1024 * 1024 + 1))
    assert (answer.status_code, answer.headers["content-type"]) == (413, "application/problem+json")


async def test_a_wall_may_not_raise_alerts(wall: httpx.AsyncClient, anonymous: httpx.AsyncClient) -> None:
    assert (await wall.post(PATH, json=[POSTED])).status_code == 403
    assert (await anonymous.post(PATH, json=[POSTED])).status_code == 401
