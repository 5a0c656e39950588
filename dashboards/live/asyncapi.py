"""The live stream as an AsyncAPI 3.0 document, made of the vocabulary's models."""

from inspect import cleandoc
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from dashboards.live.scene_json import VERSION, Form
from dashboards.live.vocabulary import MESSAGES, Resume
from dashboards.rights.cookies import SESSION

EVERY: tuple[type[BaseModel], ...] = (*MESSAGES, Resume)

EVENTS, LIVE = "/api/v1/events", "/api/v1/live"
ABOUT = """
What is going on, told as it happens: a snapshot, then what changes. The same messages over both channels.

An id names its place: whoever returns with the last one hears what it missed, or where that is not known any more, a
snapshot. So does whoever falls too far behind. Fields may be added, never renamed.
"""
SECURITY = [{"$ref": "#/components/securitySchemes/bearer"}, {"$ref": "#/components/securitySchemes/session"}]
QUERY = {
    "type": "object",
    "properties": {
        "last_event_id": {"type": "string", "description": "Continue behind this message."},
        "snapshot": {"enum": [form.value for form in Form], "description": "How a snapshot tells the devices."},
    },
}


def document() -> dict[str, Any]:
    """AsyncAPI 3.0.0; it says what this server sends and what it hears."""
    _, schemas = models_json_schema(
        [(model, "serialization") for model in EVERY], ref_template="#/components/schemas/{model}"
    )
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Pantau: the live stream", "version": VERSION, "description": cleandoc(ABOUT)},
        "defaultContentType": "application/json",
        "channels": {
            "events": _channel(EVENTS, "Server-sent events; `Last-Event-ID` resumes.", MESSAGES),
            "live": {
                **_channel(LIVE, "A WebSocket; each frame is one message.", EVERY),
                "bindings": {"ws": {"method": "GET", "query": QUERY, "bindingVersion": "0.1.0"}},
            },
        },
        "operations": {
            "tellEvents": _operation("send", "events", MESSAGES),
            "tellLive": _operation("send", "live", MESSAGES),
            "resumeLive": _operation("receive", "live", (Resume,)),
        },
        "components": {
            "messages": {_name(model): _message(model) for model in EVERY},
            "schemas": schemas["$defs"],
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "session": {"type": "httpApiKey", "in": "cookie", "name": SESSION},
            },
        },
    }


def _name(model: type[BaseModel]) -> str:
    """As its `type` says, where it has one."""
    return model.__name__.removesuffix("Message").lower()


def _channel(address: str, description: str, models: tuple[type[BaseModel], ...]) -> dict[str, Any]:
    messages = {_name(model): {"$ref": f"#/components/messages/{_name(model)}"} for model in models}
    return {"address": address, "description": description, "messages": messages}


def _operation(action: str, channel: str, models: tuple[type[BaseModel], ...]) -> dict[str, Any]:
    return {
        "action": action,
        "channel": {"$ref": f"#/channels/{channel}"},
        "messages": [{"$ref": f"#/channels/{channel}/messages/{_name(model)}"} for model in models],
        "security": SECURITY,
    }


def _message(model: type[BaseModel]) -> dict[str, Any]:
    return {
        "name": _name(model),
        "summary": cleandoc(model.__doc__ or "").split("\n", maxsplit=1)[0],
        "payload": {"$ref": f"#/components/schemas/{model.__name__}"},
    }
