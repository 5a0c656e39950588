"""The audit log through the API: found by who, what, whom it concerned and when, page by page."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from psycopg.types.json import Jsonb

from tests.dashboards.city import START, City

PATH = "/api/v1/audit"
LINES = (
    ("sari", "10.0.0.1", "token.create", "lobi", {"role": "wall"}),
    ("sari", "10.0.0.1", "alert.acknowledge", "7", {}),
    ("budi", "10.0.0.2", "token.revoke", "lobi", {}),
    ("budi", "cli", "tokens", "all", {}),
)


@pytest.fixture
async def log(city: City) -> None:
    """Four lines, a minute apart, behind those of the tokens of this test."""
    query = "insert into audit (at, who, origin, action, subject, detail) values (%s, %s, %s, %s, %s, %s)"
    for minute, (who, origin, action, subject, detail) in enumerate(LINES, start=1):
        await city.execute(query, START + timedelta(minutes=minute), who, origin, action, subject, Jsonb(detail))


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"who": "sari"}, [1, 0]),
        ({"action": "token", "from": "2026-11-21T14:03:00Z"}, [2, 0]),
        ({"action": "token.revoke"}, [2]),
        ({"subject": "lobi"}, [2, 0]),
        ({"who": "budi", "subject": "lobi"}, [2]),
        ({"from": "2026-11-21T14:04:10Z", "to": "2026-11-21T14:06:10Z"}, [2, 1]),
        ({"who": "%"}, []),
        ({"action": "token."}, []),
    ],
)
async def test_lines_are_found_the_newest_first(
    operator: httpx.AsyncClient, log: None, asked: dict[str, str], found: list[int]
) -> None:
    page = (await operator.get(PATH, params=asked)).json()
    keys = ("who", "origin", "action", "subject", "detail")
    assert [tuple(item[key] for key in keys) for item in page["items"]] == [LINES[number] for number in found]
    assert page["next"] is None


async def test_the_log_comes_in_pages_without_gap_or_double(operator: httpx.AsyncClient, log: None) -> None:
    seen: list[dict[str, Any]] = []
    cursor = ""
    while cursor is not None:
        page = (await operator.get(PATH, params={"limit": 3, "cursor": cursor})).json()
        seen += page["items"]
        cursor = page["next"]
    numbers = [item["id"] for item in seen]
    assert (len(numbers), numbers) == (8, sorted(numbers, reverse=True)[:4] + sorted(numbers[4:], reverse=True))


@pytest.mark.parametrize(
    "asked", [{"from": "2026-11-21T14:04:10Z", "to": "2026-11-21T14:04:10Z"}, {"who": "a\0"}, {"cursor": "x"}]
)
async def test_senseless_questions_are_refused(operator: httpx.AsyncClient, asked: dict[str, str]) -> None:
    assert (await operator.get(PATH, params=asked)).status_code == 422
