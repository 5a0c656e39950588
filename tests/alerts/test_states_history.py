"""What late readings make of a history that was written without them."""

from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from alerts.states.history import Reading, Row, Stretch, corrected, stretches
from devices.state import Bucket, Limits, Reason, State
from tests.alerts.city import NOON, after

LIMITS = Limits(interval_seconds=30)
LATER = after(100_000)


def readings(*seconds: float, failed: bool = False) -> list[Reading]:
    return [Reading(at=after(second), failed=failed) for second in seconds]


def row(since: float, until: float, state: State = State.UP, reason: Reason = Reason.HEARD, **more: object) -> Row:
    buckets = {State.UP: Bucket.UP, State.DOWN: Bucket.DOWN, State.UNREACHABLE: Bucket.UPSTREAM}
    bucket = buckets.get(state, Bucket.BLIND)
    return Row(since=after(since), until=after(until), state=state, reason=reason, bucket=bucket, **more)  # type: ignore[arg-type]  fields of several types


def silent(since: float, until: float) -> Row:
    return row(since, until, State.DOWN, Reason.SILENCE)


def shown(rows: list[Row]) -> list[tuple[State, float, float]]:
    return [(one.state, seconds(one.since), seconds(one.until)) for one in rows]


def seconds(moment: datetime) -> float:
    return (moment - NOON) / timedelta(seconds=1)


def test_a_reading_speaks_for_the_silence_that_is_in_order_and_no_longer() -> None:
    assert [one.state for one in stretches(readings(0), LIMITS, after(0), after(90))] == [State.UP]
    assert stretches(readings(0), LIMITS, after(0), after(600)) == [
        Stretch(since=after(0), until=after(30), state=State.UP, reason=Reason.HEARD),
        Stretch(since=after(30), until=after(600), state=State.DOWN, reason=Reason.SILENCE),
    ]


def test_between_readings_too_far_apart_it_was_down_since_the_first_that_did_not_come() -> None:
    found = stretches(readings(0, 300, 330), LIMITS, after(0), after(340))
    assert [(one.state, seconds(one.since), seconds(one.until)) for one in found] == [
        (State.UP, 0, 30),
        (State.DOWN, 30, 300),
        (State.UP, 300, 340),
    ]


def test_three_failed_probes_are_an_outage_from_the_first_to_the_first_good_one() -> None:
    found = stretches(
        [*readings(0), *readings(30, 60, 90, 120, failed=True), *readings(150)], LIMITS, after(0), after(160)
    )
    assert [(one.reason, seconds(one.since), seconds(one.until)) for one in found] == [
        (Reason.HEARD, 0, 30),
        (Reason.PROBES, 30, 150),
        (Reason.HEARD, 150, 160),
    ]


def test_two_failed_probes_are_none() -> None:
    found = stretches([*readings(0), *readings(30, 60, failed=True), *readings(90)], LIMITS, after(0), after(100))
    assert [one.state for one in found] == [State.UP]


def test_late_readings_turn_a_silence_into_what_it_was() -> None:
    rows = [row(0, 100), silent(100, 1_000), row(1_000, 2_000)]
    found = stretches(readings(*range(90, 700, 30)), LIMITS, after(10), after(900))
    learned = corrected(rows, found, LATER)
    assert shown(learned) == [
        (State.UP, 0, 100),
        (State.UP, 100, 720),
        (State.DOWN, 720, 1_000),
        (State.UP, 1_000, 2_000),
    ]
    assert [one.heard_at for one in learned] == [None, LATER, None, None]


def test_an_outage_learned_after_it_ended_is_a_line_with_both_times() -> None:
    found = stretches(
        [*readings(*range(0, 600, 30)), *readings(*range(600, 900, 30), failed=True), *readings(900, 930)],
        LIMITS,
        after(0),
        after(930),
    )
    assert [
        (one.state, seconds(one.since), seconds(one.until), one.heard_at)
        for one in corrected([row(0, 5_000)], found, LATER)
    ] == [
        (State.UP, 0, 600, None),
        (State.DOWN, 600, 900, LATER),
        (State.UP, 900, 5_000, None),
    ]


def test_what_a_device_said_itself_and_what_we_could_not_see_stays() -> None:
    found = stretches(readings(*range(0, 600, 30)), LIMITS, after(0), after(600))
    for kept in (row(0, 600, State.DOWN, Reason.OFFLINE), row(0, 600, State.UNKNOWN, Reason.BLIND)):
        assert corrected([kept], found, LATER) == [kept]


def test_a_silence_behind_a_failed_parent_was_none_where_late_readings_say_so() -> None:
    cut_off = row(0, 600, State.UNREACHABLE, Reason.SILENCE, cause="fp-087")
    found = stretches(readings(*range(0, 600, 30)), LIMITS, after(0), after(600))
    assert [(one.state, one.cause) for one in corrected([cut_off], found, LATER)] == [(State.UP, None)]


def test_a_silence_that_nobody_was_there_to_notice_is_an_outage_too() -> None:
    found = stretches(readings(0, 30, 600, 630), LIMITS, after(0), after(640))
    assert corrected([row(0, 640)], found, LATER) == [row(0, 640)]
    learned = corrected([row(0, 640)], found, LATER, unwatched=True)
    assert shown(learned) == [(State.UP, 0, 60), (State.DOWN, 60, 600), (State.UP, 600, 640)]


MOMENTS = st.lists(st.tuples(st.integers(0, 3_000), st.booleans()), max_size=40)
EDGES = st.lists(st.integers(0, 3_000), min_size=2, max_size=8, unique=True).map(sorted)
KINDS = st.sampled_from(
    [
        (State.UP, Reason.HEARD),
        (State.DOWN, Reason.SILENCE),
        (State.DOWN, Reason.OFFLINE),
        (State.UNKNOWN, Reason.BLIND),
    ]
)


@given(moments=MOMENTS, edges=EDGES, data=st.data(), unwatched=st.booleans())
def test_whatever_comes_late_the_history_stays_without_gaps_and_learning_twice_changes_nothing(
    moments: list[tuple[int, bool]], edges: list[int], data: st.DataObject, *, unwatched: bool
) -> None:
    rows = [row(since, until, *data.draw(KINDS)) for since, until in pairwise(edges)]
    heard = [Reading(at=after(second), failed=failed) for second, failed in sorted(moments)]
    found = stretches(heard, LIMITS, after(edges[0]), after(edges[-1]))
    assert all(one.until == other.since for one, other in pairwise(found))
    learned = corrected(rows, found, LATER, unwatched=unwatched)
    assert (learned[0].since, learned[-1].until) == (rows[0].since, rows[-1].until)
    assert all(one.until == other.since for one, other in pairwise(learned))
    assert all(one.since < one.until for one in learned)
    assert corrected(learned, found, LATER, unwatched=unwatched) == learned
    blind = [one for one in learned if one.reason is Reason.BLIND]
    assert sum((one.until - one.since for one in blind), timedelta()) == sum(
        (one.until - one.since for one in rows if one.reason is Reason.BLIND), timedelta()
    ), "what we could not see stays unseen"
