"""Silences through the API: who may, for how long, and what they hold."""

import json
from typing import Any

import httpx
import pytest
from psycopg_pool import AsyncConnectionPool

from tests.dashboards.city import City, Clock

PATH = "/api/v1/silences"


def _wish(**changes: Any) -> dict[str, Any]:  # noqa: ANN401  JSON
    return {"match": {"device": "fp-001"}, "until": "2026-11-21T16:00:00Z", "reason": "ganti SFP", **changes}


async def test_a_silence_is_wished_for_shown_with_what_it_holds_and_ended(
    operator: httpx.AsyncClient, reader: httpx.AsyncClient, city: City, pool: AsyncConnectionPool
) -> None:
    await city.alerts("silent", "fp-001")
    await city.alerts("silent", "fp-002")
    answer = await operator.post(PATH, json=_wish(ends_on_recovery=True))
    assert (answer.status_code, answer.headers["location"]) == (201, f"{PATH}/1")
    told = answer.json()
    assert told == {
        "id": 1,
        "match": {"device": "fp-001"},
        "owner": "operator",
        "reason": "ganti SFP",
        "since": "2026-11-21T14:02:10Z",
        "until": "2026-11-21T16:00:00Z",
        "ends_on_recovery": True,
        "ended_at": None,
        "ended_by": None,
        "silenced": 1,
        "alerts": [1],
    }
    assert (await reader.get(f"{PATH}/1")).json() == told
    del told["alerts"]
    assert (await reader.get(PATH)).json() == {"items": [told], "next": None}
    assert (await operator.delete(f"{PATH}/1")).status_code == 204
    assert (await operator.delete(f"{PATH}/1")).status_code == 404
    assert (await reader.get(PATH, params={"active": "true"})).json()["items"] == []
    ended = (await reader.get(f"{PATH}/1")).json()
    assert (ended["ended_by"], ended["silenced"]) == ("operator", 0)
    async with pool.connection() as connection:
        lines = "select who, action, subject from audit where action like 'silence%' order by id"
        found = await (await connection.execute(lines)).fetchall()
    assert found == [("operator", "silence.add", "1"), ("operator", "silence.remove", "1")]


SENSELESS: list[dict[str, Any]] = [
    {"until": "2026-11-21T14:02:10Z"},
    {"until": "2026-11-22T14:02:11Z"},
    {"until": "2026-11-21T16:00:00"},
    {"until": None},
    {"reason": ""},
    {"reason": "  "},
    {"reason": None},
    {"reason": "x" * 201},
    {"reason": "a\0b"},
    {"owner": "orang lain"},
    {"match": {}},
    {"match": None},
    {"match": {"severity": "page"}},
    {"match": {"below": "fp-999"}},
    {"match": {"device": "a\0b"}},
    {"match": {"labels": {"a\ud800": "b"}}},
    {"match": {"labels": {str(number): "x" for number in range(21)}}},
    {"match": {"colour": "red"}},
    {"ends_on_recovery": "perhaps"},
]


async def test_a_silence_without_owner_reason_or_end_or_of_more_than_a_day_is_refused(
    operator: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    for changes in SENSELESS:
        wish, headers = json.dumps(_wish(**changes)), {"Content-Type": "application/json"}
        answer = await operator.post(PATH, content=wish, headers=headers)
        assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json"), changes
    for key in ("until", "reason", "match"):
        wish_without = {name: value for name, value in _wish().items() if name != key}
        answer = await operator.post(PATH, json=wish_without)
        assert (answer.status_code, key in answer.json()["detail"]) == (422, True)
    assert (await reader.get(PATH)).json()["items"] == []


async def test_only_an_operator_silences(wall: httpx.AsyncClient) -> None:
    assert (await wall.post(PATH, json=_wish())).status_code == 403
    assert (await wall.delete(f"{PATH}/1")).status_code == 403
    assert (await wall.get(f"{PATH}/1")).status_code == 404


async def test_a_silence_below_a_device_holds_what_hangs_on_it(operator: httpx.AsyncClient, city: City) -> None:
    await city.add("pop-01")
    await city.add("fp-001", parents=["pop-01"])
    await city.alerts("silent", "fp-001")
    await city.alerts("silent", "elsewhere:9100")
    made = (await operator.post(PATH, json=_wish(match={"below": "pop-01"}))).json()
    assert (made["silenced"], made["alerts"]) == (1, [1])


@pytest.mark.parametrize("match", ['{"colour": "red"}', '{"labels": 5}'])
async def test_a_row_written_by_hand_that_says_nothing_is_shown_all_the_same(
    reader: httpx.AsyncClient, city: City, match: str
) -> None:
    now = city.clock.now()
    query = "insert into silence (match, owner, reason, since, until) values (%s, 'x', 'x', %s, %s)"
    await city.execute(query, match, now, now.replace(hour=23))
    assert [item["silenced"] for item in (await reader.get(PATH)).json()["items"]] == [0]


async def test_silences_are_paged_the_newest_first_and_not_without_end(
    operator: httpx.AsyncClient, reader: httpx.AsyncClient, city: City, clock: Clock
) -> None:
    for _ in range(5):
        await operator.post(PATH, json=_wish())
        clock.pass_seconds(1)
    page = (await reader.get(PATH, params={"limit": 3})).json()
    rest = (await reader.get(PATH, params={"limit": 3, "cursor": page["next"]})).json()
    assert [item["id"] for item in page["items"] + rest["items"]] == [5, 4, 3, 2, 1]
    assert rest["next"] is None
    await city.execute(
        "insert into silence (match, owner, reason, since, until) select match, owner, reason, since, until"
        " from silence, generate_series(1, 39)"
    )
    assert (await operator.post(PATH, json=_wish())).status_code == 409
