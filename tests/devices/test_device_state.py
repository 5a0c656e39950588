"""The state of a device, from evidence and now."""

from datetime import UTC, datetime, timedelta

from devices.reading import Status
from devices.state import Evidence, Judgement, State, judge

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def judged(evidence: Evidence, now: datetime = NOON) -> Judgement:
    return judge(evidence, interval_seconds=30, now=now)


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


def test_a_device_never_heard_from_is_unknown() -> None:
    assert judged(Evidence()) == Judgement(state=State.UNKNOWN, since=None)


def test_an_online_without_a_reading_proves_nothing() -> None:
    assert judged(Evidence(status=Status.ONLINE, status_at=NOON)).state is State.UNKNOWN


def test_a_device_just_seen_is_up_and_nobody_knows_since_when() -> None:
    assert judged(Evidence(last_seen=NOON)) == Judgement(state=State.UP, since=None)


def test_three_intervals_of_silence_are_in_order_and_a_moment_more_is_not() -> None:
    seen = Evidence(last_seen=NOON)
    assert judged(seen, NOON + seconds(90)).state is State.UP
    assert judged(seen, NOON + seconds(90.001)) == Judgement(state=State.DOWN, since=NOON + seconds(90))


def test_an_offline_after_the_last_reading_is_down_at_once() -> None:
    evidence = Evidence(last_seen=NOON - seconds(5), status=Status.OFFLINE, status_at=NOON)
    assert judged(evidence) == Judgement(state=State.DOWN, since=NOON)


def test_of_an_offline_and_a_reading_at_the_same_time_the_offline_wins() -> None:
    evidence = Evidence(last_seen=NOON, status=Status.OFFLINE, status_at=NOON)
    assert judged(evidence).state is State.DOWN


def test_a_reading_after_an_offline_proves_life() -> None:
    evidence = Evidence(last_seen=NOON, status=Status.OFFLINE, status_at=NOON - seconds(5))
    assert judged(evidence).state is State.UP


def test_an_offline_without_any_reading_is_down() -> None:
    assert judged(Evidence(status=Status.OFFLINE, status_at=NOON)).state is State.DOWN
