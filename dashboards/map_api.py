"""GET /api/v1/map.geojson: every device that has a place (RFC 7946)."""

from collections.abc import Mapping
from typing import Any

from fastapi.responses import Response
from pydantic_core import to_json

from dashboards import queries
from dashboards.centre import Here, judged_now
from dashboards.seen import Judged, Standing

MEDIA_TYPE = "application/geo+json"


async def geojson(centre: Here) -> Response:
    """A FeatureCollection of points, [longitude, latitude] in WGS 84; devices without coordinates are left out."""
    rows, judged = await centre.rows(queries.STANDINGS), await judged_now(centre)
    features = [feature(row, judged) for row in rows if row["latitude"] is not None]
    return Response(to_json({"type": "FeatureCollection", "features": features}), media_type=MEDIA_TYPE)


def feature(row: Mapping[str, Any], judged: Judged) -> dict[str, Any]:
    """A row of queries.STANDINGS as a Feature."""
    standing = Standing.of(row, judged)
    return {
        "type": "Feature",
        "id": row["id"],
        "geometry": {"type": "Point", "coordinates": [row["longitude"], row["latitude"]]},
        "properties": {
            "id": row["id"],
            "kind": row["kind"],
            "name": row["name"],
            "area": row["area"],
            "state": standing.state,
            "since": standing.since,
            "cause": standing.cause,
            "marks": standing.marks,
            "last_seen": row["last_seen"],
        },
    }
