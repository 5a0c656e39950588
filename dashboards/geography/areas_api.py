"""GET /api/v1/areas.geojson: the outline of the regency and of its areas."""

from fastapi.responses import Response

from dashboards.centre import Here
from dashboards.map_api import MEDIA_TYPE


async def areas(centre: Here) -> Response:
    """Polygons with `level` (`regency` or `area`) and `name`; none where the city's settings name no file."""
    return Response(centre.city.geography.areas.geojson, media_type=MEDIA_TYPE)
