"""GET /api/v1/cables.geojson: the fibre between points."""

from fastapi.responses import Response
from pydantic_core import to_json

from dashboards.centre import Here
from dashboards.geography.cables import cables as cables_of
from dashboards.map_api import MEDIA_TYPE
from devices import registry


async def cables(centre: Here) -> Response:
    """A LineString from each point's upstream to the point: `from`, `to`, `route` (the trunk), `length_m` or null."""
    async with centre.database() as connection:
        known = await registry.load(connection)
    features = [cable.feature() for cable in cables_of(known)]
    return Response(to_json({"type": "FeatureCollection", "features": features}), media_type=MEDIA_TYPE)
