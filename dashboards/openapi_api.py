"""GET /api/openapi.json."""

from typing import Any

from fastapi import FastAPI, Request
from pydantic.json_schema import models_json_schema

from dashboards.live.asyncapi import EVENTS
from dashboards.live.vocabulary import LiveMessage
from dashboards.routing import STREAM

SCHEMAS = "#/components/schemas/{model}"


def document(app: FastAPI) -> dict[str, Any]:
    """OpenAPI 3.1, the messages of the live stream among its components: as a whole no route answers with one."""
    told: dict[str, Any] = app.openapi()
    _, messages = models_json_schema([(LiveMessage, "serialization")], ref_template=SCHEMAS)
    told["components"]["schemas"] |= messages["$defs"]
    stream = told["paths"][EVENTS]["get"]["responses"]["200"]["content"][STREAM]
    stream |= {"schema": {"type": "string"}, "x-event-data": {"$ref": SCHEMAS.format(model=LiveMessage.__name__)}}
    return told


async def openapi(request: Request) -> dict[str, Any]:
    """This API as OpenAPI 3.1."""
    return document(request.app)
