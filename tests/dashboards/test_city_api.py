"""What every page must know before it draws anything: words, clocks, limits, who looks, and the map."""

from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from dashboards.city.settings import CitySettings
from dashboards.city.shown import sections_of
from dashboards.geography.areas import Areas
from dashboards.geography.geography import Geography
from dashboards.observed import safe_headers
from dashboards.settings import DashboardsSettings
from devices.kinds import KINDS
from tests.dashboards.city import City

PATH = "/api/v1/city"
AREAS = Areas(geojson=b'{"type":"FeatureCollection","features":[]}', bounds=(103.7, -4.6, 104.6, -3.7))
TEMPLATE = "https://tiles.example:8443/v1/{z}/{x}/{y}.png"


def _settled(app: FastAPI, geography: Geography) -> None:
    city = CitySettings(areas=["Lengkiti", "Ulu Ogan"], geography=geography)
    app.state.centre = replace(app.state.centre, city=city)


async def test_a_page_is_told_words_clocks_limits_and_who_looks(wall: httpx.AsyncClient, app: FastAPI) -> None:
    _settled(app, Geography())
    told = (await wall.get(PATH)).json()
    kinds = told.pop("kinds")
    assert told.pop("build") != ""
    assert told == {
        "title": "Pantau",
        "language": "id",
        "time_zone": "Asia/Jakarta",
        "zone_label": "WIB",
        "server_time": "2026-11-21T14:02:10Z",
        "visitor": {"name": "wall", "role": "wall", "technician": None},
        "areas": ["Lengkiti", "Ulu Ogan"],
        "frame_fresh_seconds": 20.0,
        "map": {"bounds": [95.0, -11.0, 141.0, 6.0], "tiles": None, "attribution": None},
        "wall": {
            "scenes": ["network", "cameras", "environment", "incidents"],
            "scene_seconds": 30.0,
            "river_kinds": ["water_level"],
            "air_kinds": ["air_quality"],
        },
        "heartbeat_seconds": 0.5,
        "judged_fresh_seconds": 15.0,
    }
    assert set(kinds) == set(KINDS)
    assert {kind["name"] for kind in kinds.values()}.isdisjoint(KINDS)
    river = kinds["water_level"]
    assert river["metrics"]["level_metres"] == {"name": "tinggi air", "unit": "m", "fault": False}
    camera = kinds["camera"]["metrics"]
    assert (camera["covered"]["fault"], camera["frames_per_second"]["fault"]) == (True, False)
    english = (await wall.get(PATH, params={"lang": "en"})).json()
    assert (english["language"], english["kinds"]["water_level"]["name"]) == ("en", "Water level")
    assert (await wall.get(PATH, params={"lang": "fr"})).status_code == 422


async def test_whose_name_is_a_technicians_is_no_technician_for_that(technician: httpx.AsyncClient, city: City) -> None:
    await city.execute(
        "insert into technician (id, place, name, contacts, language, changed_at, changed_by)"
        " values ('technician', 1, 'Budi', '[]', 'id', now(), 'test')"
    )
    visitor = (await technician.get(PATH)).json()["visitor"]
    assert visitor == {"name": "technician", "role": "technician", "technician": None}


async def test_a_map_that_is_not_drawn_shows_where_the_devices_are(
    wall: httpx.AsyncClient, app: FastAPI, city: City
) -> None:
    await city.add("fp-001")
    await city.add("fp-002", parents=["fp-001"])
    await city.execute("update device set longitude = 104.75 where id = 'fp-002'")
    assert (await wall.get(PATH)).json()["map"]["bounds"] == pytest.approx([103.74, -4.26, 104.76, -4.24])
    _settled(app, Geography(areas=AREAS, tiles_file=Path("oku.pmtiles"), attribution="© OKU"))
    told = (await wall.get(PATH)).json()["map"]
    assert told == {"bounds": list(AREAS.bounds or ()), "tiles": "/api/v1/tiles.pmtiles", "attribution": "© OKU"}
    _settled(app, Geography(areas=AREAS, bounds=(104.0, -4.2, 104.2, -4.0), tiles_template=TEMPLATE))
    told = (await wall.get(PATH)).json()["map"]
    assert (told["bounds"], told["tiles"]) == ([104.0, -4.2, 104.2, -4.0], TEMPLATE)
    answer = await wall.get("/api/v1/areas.geojson")
    assert (answer.content, answer.headers["content-type"]) == (AREAS.geojson, "application/geo+json")
    cables = await wall.get("/api/v1/cables.geojson")
    assert cables.headers["content-type"] == "application/geo+json"
    (cable,) = cables.json()["features"]
    assert cable["geometry"]["coordinates"] == [[103.75, -4.25], [104.75, -4.25]]
    assert cable["properties"] == {"from": "fp-001", "to": "fp-002", "route": "fp-002", "length_m": None}


def test_pages_may_load_from_where_the_tiles_are_and_from_nowhere_else() -> None:
    foreign = Geography(tiles_template=TEMPLATE).foreign_origins
    policy = dict(part.strip().split(" ", 1) for part in safe_headers(foreign)["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'self'"
    assert policy["connect-src"] == "'self' https://tiles.example:8443"
    assert policy["img-src"] == "'self' blob: https://tiles.example:8443"
    assert (
        "http" not in safe_headers(Geography(tiles_file=Path("a.pmtiles")).foreign_origins)["Content-Security-Policy"]
    )


async def test_settings_are_for_operators_as_they_were_read(
    operator: httpx.AsyncClient, technician: httpx.AsyncClient, app: FastAPI
) -> None:
    sections = list(sections_of(DashboardsSettings(title="Kota"), "dashboards"))
    app.state.centre = replace(app.state.centre, city=CitySettings(shown=sections))
    told = (await operator.get("/api/v1/settings")).json()["sections"]
    assert [section["name"] for section in told] == ["dashboards", "dashboards.map", "dashboards.wall"]
    assert told[0]["items"][0] == {"key": "title", "value": "Kota", "default": False, "secret": False}
    assert (await technician.get("/api/v1/settings")).status_code == 403
