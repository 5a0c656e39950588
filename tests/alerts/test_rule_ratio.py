"""Part of a group is down, or beyond a bound."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from alerts.alert import Alert, State
from alerts.evaluate import evaluate
from alerts.rules.ratio import Ratio
from alerts.rules.subject import Subject
from alerts.states.evidence import Observed
from alerts.states.standing import Standing
from devices.device import Device
from devices.state import Bucket, Limits, Mark, Reason
from devices.state import State as DeviceState
from tests.alerts.city import NOON, after, firing, settings

HOTSPOTS = {
    "name": "hotspots",
    "kind": "ratio",
    "above": 0.3,
    "clear": 0.1,
    "by": ["area"],
    "match": {"kind": "hotspot"},
}
FULL = HOTSPOTS | {"metric": "clients", "each_above": 100.0}
LIMITS = Limits(interval_seconds=30.0)


def rule(terms: dict[str, Any], **changes: object) -> Ratio:
    (parsed,) = settings(terms | changes).rules
    assert isinstance(parsed, Ratio)
    return parsed


def member(state: DeviceState, since: datetime = NOON, **changes: Any) -> Subject:  # noqa: ANN401  fields of several types
    standing = Standing(state=state, since=since, reason=Reason.HEARD, bucket=Bucket.UP, noted_at=since)
    device = Device(id="hs", kind="hotspot", name="Taman", area="Lengkiti")
    return replace(Subject(device=device, limits=LIMITS, standing=standing), **changes)


def judged(terms: Ratio, members: list[Subject], alert: Alert | None, now: datetime) -> Alert | None:
    subject = Subject(device=terms.group_of(members[0].device), limits=LIMITS, members=members)
    found = evaluate(terms, subject, alert, now)
    assert found is None or isinstance(found, Alert)
    return found


def states(up: int = 0, down: int = 0, **others: int) -> list[Subject]:
    more = [member(DeviceState(name)) for name, count in others.items() for _ in range(count)]
    fallen = [member(DeviceState.DOWN, after(number)) for number in range(down)]
    return [*[member(DeviceState.UP)] * up, *fallen, *more]


def test_more_than_the_share_is_told_once_since_the_fall_that_made_it_too_many() -> None:
    assert judged(rule(HOTSPOTS), states(up=7, down=3), None, after(60)) is None
    alert = judged(rule(HOTSPOTS), states(up=6, down=4), None, after(60))
    assert alert is not None
    assert (alert.state, alert.device, alert.kind, alert.area) == (
        State.FIRING,
        "group:hotspot:Lengkiti",
        "hotspot",
        "Lengkiti",
    )
    assert (alert.starts_at, alert.value) == (after(3), 0.4)
    assert alert.summary == "hotspot, Lengkiti: hotspots, 4 dari 10"


def test_it_ends_at_clear() -> None:
    alert = firing(rule="hotspots", device="group:hotspot:Lengkiti")
    assert judged(rule(HOTSPOTS), states(up=8, down=2), alert, after(60)) is alert
    ended = judged(rule(HOTSPOTS), states(up=9, down=1), alert, after(60))
    assert ended is not None
    assert ended.state is State.RESOLVED


def test_who_cannot_be_judged_counts_on_neither_side() -> None:
    assert judged(rule(HOTSPOTS), states(up=2, down=1, unknown=50), None, after(60)) is not None
    assert judged(rule(HOTSPOTS), states(up=2, unreachable=50), None, after(60)) is None
    kept = [member(DeviceState.DOWN, standing=replace(member(DeviceState.DOWN).standing, marks={Mark.MAINTENANCE}))]  # type: ignore[type-var]  never None
    assert judged(rule(HOTSPOTS), [*states(up=3), *kept * 9], None, after(60)) is None
    doubted = [member(DeviceState.DOWN, confirmed=False)] * 9
    assert judged(rule(HOTSPOTS), [*states(up=3), *doubted], None, after(60)) is None


def test_of_too_few_nothing_is_said() -> None:
    assert judged(rule(HOTSPOTS), states(down=2), None, after(60)) is None
    assert judged(rule(HOTSPOTS, least=1), states(down=2), None, after(60)) is not None


def test_when_all_are_blind_it_stays_as_it_was() -> None:
    alert = firing(rule="hotspots", device="group:hotspot:Lengkiti")
    assert judged(rule(HOTSPOTS), states(unknown=10), alert, after(60)) is alert


@pytest.mark.parametrize(("age", "told"), [(0, True), (90, True), (91, False)])
def test_members_beyond_a_bound_count_by_readings_that_are_trusted(age: float, told: bool) -> None:  # noqa: FBT001  a table's column
    full = {"clients": Observed(value=120.0, at=NOON)}
    members = [member(DeviceState.UP, readings=full)] * 2
    some = {"clients": Observed(value=20.0, at=after(age))}
    members += [member(DeviceState.UP, readings=some)] * 3
    assert (judged(rule(FULL), members, None, after(age)) is not None) is told


@pytest.mark.parametrize(
    ("by", "match", "group"),
    [
        ([], {}, "group:all:all"),
        ([], {"kind": "hotspot", "area": "Lengkiti"}, "group:hotspot:Lengkiti"),
        (["kind", "area"], {}, "group:hotspot:Lengkiti"),
        (["attributes.owner"], {"kind": ["hotspot", "camera"]}, "group:all:all:owner=desa"),
    ],
)
def test_the_group_is_named_by_what_its_members_have_in_common(
    by: list[str], match: dict[str, Any], group: str
) -> None:
    device = Device(id="hs", kind="hotspot", name="x", area="Lengkiti", attributes={"owner": "desa"})
    assert rule(HOTSPOTS, by=by, match=match).group_of(device).id == group


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"above": 30.0}, "less than or equal to 1"),
        ({"each_above": 3.0}, "give metric with either"),
        ({"metric": "clients"}, "give metric with either"),
        ({"metric": "level_metres", "each_above": 3.0}, "no hotspot has a metric level_metres"),
        ({"by": ["owner"]}, "by.0"),
        ({"no_data": "alert"}, "a group without data stays"),
    ],
)
def test_what_makes_no_rule_is_refused(change: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        rule(HOTSPOTS | change)
