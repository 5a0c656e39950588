"""What is really sent is what the documents say: one vocabulary over both channels, in either form."""

import json
from typing import Any

import httpx
import pytest
import websockets
from jsonschema import Draft202012Validator

from dashboards.live.live import Live
from dashboards.live.vocabulary import MESSAGES, LiveMessage
from dashboards.roles import Role
from tests.dashboards.city import City, Clock

TYPES = ["snapshot", "device", "reading", "alert", "incident", "heartbeat"]


async def _happens(live: Live, city: City, clock: Clock) -> None:
    """Something of every sort, behind the place test-1."""
    await city.add("fp-001")
    await city.add("cam-01", "camera", parents=["fp-001"])
    await city.judge()
    await live.look()
    await city.reads("fp-001", "rx_power_dbm", (clock.now(), -21.5))
    await city.says("fp-001", "offline")
    await city.alerts("silent", "fp-001")
    await city.execute(
        "insert into incident (title, severity, state, root, area, class, place, opened_at, affected) values "
        "('t', 'critical', 'open', 'fp-001', '', 'power', '{}', %s, '{}')",
        clock.now(),
    )
    await city.judge()
    await live.look()
    await city.reads("cam-01", "frames_per_second", (clock.now(), 5.0))
    await city.execute("delete from device where id = 'fp-001'")
    await live.look()


async def _heard(url: str, secret: str, query: str) -> list[dict[str, Any]]:
    """Until there was a heartbeat."""
    address = f"{url.replace('http', 'ws', 1)}/api/v1/live?{query}"
    heard = []
    async with websockets.connect(address, additional_headers={"Authorization": f"Bearer {secret}"}) as socket:
        while not heard or heard[-1]["type"] != "heartbeat":
            heard.append(json.loads(await socket.recv()))
    return heard


async def test_every_message_that_is_sent_obeys_the_schemas_of_the_documents(
    url: str, secrets: dict[Role, str], live: Live, city: City, clock: Clock, wall: httpx.AsyncClient
) -> None:
    await _happens(live, city, clock)
    heard = []
    for query in ("snapshot=devices", "snapshot=columns", "last_event_id=test-1"):
        heard += await _heard(url, secrets[Role.WALL], query)
    assert {message["type"] for message in heard} == set(TYPES)
    openapi = (await wall.get("/api/openapi.json")).json()
    asyncapi = (await wall.get("/api/asyncapi.json")).json()
    any_message = {"$ref": "#/components/schemas/LiveMessage", "components": openapi["components"]}
    for message in heard:
        Draft202012Validator(any_message).validate(message)
        payload = asyncapi["components"]["messages"][message["type"]]["payload"]
        Draft202012Validator({**payload, "components": asyncapi["components"]}).validate(message)
        told = LiveMessage.model_validate(message).model_dump(mode="json", by_alias=True, exclude_unset=True)
        assert _names(told) == _names(message), "no field that the schemas do not know"


def _names(told: object) -> object:
    if isinstance(told, dict):
        return {name: _names(value) for name, value in told.items()}
    return [_names(value) for value in told] if isinstance(told, list) else None


async def test_the_asyncapi_document_refers_to_nothing_that_it_does_not_have(wall: httpx.AsyncClient) -> None:
    document = (await wall.get("/api/asyncapi.json")).json()
    assert document["asyncapi"] == "3.0.0"
    assert [document["channels"][channel]["address"] for channel in ("events", "live")] == [
        "/api/v1/events",
        "/api/v1/live",
    ]
    assert list(document["channels"]["events"]["messages"]) == TYPES
    assert list(document["channels"]["live"]["messages"]) == [*TYPES, "resume"]
    assert {operation["action"] for operation in document["operations"].values()} == {"send", "receive"}
    for reference in _references(document):
        found: Any = document
        for step in reference.removeprefix("#/").split("/"):
            found = found[step]


def _references(part: object) -> list[str]:
    if isinstance(part, dict):
        own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
        return own + [reference for value in part.values() for reference in _references(value)]
    return [reference for value in part for reference in _references(value)] if isinstance(part, list) else []


@pytest.mark.parametrize("model", MESSAGES)
async def test_both_documents_describe_a_message_alike(model: type[Any], wall: httpx.AsyncClient) -> None:
    documents = [(await wall.get(f"/api/{name}.json")).json() for name in ("openapi", "asyncapi")]
    one, other = (document["components"]["schemas"][model.__name__] for document in documents)
    assert one == other


async def test_columns_say_what_the_devices_say(
    url: str, secrets: dict[Role, str], live: Live, city: City, clock: Clock
) -> None:
    await city.add("fp-001")
    await city.add("fp-002")
    await city.add("wl-01", "water_level")
    await city.reads("fp-001", "rx_power_dbm", (clock.now(), -21.5))
    clock.pass_seconds(3)
    await city.reads("fp-001", "rtt_seconds", (clock.now(), 0.25))
    await city.judge()
    clock.pass_seconds(1)
    await live.look()
    (by_device, *_), (by_column, *_) = [
        await _heard(url, secrets[Role.WALL], f"snapshot={form}") for form in ("devices", "columns")
    ]
    devices, columns = by_device["data"].pop("devices"), by_column["data"].pop("columns")
    assert by_device == by_column
    for name in set(columns) - {"epoch", "since", "last_seen", "latest"}:
        assert columns[name] == [device[name] for device in devices]
    assert columns["epoch"] == "2026-11-21T14:02:14Z"
    assert columns["last_seen"] == [-1_000, None, None]
    assert columns["since"] == [-1_000, -1_000, -1_000]
    assert columns["latest"] == {
        "fibre_point": {
            "rtt_seconds": {"value": [0.25, None], "before": [0, None]},
            "rx_power_dbm": {"value": [-21.5, None], "before": [3_000, None]},
        },
        "water_level": {},
    }
