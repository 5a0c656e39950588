"""GET /api/v1/cables.geojson: the fibre between points."""

import asyncio
from collections.abc import Mapping

from fastapi.responses import Response
from pydantic_core import to_json

from dashboards.centre import Here
from dashboards.geography.cables import cables as cables_of
from dashboards.map_api import MEDIA_TYPE
from devices import registry
from devices.device import Device


async def cables(centre: Here) -> Response:
    """A LineString from each point's upstream to the point: `from`, `to`, `route` (the trunk), `length_m` or null."""
    async with centre.database() as connection:
        known = await registry.load(connection)
    # Of a large city it is a second's work, in which streams would stand still.
    return Response(await asyncio.to_thread(_drawn, known), media_type=MEDIA_TYPE)


def _drawn(known: Mapping[str, Device]) -> bytes:
    features = [cable.feature() for cable in cables_of(known)]
    return to_json({"type": "FeatureCollection", "features": features})
