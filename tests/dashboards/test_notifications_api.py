"""Who was told what, and whether it arrived."""

import httpx
from psycopg.types.json import Jsonb

from tests.dashboards.city import START, City, Clock

TOLD = """
insert into notification (channel, technician, address, sequence, severity, body, created_at, next_attempt_at, attempts,
                          delivered_at, last_error)
values ('sms', 'budi', '+62811', %s, 'critical', %s, %s, %s, 1, %s, %s)
"""

INCIDENT = """
insert into incident (root, area, title, severity, state, class, opened_at)
values (%s, '', 'Putus', 'critical', 'open', 'device', %s)
"""


async def tell(city: City, incident: int, sequence: int, *, error: str | None = None) -> None:
    at = city.clock.now()
    page = {"incident": incident, "sequence": sequence, "status": "firing", "title": "KRITIS: putus", "to": "+62811"}
    await city.execute(TOLD, sequence, Jsonb(page), at, at, None if error else at, error)


async def test_a_message_is_shown_with_its_receipt_and_without_an_address(
    reader: httpx.AsyncClient, city: City
) -> None:
    await tell(city, 41, 2, error="HTTP 500")
    answer = await reader.get("/api/v1/notifications")
    (item,) = answer.json()["items"]
    assert item == {
        "id": 1,
        "channel": "sms",
        "technician": "budi",
        "incident": 41,
        "sequence": 2,
        "status": "firing",
        "severity": "critical",
        "title": "KRITIS: putus",
        "created_at": START.isoformat().replace("+00:00", "Z"),
        "attempts": 1,
        "delivered_at": None,
        "failed_at": None,
        "last_error": "HTTP 500",
        "acknowledged": False,
    }
    assert "+62811" not in answer.text


async def test_messages_are_paged_the_newest_first_and_asked_for_by_incident(
    reader: httpx.AsyncClient, city: City, clock: Clock
) -> None:
    for number in range(5):
        await tell(city, number % 2, number + 1)
        clock.pass_seconds(1)
    sequences: list[int] = []
    cursor: str | None = ""
    while cursor is not None:
        page = (await reader.get("/api/v1/notifications", params={"limit": 2, "cursor": cursor})).json()
        sequences += [item["sequence"] for item in page["items"]]
        cursor = page["next"]
    assert sequences == [5, 4, 3, 2, 1]
    about = (await reader.get("/api/v1/notifications", params={"incident": 1})).json()["items"]
    assert [item["sequence"] for item in about] == [4, 2]


async def test_a_message_tells_whether_somebody_took_what_it_is_about_even_when_that_is_over(
    reader: httpx.AsyncClient, city: City
) -> None:
    at = city.clock.now()
    for root in ("fp-087", "fp-001"):
        await city.execute(INCIDENT, root, at)
    await city.alerts("device-down", "fp-087", "resolved")
    await city.execute("update alert set incident_id = 1, acknowledged_at = %s, acknowledged_by = 'Budi'", at)
    await tell(city, 1, 1)
    await tell(city, 2, 1)
    items = (await reader.get("/api/v1/notifications")).json()["items"]
    assert {item["incident"]: item["acknowledged"] for item in items} == {1: True, 2: False}
