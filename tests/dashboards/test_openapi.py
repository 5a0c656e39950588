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
