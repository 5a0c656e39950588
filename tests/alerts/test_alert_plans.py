"""What is asked again and again reads no whole table that only ever grows."""

import pytest

from alerts import queries
from alerts.paging import queries as paging
from tests.alerts.city import NOON, City

FILLED = """
insert into notification (channel, sequence, body, created_at, next_attempt_at, delivered_at)
select 'ops', 1, '{}', %(now)s, %(now)s, %(now)s from generate_series(1, 5000);
"""
ENDED = """
insert into alert (
    rule, device, kind, area, severity, state, starts_at, evidence_at, fired_at, ends_at, end_reason, summary)
select 'silent', 'fp-' || number, 'fibre_point', '', 'info', 'resolved', at, at, at, at, 'cleared', ''
from generate_series(1, 5000) as number
cross join lateral (select %(now)s - number * interval '1 minute' as at) as moment
"""


@pytest.mark.parametrize(
    ("statement", "index"),
    [
        (queries.CHANNEL_RECORDS, "notification_in_vain"),
        (queries.FIRED, "alert_by_firing"),
        (paging.STUCK, "notification_on_its_way"),
    ],
    ids=["channels", "fired", "stuck"],
)
async def test_it_is_found_by_an_index(city: City, statement: str, index: str) -> None:
    async with city.pool.connection() as connection:
        for fill in (FILLED, ENDED):
            await connection.execute(fill, {"now": NOON})
        await connection.execute("analyze notification, alert")
        wanted = {"channels": ["ops"], "after": NOON, "before": NOON, "limit": 200}
        plan = await (await connection.execute(f"explain {statement}", wanted)).fetchall()
    assert any(index in line for (line,) in plan)
