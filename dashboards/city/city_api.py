"""GET /api/v1/city: what every page must know before it draws anything."""

from dashboards import queries
from dashboards.auth import Who
from dashboards.built_pages import built_pages
from dashboards.centre import Centre, Here
from dashboards.city.kinds import kinds_in
from dashboards.city.shapes import CityShape, MapShape, VisitorShape, WallShape
from dashboards.geography.settings import Bounds
from dashboards.words import Language

# A map of a city that nobody has drawn, and that has no devices yet, shows the country.
COUNTRY: Bounds = (95.0, -11.0, 141.0, 6.0)
# Around devices, in degrees: about a kilometre.
MARGIN = 0.01


async def city(centre: Here, visitor: Who, lang: Language | None = None) -> CityShape:
    """Words in `lang`, or as the city speaks; `server_time` is the clock that pages show."""
    settings = centre.settings
    language = lang or settings.language
    return CityShape(
        title=settings.title,
        language=language,
        time_zone=settings.time_zone,
        zone_label=settings.zone_label,
        server_time=centre.now(),
        build=built_pages().build,
        visitor=VisitorShape(name=visitor.name, role=visitor.role.word, technician=visitor.technician),
        kinds=kinds_in(language),
        areas=list(centre.city.areas),
        frame_fresh_seconds=settings.frame_fresh_seconds,
        map=await _map(centre),
        wall=WallShape.model_validate(settings.wall, from_attributes=True),
        heartbeat_seconds=settings.heartbeat_seconds,
        judged_fresh_seconds=settings.judged_fresh_seconds,
    )


async def _map(centre: Centre) -> MapShape:
    geography = centre.city.geography
    bounds = geography.bounds or geography.areas.bounds or await _around_devices(centre)
    return MapShape(bounds=bounds, tiles=geography.tiles, attribution=geography.attribution)


async def _around_devices(centre: Centre) -> Bounds:
    row = await centre.row(queries.EXTENT_OF_DEVICES)
    if row is None or row["west"] is None:
        return COUNTRY
    return row["west"] - MARGIN, row["south"] - MARGIN, row["east"] + MARGIN, row["north"] + MARGIN
