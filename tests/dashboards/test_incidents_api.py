"""Incidents: which alerts are one story, on the API and on the live stream."""

from typing import Any

import httpx
from psycopg.types.json import Jsonb

from dashboards.incident_rows import incident_of
from dashboards.live.messages import Topic
from dashboards.live.picture import Picture
from tests.dashboards.city import START, City, Clock
from tests.dashboards.live.test_picture import NOW, _found

OPEN = """
insert into incident (root, area, title, severity, state, class, place, affected, opened_at, resolved_at)
values (%s, 'Lengkiti', 'Kabel FO putus', 'critical', %s, 'fibre-cut', %s, %s, %s, %s)
"""


async def _incident(city: City, root: str, state: str = "open") -> None:
    at = city.clock.now()
    place, affected = {"above": ["fp-086"], "below": root}, {"count": 3, "by_kind": {"fibre_point": 3}}
    await city.execute(OPEN, root, state, Jsonb(place), Jsonb(affected), at, at if state == "resolved" else None)


async def test_an_incident_has_the_contracts_shape(reader: httpx.AsyncClient, city: City) -> None:
    await _incident(city, "fp-087")
    await city.alerts("device-down", "fp-087")
    await city.execute("update alert set incident_id = 1")
    await city.execute(
        "insert into suppression (device_id, rule, cause, incident_id, at) values ('fp-088', 'down', 'fp-087', 1, %s)",
        START,
    )
    incident = (await reader.get("/api/v1/incidents/1")).json()
    assert (incident.pop("comments"), incident.pop("merged_into")) == ([], None)
    assert incident == {
        "id": 1,
        "title": "Kabel FO putus",
        "severity": "critical",
        "state": "open",
        "root": "fp-087",
        "area": "Lengkiti",
        "class": "fibre-cut",
        "place": {"above": ["fp-086"], "below": "fp-087"},
        "opened_at": "2026-11-21T14:02:10Z",
        "resolved_at": None,
        "alerts": [1],
        "affected": {"count": 3, "by_kind": {"fibre_point": 3}, "names": []},
        "suppressed": [
            {"device": "fp-088", "rule": "down", "cause": "fp-087", "at": "2026-11-21T14:02:10Z", "until": None}
        ],
    }
    assert (await reader.get("/api/v1/incidents")).json()["items"] == [incident]
    assert (await reader.get("/api/v1/alerts/1")).json()["incident"] == 1
    assert (await reader.get("/api/v1/summary")).json()["incidents_open"] == 1


async def test_incidents_are_filtered_and_paged_the_newest_first(
    reader: httpx.AsyncClient, city: City, clock: Clock
) -> None:
    for number in range(5):
        await _incident(city, f"fp-{number}", "open" if number % 2 else "resolved")
        clock.pass_seconds(1)
    ids: list[int] = []
    cursor: str | None = ""
    while cursor is not None:
        page = (await reader.get("/api/v1/incidents", params={"limit": 2, "cursor": cursor})).json()
        ids += [item["id"] for item in page["items"]]
        cursor = page["next"]
    assert ids == [5, 4, 3, 2, 1]
    still_open = (await reader.get("/api/v1/incidents", params={"state": "open"})).json()["items"]
    assert [item["root"] for item in still_open] == ["fp-3", "fp-1"]


async def test_an_incident_that_is_not_there_is_404(reader: httpx.AsyncClient) -> None:
    assert (await reader.get("/api/v1/incidents/9")).status_code == 404
    assert (await reader.get("/api/v1/incidents", params={"state": "closed"})).status_code == 422


def _row(**more: object) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": 7,
        "title": "x",
        "severity": "critical",
        "state": "open",
        "root": "a",
        "area": "",
        "class": "device",
        "place": {},
        "opened_at": NOW,
        "resolved_at": None,
        "affected": {},
        "alerts": [1],
        "suppressed": [],
    }
    return row | more


def test_the_picture_tells_an_incident_when_it_changes_and_when_it_is_over() -> None:
    picture = Picture(blind_after_seconds=60, judged_fresh_seconds=15, coalesce_seconds=0)
    (opened,) = picture.take(_found(incidents=[incident_of(_row())]), NOW)
    assert (opened.topic, opened.data["class"], opened.data["alerts"]) == (Topic.INCIDENT, "device", [1])
    assert picture.take(_found(incidents=[incident_of(_row())]), NOW) == []
    (changed,) = picture.take(_found(incidents=[incident_of(_row(alerts=[1, 2]))]), NOW)
    assert changed.data["alerts"] == [1, 2]
    assert [incident.id for incident in picture.scene(NOW).incidents] == [7]
    (over,) = picture.take(_found(incidents=[incident_of(_row(state="resolved", resolved_at=NOW))]), NOW)
    assert over.data["state"] == "resolved"
    assert picture.scene(NOW).incidents == []
