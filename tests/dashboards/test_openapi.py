"""The document and the promises in it."""

import httpx

from dashboards.routes import ROUTES


async def test_the_document_is_openapi_3_1_with_every_documented_route(wall: httpx.AsyncClient) -> None:
    document = (await wall.get("/api/openapi.json")).json()
    assert document["openapi"].startswith("3.1")
    described = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
    assert described == {(route.method, route.path) for route in ROUTES if route.documented}


async def test_every_error_is_described_as_a_problem(wall: httpx.AsyncClient) -> None:
    document = (await wall.get("/api/openapi.json")).json()
    for methods in document["paths"].values():
        for operation in methods.values():
            assert list(operation["responses"]["default"]["content"]) == ["application/problem+json"]
            assert "422" not in operation["responses"]


async def test_what_is_no_json_is_described_as_what_it_is(wall: httpx.AsyncClient) -> None:
    document = (await wall.get("/api/openapi.json")).json()
    described = {
        path: list(methods["get"]["responses"]["200"]["content"])
        for path, methods in document["paths"].items()
        if "get" in methods
    }
    assert described["/api/v1/cameras"] == ["application/json"]
    assert described["/api/v1/cameras/{id}/frame.jpg"] == ["image/jpeg"]
    assert described["/api/v1/cameras/{id}/stream.mjpg"] == ["multipart/x-mixed-replace"]
    assert described["/api/v1/mosaic.jpg"] == ["image/jpeg"]
    assert described["/api/v1/events"] == ["text/event-stream"]


async def test_the_shapes_of_cameras_say_what_may_be_null(wall: httpx.AsyncClient) -> None:
    schemas = (await wall.get("/api/openapi.json")).json()["components"]["schemas"]
    camera = schemas["CameraShape"]
    assert camera["required"] == list(camera["properties"])
    assert {"type": "null"} in camera["properties"]["tampers"]["anyOf"]
    assert schemas["Grade"]["enum"] == ["excellent", "fair", "poor", "unusable"]
    assert "covered" in schemas["Tamper"]["enum"]
