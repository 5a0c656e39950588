"""Rules by API: who may, what is refused and in which words, and that it is written down."""

import json
from dataclasses import replace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from psycopg_pool import AsyncConnectionPool

from alerts.rules.parse import parse_rule
from dashboards.city.settings import CitySettings
from tests.dashboards.city import City

PATH = "/api/v1/rules"
TERMS = {"kind": "threshold", "metric": "rx_power_dbm", "below": -27.0, "for": "2m", "match": {"kind": "fibre_point"}}
WORDS = [
    ({"metric": "nothing"}, "terms.metric: no fibre_point has a metric nothing"),
    ({"kind": "magic"}, "terms: Input tag 'magic'"),
    ({"for": "soon"}, "terms.for: must be a duration"),
    ({"match": {"area": "Jakarta"}}, "terms.match.area: not among the areas of the city: Jakarta"),
    ({"name": "other"}, "terms.name: stands beside the terms"),
    ({"summary": "{{ 'x' * 1000000000 }}"}, "terms.summary: not a usable template"),
    ({"summary": "a\0b"}, "terms: holds the character NUL"),
    ({"below": 1e400}, "terms: inf is not a finite number"),
]


@pytest.fixture
def app(app: FastAPI) -> FastAPI:
    """Of a city with a rule of its own, and one area."""
    city = CitySettings(
        rules=[parse_rule("device-down", {"kind": "state", "keep_firing_for": "2m"})], areas=["Lengkiti"]
    )
    app.state.centre = replace(app.state.centre, city=city)
    return app


async def test_a_rule_is_made_listed_changed_and_taken_away(
    operator: httpx.AsyncClient, wall: httpx.AsyncClient, pool: AsyncConnectionPool
) -> None:
    made = await operator.post(PATH, json={"name": "dim", "terms": TERMS})
    assert (made.status_code, made.headers["location"]) == (201, "/api/v1/rules/dim")
    assert made.json() == {
        "name": "dim",
        "source": "operator",
        "enabled": True,
        "terms": TERMS,
        "fault": None,
        "created_at": "2026-11-21T14:02:10Z",
        "created_by": "operator",
        "changed_at": "2026-11-21T14:02:10Z",
        "changed_by": "operator",
    }
    assert [item["name"] for item in (await wall.get(PATH)).json()["items"]] == ["device-down", "dim"]
    changed = await operator.put(f"{PATH}/dim", json={"terms": TERMS | {"below": -26.0}, "enabled": False})
    assert (changed.json()["terms"]["below"], changed.json()["enabled"]) == (-26.0, False)
    assert (await wall.get(f"{PATH}/dim")).json() == changed.json()
    assert (await operator.delete(f"{PATH}/dim")).status_code == 204
    assert (await operator.delete(f"{PATH}/dim")).status_code == 404
    assert (await operator.put(f"{PATH}/dim", json={"terms": TERMS})).status_code == 404
    async with pool.connection() as connection:
        cursor = await connection.execute("select who, action, subject from audit where subject = 'dim' order by id")
        assert await cursor.fetchall() == [
            ("operator", "rule.add", "dim"),
            ("operator", "rule.change", "dim"),
            ("operator", "rule.remove", "dim"),
        ]


async def test_the_citys_own_rules_are_shown_as_they_stand_there_and_cannot_be_replaced(
    operator: httpx.AsyncClient, wall: httpx.AsyncClient
) -> None:
    shown = (await wall.get(f"{PATH}/device-down")).json()
    assert (shown["source"], shown["terms"]) == ("city", {"kind": "state", "keep_firing_for": "2m"})
    for answer in (
        await operator.post(PATH, json={"name": "device-down", "terms": TERMS}),
        await operator.put(f"{PATH}/device-down", json={"terms": TERMS}),
        await operator.delete(f"{PATH}/device-down"),
        await operator.post(PATH, json={"name": "control-room-blind", "terms": TERMS}),
    ):
        assert answer.status_code == 409
        assert "stands in the city's settings" in answer.json()["detail"]


async def test_a_name_is_given_once(operator: httpx.AsyncClient) -> None:
    assert (await operator.post(PATH, json={"name": "dim", "terms": TERMS})).status_code == 201
    again = await operator.post(PATH, json={"name": "dim", "terms": TERMS})
    assert (again.status_code, again.json()["detail"]) == (409, "A rule is called dim already.")


@pytest.mark.parametrize(("change", "words"), WORDS)
async def test_a_fault_is_named_by_key_and_reason(
    operator: httpx.AsyncClient, change: dict[str, Any], words: str
) -> None:
    # The client's own encoder would refuse what a hostile one sends.
    body = json.dumps({"name": "dim", "terms": TERMS | change})
    answer = await operator.post(PATH, content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith(words)
    assert answer.json()["errors"]


async def test_all_faults_are_named_at_once(operator: httpx.AsyncClient) -> None:
    terms = TERMS | {"for": "soon", "metric": "nothing", "clear": -30, "unit": "dBm"}
    answer = await operator.post(PATH, json={"name": "dim", "terms": terms})
    wheres = {fault["where"] for fault in answer.json()["errors"]}
    assert wheres == {"terms.for", "terms.metric", "terms.clear", "terms.unit"}


async def test_a_name_is_a_name(operator: httpx.AsyncClient) -> None:
    assert (await operator.post(PATH, json={"name": "Dim Fibre", "terms": TERMS})).status_code == 422
    assert (await operator.get(f"{PATH}/Dim%20Fibre")).status_code == 404


async def test_one_that_went_bad_says_so(wall: httpx.AsyncClient, city: City) -> None:
    await city.execute(
        "insert into rule (name, body, created_at, created_by, changed_at, changed_by)"
        """ values ('old', '{"kind": "threshold", "metric": "gone", "below": 1}', now(), 'x', now(), 'x')"""
    )
    assert (await wall.get(f"{PATH}/old")).json()["fault"] == "metric: no kind of device has a metric gone"


async def test_there_are_200_at_most(operator: httpx.AsyncClient, city: City) -> None:
    await city.execute(
        "insert into rule (name, body, created_at, created_by, changed_at, changed_by)"
        """ select 'r' || n, '{"kind": "state"}', now(), 'x', now(), 'x' from generate_series(1, 200) n"""
    )
    answer = await operator.post(PATH, json={"name": "dim", "terms": TERMS})
    assert (answer.status_code, answer.json()["detail"]) == (409, "There are 200 rules already.")
