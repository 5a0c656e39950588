"""Devices, the summary, the map."""

from datetime import timedelta
from typing import Any

import httpx
from fastapi import FastAPI

from dashboards.roles import Role
from tests.dashboards.city import City, Clock
from tests.dashboards.conftest import client_of


async def _items(client: httpx.AsyncClient, path: str, **filters: object) -> list[dict[str, Any]]:
    answer = await client.get(path, params={key: str(value) for key, value in filters.items()})
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def _all_ids(client: httpx.AsyncClient, limit: int) -> list[str]:
    ids: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = (await client.get("/api/v1/devices", params={"limit": limit, "cursor": cursor})).json()
        ids += [item["id"] for item in page["items"]]
        cursor = page["next"]
    return ids


async def test_a_device_has_the_contracts_shape(wall: httpx.AsyncClient, city: City, clock: Clock) -> None:
    await city.add("fp-001", name="Kantor Camat Lengkiti")
    await city.reads("fp-001", "rx_power_dbm", (clock.now(), -21.5))
    assert (await wall.get("/api/v1/devices/fp-001")).json() == {
        "id": "fp-001",
        "kind": "fibre_point",
        "name": "Kantor Camat Lengkiti",
        "area": "Lengkiti",
        "latitude": -4.25,
        "longitude": 103.75,
        "parents": [],
        "external_ids": {},
        "attributes": {},
        "state": "up",
        "cause": None,
        "since": "2026-11-21T14:02:10Z",
        "marks": [],
        "reason": "heard",
        "last_seen": "2026-11-21T14:02:10Z",
        "latest": {"rx_power_dbm": {"value": -21.5, "time": "2026-11-21T14:02:10Z"}},
    }


async def test_a_silent_device_goes_down_since_the_first_report_that_did_not_come(
    wall: httpx.AsyncClient, city: City, clock: Clock
) -> None:
    await city.add("fp-001")
    await city.reads("fp-001", "rx_power_dbm", (clock.now(), -21.5))
    await city.judge()
    clock.pass_seconds(91)
    device = (await wall.get("/api/v1/devices/fp-001")).json()
    assert (device["state"], device["since"], device["reason"]) == ("down", "2026-11-21T14:02:40Z", "silence")


async def test_when_nobody_judges_any_more_every_state_is_unknown_since_then(
    app: FastAPI, secrets: dict[Role, str], city: City, clock: Clock
) -> None:
    await city.add("fp-001")
    await city.reads("fp-001", "rx_power_dbm", (clock.now(), -21.5))
    await city.judge()
    async with client_of(app, secrets[Role.WALL]) as alone:
        clock.pass_seconds(15)
        assert (await alone.get("/api/v1/devices/fp-001")).json()["state"] == "up"
        clock.pass_seconds(1)
        device = (await alone.get("/api/v1/devices/fp-001")).json()
        assert (device["state"], device["since"], device["reason"]) == ("unknown", "2026-11-21T14:02:10Z", "blind")
        summary = (await alone.get("/api/v1/summary")).json()
        assert summary["blind_since"] == "2026-11-21T14:02:10Z"
        assert summary["devices"]["fibre_point"]["unknown"] == 1
        assert (await alone.get("/api/v1/devices", params={"state": "up"})).json()["items"] == []
        assert len((await alone.get("/api/v1/devices", params={"state": "unknown"})).json()["items"]) == 1


async def test_what_hangs_on_a_failed_device_says_because_of_whom(
    wall: httpx.AsyncClient, city: City, clock: Clock
) -> None:
    await city.add("fp-087")
    await city.add("fp-088", parents=["fp-087"])
    for device in ("fp-087", "fp-088"):
        await city.reads(device, "rx_power_dbm", (clock.now(), -21.5))
    await city.judge()
    clock.pass_seconds(5)
    for device in ("fp-087", "fp-088"):
        await city.says(device, "offline")
    device = (await wall.get("/api/v1/devices/fp-088")).json()
    assert (device["state"], device["cause"]) == ("unreachable", "fp-087")


async def test_a_birth_proves_life_and_a_retained_one_does_not(wall: httpx.AsyncClient, city: City) -> None:
    await city.add("fp-born")
    await city.says("fp-born", "online")
    await city.add("fp-retained")
    await city.says("fp-retained", "online", retained=True)
    states = {item["id"]: item["state"] for item in await _items(wall, "/api/v1/devices")}
    assert states == {"fp-born": "up", "fp-retained": "unknown"}


async def test_a_will_takes_a_device_down_at_once(wall: httpx.AsyncClient, city: City, clock: Clock) -> None:
    await city.add("fp-001")
    await city.reads("fp-001", "rx_power_dbm", (clock.now(), -21.5))
    await city.says("fp-001", "offline")
    assert (await wall.get("/api/v1/devices/fp-001")).json()["state"] == "down"


async def test_a_value_from_a_fast_clock_proves_life_only_until_its_receipt(
    wall: httpx.AsyncClient, city: City, clock: Clock
) -> None:
    await city.add("fp-001")
    await city.execute(
        "insert into latest (series_id, time, value, received_at) values (%s, %s, 1, %s)",
        await city.number("fp-001", "rtt_seconds"),
        clock.now() + timedelta(minutes=4),
        clock.now(),
    )
    assert (await wall.get("/api/v1/devices/fp-001")).json()["last_seen"] == "2026-11-21T14:02:10Z"


async def test_secrets_in_attributes_are_never_shown(wall: httpx.AsyncClient, city: City) -> None:
    await city.add("cam-01", "camera")
    await city.execute("""update device set attributes = '{"password": "geheim", "floor": 2}'""")
    assert (await wall.get("/api/v1/devices/cam-01")).json()["attributes"] == {"floor": 2}


async def test_filters_join(wall: httpx.AsyncClient, city: City, clock: Clock) -> None:
    await city.add("fp-001", area="Lengkiti")
    await city.add("fp-002", area="Baturaja Timur", name="RSUD Ibnu Sutowo")
    await city.add("cam-01", "camera", area="Lengkiti")
    await city.reads("fp-002", "rtt_seconds", (clock.now(), 0.01))
    for filters, found in (
        ({"kind": "fibre_point"}, ["fp-001", "fp-002"]),
        ({"kind": "fibre_point", "area": "Lengkiti"}, ["fp-001"]),
        ({"state": "up"}, ["fp-002"]),
        ({"state": "unknown", "kind": "camera"}, ["cam-01"]),
        ({"q": "ibnu"}, ["fp-002"]),
        ({"q": "FP-00"}, ["fp-001", "fp-002"]),
        ({"q": "%"}, []),
    ):
        assert [item["id"] for item in await _items(wall, "/api/v1/devices", **filters)] == found, filters


async def test_pages_are_complete_and_without_doubles_while_devices_are_added(
    wall: httpx.AsyncClient, city: City
) -> None:
    for number in range(10):
        await city.add(f"fp-{number:03}")
    first = (await wall.get("/api/v1/devices", params={"limit": 4})).json()
    await city.add("fp-000a")
    await city.add("fp-005a")
    ids, cursor = [item["id"] for item in first["items"]], first["next"]
    while cursor:
        page = (await wall.get("/api/v1/devices", params={"limit": 4, "cursor": cursor})).json()
        ids, cursor = ids + [item["id"] for item in page["items"]], page["next"]
    assert ids == sorted({f"fp-{number:03}" for number in range(10)} | {"fp-005a"})


async def test_a_state_is_found_however_far_down_the_list(wall: httpx.AsyncClient, city: City, clock: Clock) -> None:
    await city.execute(
        "insert into device (id, kind, name) "
        "select 'fp-' || number, 'fibre_point', '' from generate_series(1001, 2200) number"
    )
    for number in (1007, 1008, 2190):
        await city.reads(f"fp-{number}", "rtt_seconds", (clock.now(), 0.01))
    page = (await wall.get("/api/v1/devices", params={"state": "up", "limit": 2})).json()
    assert [item["id"] for item in page["items"]] == ["fp-1007", "fp-1008"]
    rest = (await wall.get("/api/v1/devices", params={"state": "up", "limit": 2, "cursor": page["next"]})).json()
    assert ([item["id"] for item in rest["items"]], rest["next"]) == (["fp-2190"], None)


async def test_a_page_that_ends_exactly_has_no_next(wall: httpx.AsyncClient, city: City) -> None:
    for number in range(4):
        await city.add(f"fp-{number}")
    assert (await wall.get("/api/v1/devices", params={"limit": 4})).json()["next"] is None
    assert await _all_ids(wall, 2) == ["fp-0", "fp-1", "fp-2", "fp-3"]


async def test_the_summary_counts_kinds_and_states(wall: httpx.AsyncClient, city: City, clock: Clock) -> None:
    await city.add("fp-001")
    await city.add("fp-002")
    await city.add("cam-01", "camera")
    await city.reads("fp-001", "rtt_seconds", (clock.now(), 0.01))
    await city.says("fp-002", "offline")
    await city.alerts("silent", "fp-002")
    await city.alerts("low", "fp-001", "pending")
    nothing = {"total": 0, "up": 0, "degraded": 0, "down": 0, "unreachable": 0, "unknown": 0}
    assert (await wall.get("/api/v1/summary")).json() == {
        "devices": {
            "camera": nothing | {"total": 1, "unknown": 1},
            "fibre_point": nothing | {"total": 2, "up": 1, "down": 1},
        },
        "incidents_open": 0,
        "newest_reading": "2026-11-21T14:02:10Z",
        "blind_since": None,
        "server_time": "2026-11-21T14:02:10Z",
    }


async def test_a_city_without_devices_is_empty_not_blind(wall: httpx.AsyncClient) -> None:
    summary = (await wall.get("/api/v1/summary")).json()
    assert (summary["devices"], summary["blind_since"], summary["newest_reading"]) == ({}, None, None)


async def test_we_are_blind_when_nothing_arrives_for_a_minute(
    wall: httpx.AsyncClient, city: City, clock: Clock
) -> None:
    await city.add("fp-001")
    await city.reads("fp-001", "rtt_seconds", (clock.now(), 0.01))
    clock.pass_seconds(59)
    assert (await wall.get("/api/v1/summary")).json()["blind_since"] is None
    clock.pass_seconds(2)
    assert (await wall.get("/api/v1/summary")).json()["blind_since"] == "2026-11-21T14:02:10Z"


async def test_the_map_is_geojson_longitude_first_and_leaves_out_what_has_no_place(
    wall: httpx.AsyncClient, city: City
) -> None:
    await city.add("fp-001")
    await city.add("fp-002")
    await city.execute("update device set latitude = null, longitude = null where id = 'fp-002'")
    answer = await wall.get("/api/v1/map.geojson")
    assert answer.headers["content-type"] == "application/geo+json"
    (feature,) = answer.json()["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [103.75, -4.25]}
    assert (feature["id"], feature["properties"]["state"]) == ("fp-001", "unknown")


async def test_a_kind_that_no_longer_exists_is_shown_as_unknown(wall: httpx.AsyncClient, city: City) -> None:
    await city.add("old-1", "telegraph")
    assert (await wall.get("/api/v1/devices/old-1")).json()["state"] == "unknown"
    assert (await wall.get("/api/v1/summary")).json()["devices"]["telegraph"]["unknown"] == 1
