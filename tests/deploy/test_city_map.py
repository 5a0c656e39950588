"""The map that city.toml names: read at the start, or refused with file and reason."""

from pathlib import Path

import pytest

from dashboards.geography.geography import Geography
from deploy.city_map import geography
from deploy.refused import RefusedError
from deploy.settings import read_settings

CITY = '[city]\nname = "Kota"\ndevices = "devices.csv"\nareas = ["Utara"]\n[dashboards.map]\n'
RING = "[[[104,-4.2],[104.2,-4.2],[104.2,-4],[104,-4.2]]]"
AREAS = (
    '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"level":"area","name":"%s"},'
    '"geometry":{"type":"Polygon","coordinates":' + RING + "}}]}"
)


def _map(folder: Path, text: str) -> Geography:
    file = folder / "city.toml"
    file.write_text(CITY + text, "utf-8")
    return geography(read_settings({"PANTAU_CONFIG": str(file)}))


def _faults(folder: Path, text: str) -> list[str]:
    with pytest.raises(RefusedError) as refused:
        _map(folder, text)
    return [fault.replace(f"{folder}/", "") for fault in refused.value.faults]


def test_outlines_and_tiles_are_found_beside_the_city_file(tmp_path: Path) -> None:
    (tmp_path / "areas.geojson").write_text(AREAS % "Utara", "utf-8")
    (tmp_path / "oku.pmtiles").write_bytes(b"PMTiles\x03 and the rest")
    found = _map(tmp_path, 'areas = "areas.geojson"\ntiles = "oku.pmtiles"\nattribution = "© OKU"\n')
    assert (found.areas.bounds, found.attribution) == ((104, -4.2, 104.2, -4), "© OKU")
    assert (found.tiles_file, found.tiles, found.foreign_origins) == (
        tmp_path / "oku.pmtiles",
        "/api/v1/tiles.pmtiles",
        (),
    )


def test_without_a_setting_there_is_a_map_without_outlines(tmp_path: Path) -> None:
    assert _map(tmp_path, "") == Geography()


def test_tiles_may_be_elsewhere(tmp_path: Path) -> None:
    found = _map(tmp_path, 'tiles = "https://tiles.example/{z}/{x}/{y}.pbf"\n')
    assert (found.tiles_file, found.foreign_origins) == (None, ("https://tiles.example",))


def test_every_fault_of_the_files_is_told_with_the_file(tmp_path: Path) -> None:
    assert _faults(tmp_path, 'areas = "areas.geojson"\ntiles = "oku.pmtiles"\n') == [
        "areas.geojson: [dashboards.map] areas: cannot be read: No such file or directory",
        "oku.pmtiles: [dashboards.map] tiles: cannot be read: No such file or directory",
    ]
    (tmp_path / "areas.geojson").write_text(AREAS % "Barat", "utf-8")
    (tmp_path / "oku.pmtiles").write_bytes(b"SQLite format 3")
    assert _faults(tmp_path, 'areas = "areas.geojson"\ntiles = "oku.pmtiles"\n') == [
        "areas.geojson: features.0.properties.name: Barat is not among [city] areas",
        "oku.pmtiles: is no PMTiles file of version 3",
    ]


@pytest.mark.parametrize(
    "tiles",
    [
        "https://user:secret@tiles.example/{z}/{x}/{y}.png",
        "https://tiles.example/{z}/{x}.png",
        "ftp://tiles.example/{z}/{x}/{y}.png",
        "https://tiles.example; script-src */{z}/{x}/{y}.png",
        "https://tiles.example/{z}/{x}/{y}.png; script-src *",
    ],
)
def test_an_address_that_is_none_or_would_open_the_door_is_refused(tmp_path: Path, tiles: str) -> None:
    (fault,) = _faults(tmp_path, f'tiles = "{tiles}"\n')
    assert fault.startswith("city.toml:6: dashboards.map.tiles: must be a file, or an address like https://")


def test_what_the_wall_shows_is_checked_with_the_rest(tmp_path: Path) -> None:
    faults = _faults(
        tmp_path,
        'bounds = [104.0, -4.0, 103.0, -3.0]\n[dashboards.wall]\nscenes = ["network", "sport"]\nscene_seconds = 1\n'
        'river_kinds = ["brook"]\n',
    )
    assert [fault.split(": ")[:2] for fault in faults] == [
        ["city.toml:5", "dashboards.map"],
        ["city.toml:8", "dashboards.wall.scenes.1"],
        ["city.toml:9", "dashboards.wall.scene_seconds"],
        ["city.toml:10", "dashboards.wall.river_kinds.0"],
    ]
