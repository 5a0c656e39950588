"""Our own intake lags when half of all that is heard is heard late."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from alerts.alert import Alert, State
from alerts.evaluate import evaluate
from alerts.rules.delay import Delay
from alerts.rules.subject import Subject
from alerts.states.evidence import Observed
from alerts.states.standing import Standing
from devices.device import Device
from devices.state import Bucket, Limits, Reason
from devices.state import State as DeviceState
from tests.alerts.city import NOON, City, after, settings

LAG = {"name": "lag", "kind": "delay", "above": 60, "clear": 20}
LIMITS = Limits(interval_seconds=30.0)


def rule(**changes: Any) -> Delay:  # noqa: ANN401  fields of several types
    (parsed,) = settings(LAG | changes).rules
    assert isinstance(parsed, Delay)
    return parsed


def heard(delay: float, received: datetime = NOON, state: DeviceState = DeviceState.UP) -> Subject:
    """A device whose newest reading came so late."""
    at = received - (after(delay) - NOON)
    standing = Standing(state=state, since=NOON, reason=Reason.HEARD, bucket=Bucket.UP, noted_at=NOON)
    readings = {"rtt_seconds": Observed(value=0.01, at=at, delay_seconds=delay)}
    device = Device(id="fp", kind="fibre_point", name="Titik")
    return Subject(device=device, limits=LIMITS, readings=readings, standing=standing)


def judged(members: list[Subject], alert: Alert | None = None, now: datetime = NOON) -> Alert | None:
    subject = Subject(device=rule().group_of(members[0].device), limits=LIMITS, members=members)
    found = evaluate(rule(), subject, alert, now)
    assert found is None or isinstance(found, Alert)
    return found


def test_half_of_all_late_is_our_own_delay_and_a_few_are_theirs() -> None:
    assert judged([heard(300.0), heard(0.1), heard(0.2)]) is None
    alert = judged([heard(300.0), heard(90.0), heard(0.2)])
    assert alert is not None
    assert (alert.state, alert.device, alert.value) == (State.FIRING, "group:all:all", 90.0)
    assert alert.summary == "all: lag, data terlambat 90 detik"


def test_it_ends_when_half_of_all_come_in_time_again() -> None:
    alert = judged([heard(90.0)] * 3)
    assert alert is not None
    assert judged([heard(30.0)] * 3, alert) is alert
    ended = judged([heard(10.0)] * 3, alert)
    assert ended is not None
    assert ended.state is State.RESOLVED


def test_what_was_received_long_ago_or_cannot_be_judged_says_nothing() -> None:
    assert judged([heard(90.0)] * 3, now=after(91)) is None
    assert judged([heard(90.0, state=DeviceState.UNKNOWN)] * 3) is None
    assert judged([replace(heard(90.0), readings={})] * 3) is None


@pytest.mark.parametrize(("delay", "told"), [(61.0, True), (59.0, False)])
async def test_it_is_seen_in_what_was_received_when(city: City, delay: float, told: bool) -> None:  # noqa: FBT001  a table's column
    city.start(settings(LAG))
    for number in range(4):
        await city.add(f"fp-{number}")
        await city.reads(f"fp-{number}", -20.0, age=delay)
    await city.round()
    assert [(rule, device) for rule, device, _ in await city.states()] == [("lag", "group:all:all")] * told
