"""The state of a device by its own evidence."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from devices.reading import Status
from devices.state import Bucket, Evidence, Gap, Judgement, Limits, Reason, State, bucket_of, judge

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
LIMITS = Limits(interval_seconds=30)


def judged(evidence: Evidence, now: datetime = NOON, *, gap: Gap | None = None) -> Judgement:
    return judge(evidence, LIMITS, now=now, gap=gap)


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


def offline(at: datetime, *, seen: datetime | None = None, retained: bool = False) -> Evidence:
    return Evidence(last_seen=seen, status=Status.OFFLINE, status_at=at, status_retained=retained)


def test_a_device_never_heard_from_is_unknown() -> None:
    assert judged(Evidence()) == Judgement(state=State.UNKNOWN, reason=Reason.NEVER_HEARD)


def test_an_online_without_a_reading_proves_nothing() -> None:
    assert judged(Evidence(status=Status.ONLINE, status_at=NOON)).state is State.UNKNOWN


def test_a_device_just_seen_is_up_until_its_silence_is_too_long_and_nobody_knows_since_when() -> None:
    assert judged(Evidence(last_seen=NOON)) == Judgement(
        state=State.UP, reason=Reason.HEARD, since=None, due=NOON + seconds(90)
    )


def test_three_intervals_of_silence_are_in_order_and_a_moment_more_is_not() -> None:
    seen = Evidence(last_seen=NOON)
    assert judged(seen, NOON + seconds(90)).state is State.UP
    late = judged(seen, NOON + seconds(90.001))
    assert (late.state, late.reason) == (State.DOWN, Reason.SILENCE)
    assert late.since == NOON + seconds(30), "since the first report that did not come"


@given(age=st.integers(0, 200_000))
def test_the_deadline_that_time_waits_for_is_the_last_moment_at_which_a_device_is_up(age: int) -> None:
    seen = Evidence(last_seen=NOON)
    now, due = NOON + timedelta(milliseconds=age), judged(seen).due
    assert due is not None
    assert (judged(seen, now).state is State.UP) == (now <= due)


def test_an_offline_after_the_last_reading_is_down_at_once() -> None:
    assert judged(offline(NOON, seen=NOON - seconds(5))) == Judgement(
        state=State.DOWN, reason=Reason.OFFLINE, since=NOON
    )


def test_of_an_offline_and_a_reading_at_the_same_time_the_offline_wins() -> None:
    assert judged(offline(NOON, seen=NOON)).state is State.DOWN


def test_a_reading_after_an_offline_proves_life() -> None:
    assert judged(offline(NOON - seconds(5), seen=NOON)).state is State.UP


def test_an_offline_without_any_reading_is_down() -> None:
    assert judged(offline(NOON)).state is State.DOWN


def test_two_failed_probes_are_soft_and_the_third_is_hard_since_the_first() -> None:
    failing = NOON - seconds(60)
    soft = judged(Evidence(last_seen=NOON, failed_probes=2, failing_since=failing))
    assert (soft.state, soft.attempt) == (State.UP, 2)
    hard = judged(Evidence(last_seen=NOON, failed_probes=3, failing_since=failing))
    assert (hard.state, hard.reason, hard.since) == (State.DOWN, Reason.PROBES, failing)


def test_the_numbers_are_the_kinds_and_may_be_the_devices() -> None:
    assert Limits.of_kind("camera").silence == seconds(20)
    assert Limits.of_kind("street_light").silence == seconds(900)
    patient = Limits(interval_seconds=30, silent_intervals=10, attempts=1)
    assert judge(Evidence(last_seen=NOON), patient, now=NOON + seconds(300)).state is State.UP
    once = Evidence(last_seen=NOON, failed_probes=1, failing_since=NOON)
    assert judge(once, patient, now=NOON).state is State.DOWN


def test_while_we_cannot_see_whoever_was_heard_is_unknown() -> None:
    gap = Gap(since=NOON - seconds(3))
    blind = Judgement(state=State.UNKNOWN, reason=Reason.BLIND, since=gap.since)
    assert judged(Evidence(last_seen=NOON), gap=gap) == blind
    assert judged(offline(NOON - seconds(60)), gap=gap) == blind
    assert judged(Evidence(), gap=gap).reason is Reason.NEVER_HEARD


def test_a_gap_shorter_than_its_cadence_changes_nothing() -> None:
    gap = Gap(since=NOON - seconds(20), until=NOON - seconds(10))
    assert judged(Evidence(last_seen=NOON - seconds(40)), gap=gap).state is State.UP


def test_after_an_hour_of_blindness_a_device_has_time_to_be_heard_and_is_then_down_since_we_see() -> None:
    gap = Gap(since=NOON - seconds(3_600), until=NOON)
    silent = Evidence(last_seen=NOON - seconds(3_605))
    waiting = judged(silent, NOON + seconds(120), gap=gap)
    assert (waiting.state, waiting.awaiting, waiting.due) == (State.UNKNOWN, True, NOON + seconds(120))
    down = judged(silent, NOON + seconds(120.001), gap=gap)
    assert (down.state, down.reason, down.since) == (State.DOWN, Reason.SILENCE, NOON)


def test_what_was_down_before_we_went_blind_is_down_again_at_once() -> None:
    gap = Gap(since=NOON - seconds(3_600), until=NOON)
    for before in (offline(NOON - seconds(4_000)), Evidence(last_seen=NOON - seconds(5_000))):
        down = judged(before, NOON, gap=gap)
        assert (down.state, down.since) == (State.DOWN, NOON)


def test_a_will_spoken_while_we_were_blind_waits_for_the_device_and_one_after_it_does_not() -> None:
    gap = Gap(since=NOON - seconds(60), until=NOON)
    assert judged(offline(NOON - seconds(30), seen=NOON - seconds(70)), NOON + seconds(5), gap=gap).awaiting
    after = judged(offline(NOON + seconds(5), seen=NOON + seconds(1)), NOON + seconds(5), gap=gap)
    assert (after.state, after.since) == (State.DOWN, NOON + seconds(5))


def test_an_offline_that_a_broker_retained_over_our_blindness_waits_for_the_device() -> None:
    """A broker that restarts delivers what it kept: also of those who are only not back yet."""
    gap = Gap(since=NOON - seconds(60), until=NOON)
    kept = offline(NOON + seconds(0.2), seen=NOON - seconds(70), retained=True)
    assert judged(kept, NOON + seconds(1), gap=gap).awaiting
    assert judged(kept, NOON + seconds(121), gap=gap).state is State.DOWN


def test_every_span_counts_for_one_bucket() -> None:
    assert bucket_of(State.UNKNOWN, maintenance=True) is Bucket.BLIND
    assert bucket_of(State.DOWN, maintenance=True) is Bucket.MAINTENANCE
    assert bucket_of(State.DEGRADED) is Bucket.UP
    assert bucket_of(State.DOWN) is Bucket.DOWN
    assert bucket_of(State.DOWN, power=True) is Bucket.POWER
    assert bucket_of(State.UNREACHABLE) is Bucket.UPSTREAM
    assert bucket_of(State.UNREACHABLE, power=True) is Bucket.POWER
    assert bucket_of(State.UNREACHABLE, unseen=True) is Bucket.BLIND
