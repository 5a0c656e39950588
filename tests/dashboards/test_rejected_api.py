"""What was refused, and the adoption of a device that nobody knew."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.dashboards.city import City, Clock

ADOPT = "/api/v1/unknown-devices/fp-new/adopt"
BODY = {"kind": "fibre_point", "name": "Kantor Lurah", "area": "Baturaja Timur", "latitude": -4.13, "longitude": 104.17}


async def test_a_refusal_has_the_contracts_shape(wall: httpx.AsyncClient, city: City, clock: Clock) -> None:
    await city.refuses("fp-001", "not-json", payload=b'{"a":\xff\x00')
    clock.pass_seconds(1)
    assert (await wall.get("/api/v1/rejected")).json() == {
        "items": [
            {
                "received_at": "2026-11-21T14:02:10Z",
                "topic": "pantau/v1/fp-001/telemetry",
                "device": "fp-001",
                "reason": "not-json",
                "detail": "",
                "payload": '{"a":\\xff\0',
            }
        ],
        "next": None,
    }


async def test_refusals_are_filtered_by_reason_and_time(wall: httpx.AsyncClient, city: City, clock: Clock) -> None:
    await city.refuses("fp-001", "not-json")
    clock.pass_seconds(60)
    await city.refuses("fp-002", "out-of-range")
    clock.pass_seconds(60)
    for filters, found in (
        ({}, ["fp-002", "fp-001"]),
        ({"reason": "not-json"}, ["fp-001"]),
        ({"from": "2026-11-21T14:03:10Z"}, ["fp-002"]),
        ({"to": "2026-11-21T14:03:10Z"}, ["fp-001"]),
    ):
        items = (await wall.get("/api/v1/rejected", params=filters)).json()["items"]
        assert [item["device"] for item in items] == found, filters


async def test_pages_of_refusals_of_one_moment_are_complete_and_without_doubles_while_more_arrive(
    wall: httpx.AsyncClient, city: City, clock: Clock
) -> None:
    for number in range(25):
        await city.refuses(f"fp-{number:03}", "not-json")
    before, clock.time = clock.time, clock.time + timedelta(seconds=1)
    devices: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = (await wall.get("/api/v1/rejected", params={"limit": 4, "cursor": cursor})).json()
        devices += [item["device"] for item in page["items"]]
        cursor = page["next"]
        clock.time, now = before, clock.time
        await city.refuses("fp-later", "not-json")
        clock.time = now
    assert [device for device in devices if device != "fp-later"] == [f"fp-{number:03}" for number in range(24, -1, -1)]


async def test_an_unknown_device_is_listed_once_with_what_it_said_last(
    wall: httpx.AsyncClient, city: City, clock: Clock
) -> None:
    await city.add("fp-known")
    await city.refuses("fp-known")
    await city.refuses("fp-bad", "not-json")
    for payload in (b"1", b"2", b"3"):
        await city.refuses("fp-new", payload=payload)
        clock.pass_seconds(1)
    assert (await wall.get("/api/v1/unknown-devices")).json()["items"] == [
        {
            "device": "fp-new",
            "count": 3,
            "first_seen": "2026-11-21T14:02:10Z",
            "last_seen": "2026-11-21T14:02:12Z",
            "topic": "pantau/v1/fp-new/telemetry",
            "payload": "3",
        }
    ]


async def test_an_adopted_device_is_in_the_registry_and_the_audit_log_and_no_longer_unknown(
    operator: httpx.AsyncClient, city: City
) -> None:
    await city.refuses("fp-new")
    answer = await operator.post(ADOPT, json=BODY)
    assert answer.status_code == 201, answer.text
    assert (answer.headers["location"], answer.json()["state"]) == ("/api/v1/devices/fp-new", "unknown")
    assert (await operator.get("/api/v1/devices/fp-new")).json()["name"] == "Kantor Lurah"
    assert (await operator.get("/api/v1/unknown-devices")).json()["items"] == []
    async with city.pool.connection() as connection:
        query = "select who, origin, action, subject, detail->>'area' from audit where action = 'device.adopt'"
        assert await (await connection.execute(query)).fetchall() == [
            ("operator", "127.0.0.1", "device.adopt", "fp-new", "Baturaja Timur")
        ]


async def test_who_did_not_speak_cannot_be_adopted_nor_who_is_known(operator: httpx.AsyncClient, city: City) -> None:
    assert (await operator.post(ADOPT, json=BODY)).status_code == 404
    await city.refuses("fp-new")
    await city.add("fp-new")
    assert (await operator.post(ADOPT, json=BODY)).status_code == 409


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "telegraph"},
        {"name": " "},
        {"name": "a\0b"},
        {"name": 3},
        {"latitude": 91},
        {"latitude": 1e308},
        {"latitude": None},
        {"parents": ["nobody"]},
        {"parents": ["fp-new"]},
        {"parents": 7},
        {"external_ids": {"dev_eui": "\0"}},
        {"attributes": {"password": "x"}},
        {"attributes": {"note": "a\0b"}},
        {"id": "fp-other"},
    ],
)
async def test_a_device_that_would_not_be_sound_is_refused_whole(
    operator: httpx.AsyncClient, city: City, change: dict[str, Any]
) -> None:
    await city.refuses("fp-new")
    answer = await operator.post(ADOPT, json=BODY | change)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json"), answer.text
    assert (await operator.get("/api/v1/devices/fp-new")).status_code == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"{", 422),
        (b"[]", 422),
        (b'{"kind": "fibre_point", "name": "x", "attributes": {"n": NaN}}', 422),
        (b'{"kind": "fibre_point", "name": "x", "attributes": {"n": "\\ud800"}}', 422),
        (b'{"kind": "fibre_point", "name": "x", "latitude": 1e999, "longitude": 1}', 422),
        (b'{"kind": "fibre_point", "name": "x", "attributes": {"n": ' + b"9" * 5_000 + b"}}", 422),
        (b"[" * 30_000, 422),
        (b"\xff\xfe", 422),
        (b" " * 70_000, 413),
    ],
)
async def test_a_hostile_body_is_refused_with_a_word(
    operator: httpx.AsyncClient, city: City, body: bytes, status: int
) -> None:
    await city.refuses("fp-new")
    answer = await operator.post(ADOPT, content=body, headers={"Content-Type": "application/json"})
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    assert answer.status_code in {400, status}, answer.text
