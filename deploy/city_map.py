"""The map that [dashboards.map] names: outlines and tiles, read once."""

from pathlib import Path

from dashboards.geography.areas import Areas, read_areas
from dashboards.geography.geography import Geography
from dashboards.geography.settings import is_address
from deploy.refused import Faults, RefusedError
from deploy.settings import Settings

# What a PMTiles file of version 3 begins with (its specification, section 3.2).
PMTILES = b"PMTiles\x03"


def geography(settings: Settings) -> Geography:
    """The map, or an empty one. Raises RefusedError with every fault of the files."""
    wanted, faults = settings.city.dashboards.map, Faults()
    areas, tiles = Areas(), None
    with faults:
        areas = _areas(settings)
    with faults:
        tiles = _tiles_file(settings)
    faults.refuse()
    return Geography(
        areas=areas,
        bounds=wanted.bounds,
        tiles_file=tiles,
        tiles_template=wanted.tiles if tiles is None else None,
        attribution=wanted.attribution,
    )


def _areas(settings: Settings) -> Areas:
    wanted = settings.city.dashboards.map.areas
    if wanted is None:
        return Areas()
    file = settings.config.parent / wanted
    found = read_areas(_read(file, "areas"), settings.city.city.areas)
    if isinstance(found, list):
        raise RefusedError([f"{file}: {reason}" for reason in found])
    return found


def _tiles_file(settings: Settings) -> Path | None:
    wanted = settings.city.dashboards.map.tiles
    if wanted is None or is_address(wanted):
        return None
    file = settings.config.parent / wanted
    if _read(file, "tiles", len(PMTILES)) != PMTILES:
        raise RefusedError([f"{file}: is no PMTiles file of version 3"])
    return file


def _read(file: Path, key: str, count: int = -1) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(count)
    except OSError as fault:
        raise RefusedError([f"{file}: [dashboards.map] {key}: cannot be read: {fault.strerror}"]) from fault
