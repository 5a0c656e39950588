"""GET /api/openapi.json."""

from typing import Any

from fastapi import Request


async def openapi(request: Request) -> dict[str, Any]:
    """This API as OpenAPI 3.1."""
    document: dict[str, Any] = request.app.openapi()
    return document
