"""A night by a clock turned by hand: whatever fails and recovers, one person is told within the budget, and of all."""

import random
from datetime import datetime, timedelta

from alerts.paging.budget import BUDGET
from tests.alerts.city import OPTICAL_LOW, City
from tests.alerts.people import start

HOURS = 5
DEVICES = 60
FAILURES = 150
SENT = "select created_at, body ->> 'status' from notification where technician = 'budi' order by id"
# Alerts that the person was told of neither by a page nor by a digest.
UNTOLD = """
select count(*) from alert where not exists (
    select from page_member join page_group on page_group.id = group_id
    where alert_id = alert.id and (
        exists(select from notification where notification.group_id = page_group.id and technician = 'budi')
        or exists(select from held_page where held_page.group_id = page_group.id and digest_id is not null)))
"""


async def test_a_night_of_failures_stays_within_the_budget_and_leaves_nothing_untold(city: City) -> None:
    await start(city, rules=[OPTICAL_LOW | {"for": "0s", "severity": "critical"}])
    devices = [f"fp-{number}" for number in range(DEVICES)]
    for device in devices:
        await city.add(device)
    dice = random.Random(1)
    failing: set[str] = set()
    for seconds in sorted(dice.uniform(0, HOURS * 3_600) for _ in range(2 * FAILURES)):
        await until(city, city.at(seconds))
        device = dice.choice(devices)
        await city.reads(device, -20.0 if device in failing else -35.0)
        failing ^= {device}
        await city.round()
        await city.run("update notification set delivered_at = created_at where delivered_at is null")
    await until(city, city.at((HOURS + 3) * 3_600))

    sent = await city.run(SENT)
    for allowance in BUDGET:
        assert most_within([at for at, _ in sent], allowance.within) <= allowance.count
    assert await city.run(UNTOLD) == [(0,)]
    assert {"firing", "resolved", "digest"} >= {status for _, status in sent} > {"firing"}


async def until(city: City, moment: datetime) -> None:
    """A round every five minutes, for who was held back is told by time alone."""
    while (left := moment - city.clock.now()) > timedelta():
        city.clock.pass_(min(left.total_seconds(), 300))
        await city.round()


def most_within(moments: list[datetime], span: timedelta) -> int:
    """The most that lie within any span so long."""
    return max(sum(first <= moment < first + span for moment in moments) for first in moments)
