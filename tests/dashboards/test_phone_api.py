"""All that a technician's phone shows, in one small answer that is asked for again and again."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from psycopg.types.json import Jsonb

from alerts.oncall.policy import Policy
from dashboards.city.settings import CitySettings
from dashboards.roles import Role
from tests.dashboards.city import START, City, Clock
from tests.dashboards.conftest import client_of

PATH = "/api/v1/phone"
PASSWORD = "sungai ogan"
POLICY = {
    "name": "malam",
    "steps": [
        {"after_minutes": 5, "notify": ["rota:lapangan"]},
        {"after_minutes": 10, "notify": ["technician:kepala", "channel:ops"]},
    ],
}
# Names and titles as long as they come in a city.
LONG = "Jembatan Penyeberangan Orang Simpang Empat Pasar Atas Baturaja Timur"


@pytest.fixture
def app(app: FastAPI) -> FastAPI:
    city = CitySettings(
        channels=["sms-gw", "bot", "ops"],
        channel_kinds={"sms-gw": "sms_http", "bot": "telegram", "ops": "webhook"},
        policies=[Policy.model_validate(POLICY)],
    )
    app.state.centre = replace(app.state.centre, city=city)
    return app


async def _technician(city: City, id_: str, name: str, *areas: str, language: str = "id") -> None:
    contacts = [{"channel": "bot", "address": f"chat-{id_}"}, {"channel": "sms-gw", "address": f"+62811{len(id_)}"}]
    await city.execute(
        "insert into technician (id, place, name, contacts, language, areas, changed_at, changed_by)"
        " values (%s, 1, %s, %s, %s, %s, now(), 'test')",
        *(id_, name, Jsonb(contacts), language, Jsonb(list(areas))),
    )


async def _incident(city: City, number: int, **values: object) -> None:
    place = {"above": ["fp-086"], "below": "fp-087", "metres": 1_240.0, "because": ["light-lost"]}
    row = {
        "root": f"fp-{number}",
        "area": "Ulu Ogan",
        "title": f"Kabel FO putus antara FP-086 dan FP-087 (1,2 km), {LONG}: 12 titik, 3 hotspot, 2 internet desa",
        "severity": "warning",
        "state": "open",
        "class": "fibre-cut",
        "place": Jsonb(place),
        "affected": Jsonb({"count": 17, "by_kind": {"fibre_point": 12, "hotspot": 3}, "names": [LONG] * 50}),
        "opened_at": START - timedelta(minutes=number),
    } | values
    columns, places = ", ".join(row), ", ".join(["%s"] * len(row))
    await city.execute(f"insert into incident ({columns}) values ({places})", *row.values())  # noqa: S608  ours


@pytest.fixture
async def people(city: City) -> None:
    """The visitor is a technician on call, and another comes next."""
    await _technician(city, "technician", "Budi Santoso", "Lengkiti")
    await _technician(city, "kepala", "Sari Kepala", language="en")
    layer = {
        "name": "siang",
        "participants": ["technician", "kepala"],
        "rotation": "daily",
        "starts_on": "2026-01-01",
        "hand_over": "08:00",
        "ends_on": None,
        "windows": [],
        "holidays_only": False,
    }
    await city.execute(
        "insert into rota (name, place, time_zone, layers, changed_at, changed_by)"
        " values ('lapangan', 1, 'Asia/Jakarta', %s, now(), 'test')",
        Jsonb([layer]),
    )


@pytest.fixture
async def story(city: City, people: None) -> None:
    """Of 32 open incidents five are the visitor's, each for another reason; a sixth is over."""
    await city.add("fp-086", name="Tiang Lengkiti Hulu")
    await city.add("fp-1", name="Tiang Lengkiti Hilir", parents=["fp-086"])
    await city.add("cam-5", "camera", name="Kamera Pasar")
    await city.execute("update device set latitude = null, longitude = null where id = 'cam-5'")
    for number in range(1, 33):
        await _incident(city, number)
    await _incident(city, 33, state="resolved", resolved_at=START, area="Lengkiti")
    await city.execute("update incident set area = 'Lengkiti', severity = 'critical' where id = 1")
    await city.execute("update incident set root = 'cam-5', class = 'device', place = '{}' where id = 5")
    for number in range(2, 6):
        await city.alerts("rule", f"fp-{number}")
        await city.execute("update alert set incident_id = %s where device = %s", number, f"fp-{number}")
    for number, name, minutes in ((2, "technician", 3), (3, "operator", 4)):
        await city.execute(
            "update alert set state = 'acknowledged', acknowledged_at = %s, acknowledged_by = %s"
            " where incident_id = %s",
            *(START - timedelta(minutes=minutes), name, number),
        )
    await city.execute(
        "insert into notification (channel, technician, sequence, body, created_at, next_attempt_at)"
        " values ('bot', 'technician', 1, %s, now(), now()), ('bot', 'kepala', 1, %s, now(), now())",
        *(Jsonb({"incident": 3}), Jsonb({"incident": 6})),
    )
    await city.execute(
        "insert into page_group (receiver, key, opened_at, reached) values"
        " ('policy:malam', '{}', now(), '[\"technician:technician\"]'), ('policy:malam', '{\"a\": \"b\"}', now(), '[]')"
    )
    await city.execute("insert into page_member (group_id, alert_id) values (1, 3), (2, 4)")
    await city.execute(
        "insert into held_page (technician, group_id, severity, status, title, at)"
        " values ('technician', 2, 'warning', 'firing', '', now())"
    )
    for number, seconds, text in ((1, 60, "lama"), (2, 30, "x" * 2_000)):
        await city.execute(
            "insert into note (key, incident_id, at, who, text) values (md5(%s)::uuid, 1, %s, 'technician', %s)",
            *(str(number), START - timedelta(seconds=seconds), text),
        )


@pytest.fixture
async def budi(app: FastAPI, admin: httpx.AsyncClient, people: None) -> AsyncIterator[httpx.AsyncClient]:
    """Who signed in with an account of which an admin said that it is the technician's."""
    account = "/api/v1/accounts/hp-lengkiti"
    await admin.put(account, json={"role": "technician", "password": PASSWORD})
    await admin.put(f"{account}/technician", json={"technician": "technician"})
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://pantau.test") as client:
        await client.post("/login", data={"name": "hp-lengkiti", "password": PASSWORD})
        yield client


async def test_a_phone_is_told_all_that_it_shows_mine_first_and_the_worst_of_these(
    budi: httpx.AsyncClient, story: None
) -> None:
    answer = await budi.get(PATH)
    told = answer.json()
    assert len(answer.content) < 60_000
    assert told["server_time"] == "2026-11-21T14:02:10Z"
    assert told["me"] == {"account": "hp-lengkiti", "technician": "technician", "name": "Budi Santoso"}
    assert (told["language"], told["time_zone"], told["zone_label"]) == ("id", "Asia/Jakarta", "WIB")
    assert (told["on_call"], told["until"]) == (True, "2026-11-22T01:00:00Z")
    assert len(told["incidents"]) == 30
    assert [one["id"] for one in told["incidents"] if one["mine"]] == [1, 5, 4, 3, 2]
    assert [one["id"] for one in told["incidents"]][:7] == [1, 5, 4, 3, 2, 32, 31]
    first = told["incidents"][0]
    assert len(first.pop("title")) < 200
    names, latest = first["affected"].pop("names"), first.pop("latest_note")
    assert first == {
        "id": 1,
        "severity": "critical",
        "state": "open",
        "class": "fibre-cut",
        "opened_at": "2026-11-21T14:01:10Z",
        "place": "antara Tiang Lengkiti Hulu dan Tiang Lengkiti Hilir (1,2 km)",
        "root": "fp-1",
        "latitude": -4.25,
        "longitude": 103.75,
        "map_url": "geo:-4.250000,103.750000?q=-4.250000,103.750000(Tiang%20Lengkiti%20Hilir)",
        "area": "Lengkiti",
        "affected": {"count": 17, "by_kind": {"fibre_point": 12, "hotspot": 3}},
        "carry": ["Splicer", "OTDR", "Kabel FO", "Selongsong sambungan dan closure"],
        "acknowledged_by": None,
        "acknowledged_at": None,
        "mine": True,
    }
    assert (len(names), len(names[0])) == (10, 60)
    assert (latest["at"], latest["who"], len(latest["text"])) == ("2026-11-21T14:01:40Z", "Budi Santoso", 200)
    camera, *_, taken = told["incidents"][1:5]
    assert (camera["place"], camera["map_url"]) == ("Kamera Pasar", None)
    assert camera["carry"] == ["Kamera cadangan, adaptor PoE"]
    assert (taken["acknowledged_by"], taken["acknowledged_at"]) == ("Budi Santoso", "2026-11-21T13:59:10Z")
    assert told["contacts"] == [
        {"name": "Budi Santoso", "role_text": "Jaga lapangan", "phone": "+6281110", "telegram": "chat-technician"},
        {
            "name": "Sari Kepala",
            "role_text": "Langkah 2 kebijakan malam",
            "phone": "+628116",
            "telegram": "chat-kepala",
        },
    ]


async def test_what_has_not_changed_is_not_sent_again(
    budi: httpx.AsyncClient, city: City, story: None, clock: Clock
) -> None:
    first = await budi.get(PATH)
    tag = first.headers["etag"]
    assert first.json()["etag"] == tag
    clock.pass_seconds(20)
    again = await budi.get(PATH, headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert again.headers["x-server-time"] == "2026-11-21T14:02:30Z"
    assert (await budi.get(PATH, headers={"If-None-Match": tag}, params={"lang": "en"})).status_code == 200
    await city.execute("update incident set title = 'Kabel FO putus' where id = 1")
    changed = await budi.get(PATH, headers={"If-None-Match": tag})
    assert (changed.status_code, changed.json()["incidents"][0]["title"]) == (200, "Kabel FO putus")
    assert changed.headers["etag"] != tag


async def test_whoever_is_no_technician_sees_all_incidents_as_others(
    app: FastAPI, secrets: dict[Role, str], reader: httpx.AsyncClient, story: None
) -> None:
    async with client_of(app, secrets[Role.ADMIN]) as admin:
        told: dict[str, Any] = (await admin.get(PATH, params={"lang": "en"})).json()
    assert told["me"] == {"account": "admin", "technician": None, "name": "admin"}
    assert (told["on_call"], told["until"]) == (False, None)
    assert not any(one["mine"] for one in told["incidents"])
    assert told["incidents"][0]["place"] == "between Tiang Lengkiti Hulu and Tiang Lengkiti Hilir (1.2 km)"
    assert told["incidents"][0]["carry"][0] == "Fusion splicer"
    assert told["contacts"][0]["role_text"] == "On call, lapangan"
    assert (await reader.get(PATH)).status_code == 403


async def test_a_phone_speaks_as_its_technician_does(budi: httpx.AsyncClient, city: City) -> None:
    await city.execute("update technician set language = 'en'")
    await _incident(city, 1, **{"class": "power"})
    answer = (await budi.get(PATH)).json()
    assert answer["language"] == "en"
    (told,) = answer["incidents"]
    assert told["carry"] == ["Generator or UPS battery", "Multimeter"]
    assert told["place"] == "between fp-086 and fp-1 (1.2 km)"


async def test_a_phone_is_told_since_when_the_centre_itself_does_not_see(
    technician: httpx.AsyncClient, city: City
) -> None:
    """Nobody judges in this test: what the phone is told of is of then."""
    await city.add("fp-1")
    first = (await technician.get(PATH)).json()
    summary = (await technician.get("/api/v1/summary")).json()
    assert first["blind_since"] == summary["blind_since"]
    assert first["blind_since"] is not None


async def test_a_phone_shows_the_note_of_an_incident_that_went_into_another_and_it_stays_his(
    budi: httpx.AsyncClient, city: City, story: None
) -> None:
    await city.execute(
        "insert into note (key, incident_id, at, who, text) values (md5('32')::uuid, 32, %s, 'technician', 'retak')",
        START,
    )
    await city.execute(
        "insert into notification (channel, technician, sequence, body, created_at, next_attempt_at)"
        " values ('bot', 'technician', 1, %s, now(), now())",
        Jsonb({"incident": 32}),
    )
    await city.execute(
        "update incident set state = 'resolved', resolved_at = opened_at, merged_into = 31 where id = 32"
    )
    (shown,) = [one for one in (await budi.get(PATH)).json()["incidents"] if one["id"] == 31]
    assert (shown["latest_note"]["text"], shown["mine"]) == ("retak", True)
