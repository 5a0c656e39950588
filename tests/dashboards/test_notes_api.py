"""Notes about incidents and devices: written once, by whoever may, with the time they were said at."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from psycopg_pool import AsyncConnectionPool

from dashboards.notes.writing import NOTES_MAX
from tests.dashboards.city import START, City, Clock

INCIDENTS, DEVICES = "/api/v1/incidents", "/api/v1/devices"
KEY = "8b1f2f0e-6a50-4f5c-9d0a-3f6f1c0f7a11"
OPEN = (
    "insert into incident (root, area, title, severity, state, class, opened_at) overriding system value"
    " values ('fp-1', 'Lengkiti', 'Kabel putus', 'critical', 'open', 'fibre-cut', %s)"
)


def _key(number: int) -> str:
    return str(UUID(int=number))


@pytest.fixture
async def notes(city: City) -> str:
    """The path of the notes of an open incident; `fp-1` is a device too."""
    await city.add("fp-1")
    await city.execute(OPEN, START)
    return f"{INCIDENTS}/1/notes"


async def _audited(pool: AsyncConnectionPool) -> list[tuple[Any, ...]]:
    query = "select action, subject, who, detail from audit where action not like 'token%%' order by id"
    async with pool.connection() as connection:
        return await (await connection.execute(query)).fetchall()


async def test_a_note_is_written_once_and_told_with_both_its_times(
    technician: httpx.AsyncClient, reader: httpx.AsyncClient, notes: str, pool: AsyncConnectionPool, clock: Clock
) -> None:
    clock.pass_seconds(3_600)
    body = {"key": KEY, "text": "Tiang roboh, 40 m kabel perlu diganti", "at": "2026-11-21T21:20:00+07:00"}
    first = await technician.post(notes, json=body)
    again = await technician.post(notes, json=body | {"text": "lain", "at": None})
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert first.json() == {
        "id": 1,
        "key": KEY,
        "at": "2026-11-21T15:02:10Z",
        "said_at": "2026-11-21T14:20:00Z",
        "who": "technician",
        "text": "Tiang roboh, 40 m kabel perlu diganti",
        "incident": 1,
        "photo": None,
    }
    detail = {"text": "Tiang roboh, 40 m kabel perlu diganti", "at": "2026-11-21T14:20:00+00:00"}
    assert await _audited(pool) == [("incident.note", "1", "technician", detail)]
    assert (await reader.get(notes)).json() == {"items": [first.json()], "next": None}


async def test_the_same_note_sent_many_times_at_once_is_one(
    technician: httpx.AsyncClient, notes: str, pool: AsyncConnectionPool
) -> None:
    answers = await asyncio.gather(*(technician.post(notes, json={"key": KEY, "text": "x"}) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
    assert len({answer.text for answer in answers}) == 1
    assert len(await _audited(pool)) == 1


async def test_a_key_is_its_senders_and_for_one_thing(
    technician: httpx.AsyncClient, operator: httpx.AsyncClient, notes: str
) -> None:
    body = {"key": KEY, "text": "x"}
    assert (await technician.post(notes, json=body)).status_code == 201
    for client, path in ((operator, notes), (technician, f"{DEVICES}/fp-1/notes")):
        answer = await client.post(path, json=body)
        assert (answer.status_code, answer.json()["detail"]) == (409, "Another note has this key.")


async def test_notes_of_a_device_and_of_an_incident_are_kept_apart_and_paged_newest_first(
    technician: httpx.AsyncClient, reader: httpx.AsyncClient, notes: str, clock: Clock
) -> None:
    device = f"{DEVICES}/fp-1/notes"
    for number in range(5):
        path = device if number == 4 else notes
        assert (await technician.post(path, json={"key": _key(number), "text": str(number)})).status_code == 201
        clock.pass_seconds(number % 2)
    assert [note["text"] for note in (await reader.get(device)).json()["items"]] == ["4"]
    seen, cursor = [], None
    while True:
        page = (await reader.get(notes, params={"limit": 3} | ({"cursor": cursor} if cursor else {}))).json()
        seen += [note["text"] for note in page["items"]]
        if (cursor := page["next"]) is None:
            break
    assert seen == ["3", "2", "1", "0"]


async def test_what_cannot_be_is_refused_and_named(
    technician: httpx.AsyncClient, wall: httpx.AsyncClient, notes: str, city: City
) -> None:
    good = {"key": KEY, "text": "x"}
    for body, where in (
        ({"text": "x"}, "body.key"),
        (good | {"key": "abc"}, "body.key"),
        (good | {"text": ""}, "body.text"),
        (good | {"text": " \n"}, "body.text"),
        (good | {"text": "x" * 2_001}, "body.text"),
        (good | {"text": "a\u0000b"}, "body.text"),
        (good | {"at": "yesterday"}, "body.at"),
        (good | {"at": (START + timedelta(minutes=2)).isoformat()}, "body.at"),
        (good | {"at": (START - timedelta(days=31)).isoformat()}, "body.at"),
        (good | {"where": "there"}, "body.where"),
    ):
        answer = await technician.post(notes, json=body)
        assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json"), body
        assert where in answer.json()["detail"], body
    for path in (f"{INCIDENTS}/99/notes", f"{DEVICES}/none/notes"):
        assert (await technician.post(path, json=good)).status_code == 404
        assert (await wall.get(path)).status_code == 404
    assert (await wall.post(notes, json=good)).status_code == 403
    await city.execute(
        "insert into note (key, incident_id, at, who, text)"
        " select md5(n::text)::uuid, 1, %s, 'x', 'x' from generate_series(1, %s) n",
        START,
        NOTES_MAX,
    )
    answer = await technician.post(notes, json=good)
    assert (answer.status_code, answer.json()["detail"]) == (409, "There are 1000 notes about this incident already.")


async def test_a_device_that_stands_for_years_takes_notes_for_years_and_every_one_can_be_read(
    technician: httpx.AsyncClient, reader: httpx.AsyncClient, notes: str, city: City
) -> None:
    device = f"{DEVICES}/fp-1/notes"
    await city.execute(
        "insert into note (key, device_id, at, who, text) select md5(n::text)::uuid, 'fp-1',"
        " %s - interval '30 days' - n * interval '1 day', 'x', n::text from generate_series(1, %s) n",
        *(START, NOTES_MAX),
    )
    assert (await technician.post(device, json={"key": KEY, "text": "baru"})).status_code == 201
    first = (await reader.get(device, params={"limit": NOTES_MAX})).json()
    rest = (await reader.get(device, params={"cursor": first["next"]})).json()
    assert [first["items"][0]["text"], rest["items"][-1]["text"], rest["next"]] == ["baru", str(NOTES_MAX), None]
    assert len(first["items"] + rest["items"]) == NOTES_MAX + 1
    await city.execute("update note set at = %s", START)
    answer = await technician.post(device, json={"key": _key(7), "text": "lagi"})
    assert (answer.status_code, "of the last 30 days" in answer.json()["detail"]) == (409, True)


async def test_a_phone_whose_clock_is_a_little_ahead_speaks_now(technician: httpx.AsyncClient, notes: str) -> None:
    at = (START + timedelta(seconds=50)).isoformat()
    note = (await technician.post(notes, json={"key": KEY, "text": "x", "at": at})).json()
    assert (note["at"], note["said_at"]) == ("2026-11-21T14:02:10Z", None)


async def test_notes_follow_an_incident_into_the_one_that_it_turned_out_to_be_part_of(
    technician: httpx.AsyncClient, notes: str, city: City
) -> None:
    await city.execute(OPEN.replace("'fp-1'", "'fp-2'"), START)
    for number in (1, 2):
        body = {"key": _key(number), "text": f"di #{number}"}
        assert (await technician.post(f"{INCIDENTS}/{number}/notes", json=body)).status_code == 201
    assert [note["text"] for note in (await technician.get(notes)).json()["items"]] == ["di #1"]
    merge = "update incident set state = 'resolved', resolved_at = opened_at, merged_into = 1 where id = 2"
    await city.execute(merge)
    late = {"key": _key(3), "text": "dari lembah"}
    assert (await technician.post(f"{INCIDENTS}/2/notes", json=late)).status_code == 201
    shown = (await technician.get(notes)).json()["items"]
    assert [(note["text"], note["incident"]) for note in shown] == [("dari lembah", 2), ("di #2", 2), ("di #1", 1)]
    own = (await technician.get(f"{INCIDENTS}/2/notes")).json()["items"]
    assert [note["text"] for note in own] == ["dari lembah", "di #2"]
    assert (await technician.get(f"{INCIDENTS}/2")).json()["merged_into"] == 1
