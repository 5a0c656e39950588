"""GET /api/asyncapi.json."""

from typing import Any

from dashboards.live.asyncapi import document


async def asyncapi() -> dict[str, Any]:
    """The live stream as AsyncAPI 3.0."""
    return document()
