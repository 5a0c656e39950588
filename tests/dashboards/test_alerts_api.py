"""Alerts, to read."""

import httpx

from tests.dashboards.city import City


async def test_alerts_have_the_contracts_shape_and_the_newest_comes_first(wall: httpx.AsyncClient, city: City) -> None:
    await city.alerts("old", "fp-001", "resolved", ago_seconds=100)
    await city.alerts("silent", "fp-001")
    items = (await wall.get("/api/v1/alerts")).json()["items"]
    assert items[0] == {
        "id": 2,
        "rule": "silent",
        "device": "fp-001",
        "severity": "critical",
        "state": "firing",
        "starts_at": "2026-11-21T14:02:10Z",
        "ends_at": None,
        "summary": "words",
        "incident": None,
        "acknowledged_at": None,
        "acknowledged_by": None,
    }
    assert [item["rule"] for item in items] == ["silent", "old"]
    one = (await wall.get("/api/v1/alerts/2")).json()
    assert {key: one[key] for key in items[0]} == items[0]
    assert (one["fired_at"], one["labels"], one["transitions"], one["comments"]) == (items[0]["starts_at"], {}, [], [])


async def test_alerts_are_filtered_by_state_and_device(wall: httpx.AsyncClient, city: City) -> None:
    await city.alerts("silent", "fp-001")
    await city.alerts("silent", "fp-002", "resolved")
    for filters, found in (({"state": "firing"}, [1]), ({"device": "fp-002"}, [2]), ({"state": "pending"}, [])):
        items = (await wall.get("/api/v1/alerts", params=filters)).json()["items"]
        assert [item["id"] for item in items] == found


async def test_pages_of_alerts_are_complete_and_without_doubles_while_more_begin(
    wall: httpx.AsyncClient, city: City
) -> None:
    for number in range(10):
        await city.alerts("silent", f"fp-{number}")
    ids: list[int] = []
    cursor: str | None = ""
    while cursor is not None:
        page = (await wall.get("/api/v1/alerts", params={"limit": 3, "cursor": cursor})).json()
        ids += [item["id"] for item in page["items"]]
        cursor = page["next"]
        await city.alerts("later", f"fp-{len(ids)}")
    assert ids == list(range(10, 0, -1))


async def test_an_unknown_alert_is_404_and_a_number_beyond_the_database_422(wall: httpx.AsyncClient) -> None:
    assert (await wall.get("/api/v1/alerts/99")).status_code == 404
    assert (await wall.get(f"/api/v1/alerts/{2**63}")).status_code == 422
