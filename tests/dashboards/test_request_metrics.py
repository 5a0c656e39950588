"""What is counted of requests: by template, so that ids never become labels."""

import httpx
from prometheus_client import REGISTRY


def _count(method: str, route: str, status: str) -> float:
    labels = {"method": method, "route": route, "status": status}
    return REGISTRY.get_sample_value("pantau_dashboards_request_seconds_count", labels) or 0.0


async def test_requests_are_counted_by_template_and_status(
    wall: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    before = _count("GET", "/api/v1/devices/{id}", "404")
    await wall.get("/api/v1/devices/fp-001")
    await wall.get("/api/v1/devices/fp-002")
    assert _count("GET", "/api/v1/devices/{id}", "404") == before + 2


async def test_what_a_client_invents_becomes_no_label(anonymous: httpx.AsyncClient) -> None:
    before = _count("other", "none", "401")
    await anonymous.request("BREW", "/coffee/17")
    assert _count("other", "none", "401") == before + 1
