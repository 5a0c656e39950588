"""GET /api/v1/map.geojson: every device that has a place (RFC 7946)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from fastapi.responses import Response
from pydantic_core import to_json

from dashboards import queries
from dashboards.centre import Here
from dashboards.seen import Word, judgement

MEDIA_TYPE = "application/geo+json"


async def geojson(centre: Here) -> Response:
    """A FeatureCollection of points, [longitude, latitude] in WGS 84; devices without coordinates are left out."""
    rows, now = await centre.rows(queries.EVIDENCE), centre.now()
    features = [feature(row, now) for row in rows if row["latitude"] is not None]
    return Response(to_json({"type": "FeatureCollection", "features": features}), media_type=MEDIA_TYPE)


def feature(row: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """A row of queries.EVIDENCE as a Feature."""
    judged = judgement(row["kind"], Word.of(row), row["last_seen"], now)
    return {
        "type": "Feature",
        "id": row["id"],
        "geometry": {"type": "Point", "coordinates": [row["longitude"], row["latitude"]]},
        "properties": {
            "id": row["id"],
            "kind": row["kind"],
            "name": row["name"],
            "area": row["area"],
            "state": judged.state,
            "since": judged.since,
            "last_seen": row["last_seen"],
        },
    }
