"""Who is on call by API: lists that are replaced whole, contacts that not everybody sees, and stand-ins."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from psycopg_pool import AsyncConnectionPool

from alerts.oncall.policy import Policy
from dashboards.city.settings import CitySettings
from tests.dashboards.city import START, Clock

PATH = "/api/v1/oncall"
BUDI: dict[str, Any] = {
    "id": "budi",
    "name": "Budi Santoso",
    "contacts": [{"channel": "telegram", "address": "chat-77"}, {"channel": "sms", "address": "+62811"}],
    "language": "id",
    "areas": ["Lengkiti"],
    "quiet": {"from": "22:00", "until": "05:00", "time_zone": "Asia/Jakarta"},
}
SARI = BUDI | {"id": "sari", "name": "Sari", "areas": [], "quiet": None}
SIANG: dict[str, Any] = {
    "name": "siang",
    "participants": ["budi", ["sari", "budi"]],
    "rotation": "daily",
    "starts_on": "2026-01-01",
    "hand_over": "08:00",
    "ends_on": None,
    "windows": [],
    "holidays_only": False,
}
LAPANGAN: dict[str, Any] = {"name": "lapangan", "time_zone": "Asia/Jakarta", "layers": [SIANG], "holidays": []}
POLICY = {"name": "night", "steps": [{"after_minutes": 5, "notify": ["rota:lapangan", "technician:kepala", "area"]}]}


@pytest.fixture
def app(app: FastAPI) -> FastAPI:
    """Of a city with two areas, two channels and a policy."""
    city = CitySettings(
        areas=["Lengkiti", "Ulu Ogan"], channels=["telegram", "sms"], policies=[Policy.model_validate(POLICY)]
    )
    app.state.centre = replace(app.state.centre, city=city)
    return app


@pytest.fixture
async def stored(operator: httpx.AsyncClient) -> None:
    assert (await operator.put(f"{PATH}/technicians", json={"items": [BUDI, SARI]})).status_code == 200
    assert (await operator.put(f"{PATH}/rotas", json={"items": [LAPANGAN]})).status_code == 200


async def _refusal(client: httpx.AsyncClient, path: str, *items: dict[str, Any]) -> str:
    answer = await client.put(f"{PATH}/{path}", json={"items": items})
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json"), answer.text
    return "; ".join(f"{fault['where']}: {fault['message']}" for fault in answer.json()["errors"])


async def test_lists_are_stored_whole_and_can_be_sent_back_as_they_were_read(
    operator: httpx.AsyncClient, stored: None
) -> None:
    for path, items in (("technicians", [BUDI, SARI]), ("rotas", [LAPANGAN])):
        read = (await operator.get(f"{PATH}/{path}")).json()
        assert (read["items"], read["next"]) == (items, None)
        assert (await operator.put(f"{PATH}/{path}", json=read)).status_code == 200


async def test_a_list_that_somebody_else_changed_meanwhile_is_not_overwritten(
    operator: httpx.AsyncClient, stored: None
) -> None:
    read = (await operator.get(f"{PATH}/technicians")).json()
    assert (await operator.put(f"{PATH}/technicians", json=read)).status_code == 200
    answer = await operator.put(f"{PATH}/technicians", json=read)
    assert (answer.status_code, answer.headers["content-type"]) == (409, "application/problem+json")


async def test_contacts_are_shown_to_technicians_and_above_never_to_the_wall(
    wall: httpx.AsyncClient, technician: httpx.AsyncClient, stored: None
) -> None:
    reads = [f"{PATH}/technicians", f"{PATH}/now", f"{PATH}/rotas", f"{PATH}/rotas/lapangan/shifts"]
    reads += [f"{PATH}/rotas/lapangan.ics", f"{PATH}/overrides"]
    for path in reads:
        answer = await wall.get(path)
        assert answer.status_code == 200
        assert "chat-77" not in answer.text
        assert "+62811" not in answer.text
    assert (await wall.get(f"{PATH}/technicians")).json()["items"][0]["contacts"] is None
    assert (await technician.get(f"{PATH}/technicians")).json()["items"][0]["contacts"] == BUDI["contacts"]
    assert "chat-77" in (await technician.get(f"{PATH}/now")).text


async def test_now_says_who_until_when_and_who_is_next(wall: httpx.AsyncClient, stored: None) -> None:
    (rota,) = (await wall.get(f"{PATH}/now")).json()["items"]
    assert (rota["rota"], [one["name"] for one in rota["technicians"]]) == ("lapangan", ["Budi Santoso"])
    assert rota["until"] == "2026-11-22T01:00:00Z"
    assert [one["id"] for one in rota["following"]["technicians"]] == ["sari", "budi"]
    assert (rota["following"]["until"], rota["following"]["source"]) == ("2026-11-23T01:00:00Z", "layer:siang")


async def test_what_a_policy_names_and_nobody_is_is_visible_and_stops_nothing(
    wall: httpx.AsyncClient, operator: httpx.AsyncClient
) -> None:
    assert (await wall.get(f"{PATH}/now?lang=en")).json()["faults"] == [
        "policy night: no rota is called lapangan",
        "policy night: no technician is called kepala",
        "policy night: nobody covers area Lengkiti",
        "policy night: nobody covers area Ulu Ogan",
    ]
    await operator.put(f"{PATH}/technicians", json={"items": [BUDI, SARI | {"id": "kepala", "areas": ["Ulu Ogan"]}]})
    night = SIANG | {"participants": ["budi"], "windows": [{"weekdays": ["mon"], "from": "00:00", "until": "00:00"}]}
    await operator.put(f"{PATH}/rotas", json={"items": [LAPANGAN | {"layers": [night]}]})
    assert (await wall.get(f"{PATH}/now")).json()["faults"] == ["jadwal piket lapangan: tidak ada yang piket"]


async def test_every_fault_of_a_list_is_named_and_nothing_of_it_is_stored(
    operator: httpx.AsyncClient, stored: None
) -> None:
    wrong = SARI | {"contacts": [{"channel": "pigeon", "address": "1"}], "areas": ["Lengkiti", "Atlantis"]}
    assert await _refusal(operator, "technicians", BUDI, wrong, SARI) == (
        "body.items.2.id: sari stands twice; "
        "body.items.1.contacts.0.channel: no channel is called pigeon; "
        "body.items.1.areas.1: Atlantis is not among the areas of the city"
    )
    words = await _refusal(operator, "technicians", BUDI | {"id": "B"}, SARI | {"quiet": {"from": "25:00"}})
    assert [fault.split(":")[0] for fault in words.split("; ")] == [
        "body.items.0.id",
        "body.items.1.quiet.from",
        "body.items.1.quiet.until",
        "body.items.1.quiet.time_zone",
    ]
    assert (await operator.get(f"{PATH}/technicians")).json()["items"] == [BUDI, SARI]


async def test_a_technician_whom_a_rota_names_cannot_be_left_out(operator: httpx.AsyncClient, stored: None) -> None:
    assert await _refusal(operator, "technicians", SARI) == (
        "body.items: budi is missing, and still named by rota lapangan"
    )
    assert (await operator.put(f"{PATH}/rotas", json={"items": []})).status_code == 200
    assert (await operator.put(f"{PATH}/technicians", json={"items": [SARI]})).status_code == 200


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"time_zone": "Asia/Atlantis"}, "body.items.0.time_zone: Value error, no time zone is called Asia/Atlantis"),
        ({"layers": []}, "body.items.0.layers: Value error, must be 1 to 10, not 0"),
        ({"layers": [SIANG, SIANG]}, "layers: two have the same name"),
        ({"layers": [SIANG | {"participants": ["nobody"]}]}, "body.items.0: no technician is called nobody"),
        ({"layers": [SIANG | {"participants": []}]}, "body.items.0.layers.0.participants"),
        ({"layers": [SIANG | {"participants": [["budi", "budi"]]}]}, "names something twice"),
        ({"layers": [SIANG | {"rotation": "hourly"}]}, "body.items.0.layers.0.rotation"),
        ({"layers": [SIANG | {"rotation": "90m"}]}, 'must be "daily", "weekly", or whole hours or days'),
        ({"layers": [SIANG | {"rotation": "0h"}]}, 'must be "daily", "weekly", or whole hours or days'),
        ({"layers": [SIANG | {"hand_over": "8:00"}]}, 'must be a time of the day such as "08:00"'),
        ({"layers": [SIANG | {"hand_over": 8}]}, 'must be a time of the day such as "08:00"'),
        ({"layers": [SIANG | {"starts_on": "2026-02-30"}]}, "body.items.0.layers.0.starts_on"),
        ({"layers": [SIANG | {"starts_on": "9999-01-01"}]}, "of the years 1970 to 2999"),
        ({"layers": [SIANG | {"ends_on": "2026-01-01"}]}, "ends_on must lie after starts_on"),
        ({"layers": [SIANG | {"windows": [{"weekdays": ["minggu"]}]}]}, "body.items.0.layers.0.windows.0.weekdays"),
        ({"holidays": [{"date": "2026-03-20"}]}, "give either layer or technicians"),
        ({"holidays": [{"date": "2026-03-20", "layer": "libur"}]}, "holidays: no layer is called libur"),
        ({"holidays": [{"date": "2026-03-20", "technicians": ["x"]}]}, "no technician is called x"),
        ({"holidays": [{"date": "2026-03-20", "layer": "siang"}] * 2}, "holidays: a date stands twice"),
        ({"name": "Lapangan"}, "body.items.0.name"),
        ({"colour": "red"}, "body.items.0.colour: Extra inputs are not permitted"),
    ],
)
async def test_a_rota_without_sense_is_refused_with_its_key(
    operator: httpx.AsyncClient, stored: None, change: dict[str, Any], words: str
) -> None:
    assert words in await _refusal(operator, "rotas", LAPANGAN | change)
    assert (await operator.get(f"{PATH}/rotas")).json()["items"] == [LAPANGAN]


@pytest.mark.parametrize("rotation", ["daily", "weekly", "3d", "12h", "36h"])
async def test_a_rotation_is_read_as_it_was_written(operator: httpx.AsyncClient, stored: None, rotation: str) -> None:
    layer = SIANG | {"rotation": rotation}
    answer = await operator.put(f"{PATH}/rotas", json={"items": [LAPANGAN | {"layers": [layer]}]})
    assert answer.json()["items"][0]["layers"] == [layer]


async def test_the_shifts_of_a_rota_cover_the_span_that_was_asked_for(wall: httpx.AsyncClient, stored: None) -> None:
    span = {"from": "2026-11-21T14:00:00Z", "to": "2026-11-23T00:00:00Z"}
    found = (await wall.get(f"{PATH}/rotas/lapangan/shifts", params=span)).json()["items"]
    assert [(one["since"], one["until"], [who["id"] for who in one["technicians"]]) for one in found] == [
        ("2026-11-21T14:00:00Z", "2026-11-22T01:00:00Z", ["budi"]),
        ("2026-11-22T01:00:00Z", "2026-11-23T00:00:00Z", ["sari", "budi"]),
    ]
    assert (await wall.get(f"{PATH}/rotas/kantor/shifts")).status_code == 404
    for wrong in ({"to": "2026-11-21T14:00:00Z"}, {"to": "2027-06-01T00:00:00Z"}, {"from": "yesterday"}):
        assert (await wall.get(f"{PATH}/rotas/lapangan/shifts", params=wrong)).status_code == 422


async def test_the_calendar_of_a_rota_can_be_subscribed_to(wall: httpx.AsyncClient, stored: None) -> None:
    answer = await wall.get(f"{PATH}/rotas/lapangan.ics")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert {str(event["summary"]) for event in Calendar.from_ical(answer.content).walk("VEVENT")} == {
        "Budi Santoso",
        "Sari",
    }
    assert (await wall.get(f"{PATH}/rotas/kantor.ics")).status_code == 404


async def test_somebody_stands_in_and_it_is_taken_back(
    operator: httpx.AsyncClient, wall: httpx.AsyncClient, stored: None, clock: Clock, pool: AsyncConnectionPool
) -> None:
    until = "2026-11-21T20:00:00Z"
    body = {"rota": "lapangan", "technicians": ["sari"], "until": until, "reason": "Budi sakit"}
    answer = await operator.post(f"{PATH}/overrides", json=body)
    assert (answer.status_code, answer.headers["location"]) == (201, f"{PATH}/overrides/1")
    added = answer.json()
    assert added == body | {
        "id": 1,
        "since": "2026-11-21T14:02:10Z",
        "created_at": "2026-11-21T14:02:10Z",
        "created_by": "operator",
    }
    assert (await wall.get(f"{PATH}/overrides", params={"rota": "lapangan"})).json()["items"] == [added]
    (rota,) = (await wall.get(f"{PATH}/now")).json()["items"]
    assert (rota["technicians"][0]["id"], rota["until"], rota["following"]["technicians"][0]["id"]) == (
        "sari",
        until,
        "budi",
    )
    clock.pass_seconds(60)
    assert (await operator.delete(f"{PATH}/overrides/1")).status_code == 204
    assert (await operator.delete(f"{PATH}/overrides/1")).status_code == 404
    assert (await wall.get(f"{PATH}/overrides", params={"active": "true"})).json()["items"] == []
    assert (await wall.get(f"{PATH}/now")).json()["items"][0]["technicians"][0]["id"] == "budi"
    async with pool.connection() as connection:
        query = "select who, action, subject, detail::text from audit where action like 'oncall%%' order by id"
        lines = await (await connection.execute(query)).fetchall()
    assert [line[:3] for line in lines] == [
        ("operator", "oncall.technicians", "technicians"),
        ("operator", "oncall.rotas", "rotas"),
        ("operator", "oncall.override.add", "1"),
        ("operator", "oncall.override.remove", "1"),
    ]
    assert not [line for line in lines if "chat-77" in line[3]]


@pytest.mark.parametrize(
    "change",
    [
        {"until": "2026-11-21T14:02:10Z"},
        {"until": "2027-03-01T00:00:00Z"},
        {"since": "2026-11-21T21:00:00Z"},
        {"until": "tomorrow"},
        {"rota": "kantor"},
        {"rota": "a\0b"},
        {"technicians": ["nobody"]},
        {"technicians": []},
        {"technicians": ["sari", "sari"]},
        {"technicians": "sari"},
        {"reason": "a\0b"},
        {"reason": "x" * 201},
        {"owner": "x"},
    ],
)
async def test_a_stand_in_without_sense_is_refused(
    operator: httpx.AsyncClient, stored: None, change: dict[str, Any]
) -> None:
    body = {"rota": "lapangan", "technicians": ["sari"], "until": "2026-11-21T20:00:00Z"} | change
    answer = await operator.post(f"{PATH}/overrides", json=body)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert (await operator.get(f"{PATH}/overrides")).json()["items"] == []


async def test_stand_ins_are_paged_and_there_is_an_end_to_how_many(
    operator: httpx.AsyncClient, stored: None, pool: AsyncConnectionPool
) -> None:
    async with pool.connection() as connection:
        fill = """
            insert into rota_override (rota, technicians, since, until, created_at, created_by)
            select 'lapangan', '{sari}', %s::timestamptz + n * interval '1 hour', %s, %s, 'x'
            from generate_series(1, 200) n
        """
        await connection.execute(fill, [START, START + timedelta(days=30), START])
    first = (await operator.get(f"{PATH}/overrides", params={"limit": 150})).json()
    rest = (await operator.get(f"{PATH}/overrides", params={"limit": 150, "cursor": first["next"]})).json()
    assert ([one["id"] for one in first["items"] + rest["items"]], rest["next"]) == ([*range(200, 0, -1)], None)
    body = {"rota": "lapangan", "technicians": ["sari"], "until": "2026-11-21T20:00:00Z"}
    assert (await operator.post(f"{PATH}/overrides", json=body)).status_code == 409


JSON = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=20)
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=10), inner, max_size=3)),
    max_leaves=8,
)


def _spoilt(item: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.builds(lambda key, value: item | {key: value}, st.sampled_from(sorted(item)), JSON)


@pytest.mark.parametrize(("path", "item"), [("technicians", BUDI), ("rotas", LAPANGAN), ("rotas", SIANG)])
async def test_no_body_makes_us_fail(
    operator: httpx.AsyncClient, stored: None, path: str, item: dict[str, Any]
) -> None:
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), database=None, derandomize=True)
    @given(spoilt=_spoilt(item))
    def spoil(spoilt: dict[str, Any]) -> None:
        bodies.append(LAPANGAN | {"layers": [spoilt]} if item is SIANG else spoilt)

    bodies: list[dict[str, Any]] = []
    spoil()
    for body in bodies:
        answer = await operator.put(f"{PATH}/{path}", json={"items": [SARI, body] if path == "technicians" else [body]})
        assert answer.status_code in {200, 422}, (body, answer.text)
