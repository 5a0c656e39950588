"""What people say of alerts through the API: who may, what comes of it, and what is written down."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from psycopg_pool import AsyncConnectionPool

from dashboards.roles import Role
from tests.dashboards.city import City, Clock
from tests.dashboards.conftest import client_of

ALERT = "/api/v1/alerts/1"
INCIDENT = "/api/v1/incidents/1"
NOW, EARLIER = "2026-11-21T14:02:10Z", "2026-11-21T14:01:30Z"
ACTS = ("acknowledge", "unacknowledge", "resolve", "comment")


@pytest.fixture
async def technician(app: FastAPI, secrets: dict[Role, str]) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(app, secrets[Role.TECHNICIAN]) as client:
        yield client


@pytest.fixture
async def incident(city: City) -> int:
    """An incident of two alerts that fire for a minute and one that is over."""
    for rule, state in (("silent", "firing"), ("optical-low", "firing"), ("rtt-high", "resolved")):
        await city.alerts(rule, "fp-001", state, ago_seconds=60)
    await city.execute(
        "insert into incident (root, area, title, severity, state, class, opened_at)"
        " values ('fp-001', '', 'Putus', 'critical', 'open', 'unknown', %s)",
        city.clock.now(),
    )
    await city.execute("update alert set incident_id = 1")
    return 1


async def audited(pool: AsyncConnectionPool) -> list[Any]:
    async with pool.connection() as connection:
        lines = "select who, action, subject, detail from audit where action !~ '^token' order by id"
        return await (await connection.execute(lines)).fetchall()


async def test_an_alert_is_taken_with_both_times_and_a_word_and_all_of_it_is_shown(
    technician: httpx.AsyncClient, reader: httpx.AsyncClient, incident: int, pool: AsyncConnectionPool
) -> None:
    body = {"at": EARLIER, "reason": "dari jalan", "comment": "menuju FP-087"}
    answer = await technician.post(f"{ALERT}/acknowledge", json=body)
    assert answer.status_code == 200
    told = answer.json()
    assert told.pop("changed") is True
    assert (told["state"], told["acknowledged_at"], told["acknowledged_by"]) == ("acknowledged", EARLIER, "technician")
    assert told["transitions"] == [
        {
            "at": NOW,
            "said_at": EARLIER,
            "from_state": "firing",
            "to_state": "acknowledged",
            "who": "technician",
            "why": "dari jalan",
        }
    ]
    assert told["comments"] == [{"at": NOW, "said_at": EARLIER, "who": "technician", "text": "menuju FP-087"}]
    assert (await reader.get(ALERT)).json() == told
    (line,) = await audited(pool)
    assert line[:3] == ("technician", "alert.acknowledge", "1")
    assert line[3] == {"at": EARLIER.replace("Z", "+00:00"), "reason": "dari jalan", "comment": "menuju FP-087"}


async def test_saying_it_again_changes_nothing_and_says_so(
    technician: httpx.AsyncClient, incident: int, pool: AsyncConnectionPool
) -> None:
    for act in ("acknowledge", "unacknowledge", "resolve"):
        answers = [await technician.post(f"{ALERT}/{act}") for _ in range(2)]
        assert [(one.status_code, one.json()["changed"]) for one in answers] == [(200, True), (200, False)]
    assert [line[1] for line in await audited(pool)] == ["alert.acknowledge", "alert.unacknowledge", "alert.resolve"]


async def test_two_at_once_are_both_answered_and_one_has_it(
    technician: httpx.AsyncClient, operator: httpx.AsyncClient, incident: int
) -> None:
    answers = await asyncio.gather(*(one.post(f"{ALERT}/acknowledge") for one in (technician, operator)))
    assert sorted(one.json()["changed"] for one in answers) == [False, True]
    owner = "technician" if answers[0].json()["changed"] else "operator"
    assert {one.json()["acknowledged_by"] for one in answers} <= {owner, None}


@pytest.mark.parametrize(
    ("number", "act", "status"),
    [
        (3, "acknowledge", 409),
        (3, "unacknowledge", 409),
        (3, "resolve", 200),
        (3, "comment", 200),
        (4, "acknowledge", 409),
        (4, "unacknowledge", 409),
        (4, "resolve", 200),
        (9, "acknowledge", 404),
        (9, "resolve", 404),
        (9, "comment", 404),
        (2**63, "acknowledge", 422),
        (0, "resolve", 422),
    ],
)
async def test_what_may_not_follow_is_refused_with_the_state_it_is_in(
    technician: httpx.AsyncClient, city: City, incident: int, number: int, act: str, status: int
) -> None:
    await city.alerts("pending", "fp-001", "pending")
    await city.execute("update alert set fired_at = null where state = 'pending'")
    body = {"text": "sudah"} if act == "comment" else {}
    answer = await technician.post(f"/api/v1/alerts/{number}/{act}", json=body)
    assert answer.status_code == status, answer.text
    if status == 409:
        assert ("resolved" if number == 3 else "pending") in answer.json()["detail"]


async def test_a_phone_heard_too_late_is_answered_with_the_alert_and_written_down(
    technician: httpx.AsyncClient, incident: int, pool: AsyncConnectionPool
) -> None:
    answer = await technician.post("/api/v1/alerts/3/acknowledge", json={"at": EARLIER})
    told = answer.json()
    assert (answer.status_code, told["state"], told["changed"]) == (200, "resolved", False)
    assert [(one["said_at"], one["to_state"]) for one in told["transitions"]] == [(EARLIER, "resolved")]
    assert [line[1] for line in await audited(pool)] == ["alert.acknowledge"]


async def test_a_time_before_it_fired_is_the_time_it_fired_and_one_to_come_is_refused(
    technician: httpx.AsyncClient, incident: int
) -> None:
    for at in ("2026-11-21T14:03:11Z", "2999-01-01T00:00:00Z"):
        assert (await technician.post(f"{ALERT}/acknowledge", json={"at": at})).status_code == 422
    answer = await technician.post(f"{ALERT}/acknowledge", json={"at": "2020-01-01T00:00:00Z"})
    assert answer.json()["acknowledged_at"] == "2026-11-21T14:01:10Z"


async def test_a_phones_clock_a_little_ahead_means_now(technician: httpx.AsyncClient, incident: int) -> None:
    answer = await technician.post(f"{ALERT}/acknowledge", json={"at": "2026-11-21T14:02:40Z"})
    assert (answer.status_code, answer.json()["acknowledged_at"]) == (200, NOW)


async def test_what_is_said_of_an_incident_is_said_of_its_open_alerts(
    technician: httpx.AsyncClient, reader: httpx.AsyncClient, incident: int, pool: AsyncConnectionPool
) -> None:
    taken = (await technician.post(f"{INCIDENT}/acknowledge", json={"comment": "saya"})).json()
    assert (taken["changed"], [one["text"] for one in taken["comments"]]) == ([1, 2], ["saya"])
    assert (await technician.post(f"{INCIDENT}/acknowledge")).json()["changed"] == []
    assert (await technician.post(f"{INCIDENT}/unacknowledge")).json()["changed"] == [1, 2]
    assert (await technician.post(f"{INCIDENT}/comment", json={"text": "selesai"})).status_code == 200
    assert (await technician.post(f"{INCIDENT}/resolve")).json()["changed"] == [1, 2]
    assert (await technician.post(f"{INCIDENT}/resolve")).json()["changed"] == []
    assert (await technician.post(f"{INCIDENT}/acknowledge")).status_code == 409
    late = await technician.post(f"{INCIDENT}/acknowledge", json={"at": EARLIER})
    assert (late.status_code, late.json()["changed"]) == (200, [])
    assert [one["text"] for one in (await reader.get(INCIDENT)).json()["comments"]] == ["saya", "selesai"]
    assert {line[2] for line in await audited(pool)} == {"1"}
    for act in ACTS:
        answer = await technician.post(f"/api/v1/incidents/2/{act}", json={"text": "x"} if act == "comment" else {})
        assert answer.status_code == 404


SENSELESS: list[Any] = [
    {"at": "kemarin"},
    {"at": 1_763_733_730},
    {"at": "2026-11-21T14:00:00"},
    {"reason": "x" * 201},
    {"reason": "a\0b"},
    {"reason": None},
    {"comment": ""},
    {"comment": " \n"},
    {"comment": "x" * 2_001},
    {"text": ""},
    {"text": "\ud800"},
    {"text": 5},
    {"who": "orang lain"},
    {"state": "resolved"},
    [],
    "acknowledge",
]


@pytest.mark.parametrize("act", ACTS)
async def test_a_body_without_sense_is_refused_and_changes_nothing(
    technician: httpx.AsyncClient, reader: httpx.AsyncClient, incident: int, act: str
) -> None:
    for path in (ALERT, INCIDENT):
        before = (await reader.get(path)).json()
        for body in SENSELESS:
            headers = {"Content-Type": "application/json"}
            answer = await technician.post(f"{path}/{act}", content=json.dumps(body), headers=headers)
            assert answer.status_code == 422, (body, answer.text)
            assert answer.headers["content-type"] == "application/problem+json"
        assert (await reader.get(path)).json() == before


async def test_a_wall_may_look_but_say_nothing(wall: httpx.AsyncClient, incident: int) -> None:
    for path in (ALERT, INCIDENT):
        for act in ACTS:
            assert (await wall.post(f"{path}/{act}", json={"text": "x"})).status_code == 403


async def test_who_took_an_alert_stands_in_the_list_too(
    technician: httpx.AsyncClient, reader: httpx.AsyncClient, incident: int, clock: Clock
) -> None:
    await technician.post(f"{ALERT}/acknowledge")
    items = {item["id"]: item["acknowledged_by"] for item in (await reader.get("/api/v1/alerts")).json()["items"]}
    assert items == {1: "technician", 2: None, 3: None}
