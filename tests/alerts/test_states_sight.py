"""When we could see, from the times in which ingest had both broker and database."""

from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from alerts.states.sight import FRESH, Uptime, gaps, seen_until
from devices.state import Gap
from tests.alerts.city import NOON, after


def uptime(since: float, until: float, worker: int = 1) -> Uptime:
    return Uptime(worker=worker, since=after(since), until=after(until))


def test_without_any_worker_ever_nothing_can_be_said() -> None:
    assert gaps([], workers=1, now=NOON) == []


def test_between_two_runs_lies_a_gap_and_a_beat_that_is_late_is_none() -> None:
    rows = [uptime(0, 100), uptime(160, 200)]
    assert gaps(rows, workers=1, now=after(215)) == [Gap(since=after(100), until=after(160))]


def test_a_beat_that_is_too_late_is_a_gap_that_lasts() -> None:
    assert gaps([uptime(0, 100)], workers=1, now=after(115.001)) == [Gap(since=after(100))]


def test_we_see_only_while_all_workers_do() -> None:
    rows = [uptime(0, 300), uptime(0, 100, 2), uptime(150, 300, 2)]
    assert gaps(rows, workers=2, now=after(310)) == [Gap(since=after(100), until=after(150))]
    assert gaps(rows, workers=1, now=after(310)) == []


def test_gaps_of_several_workers_that_touch_are_one() -> None:
    rows = [uptime(0, 100), uptime(150, 300), uptime(0, 120, 2), uptime(180, 300, 2)]
    assert gaps(rows, workers=2, now=after(310)) == [Gap(since=after(100), until=after(180))]


def test_a_worker_that_is_away_still_swallows_the_gaps_of_others_since() -> None:
    rows = [uptime(0, 100), uptime(150, 300), uptime(0, 90, 2)]
    assert gaps(rows, workers=2, now=after(310)) == [Gap(since=after(90))]


def test_we_are_known_to_have_seen_as_far_as_the_worker_whose_beat_is_oldest() -> None:
    rows = [uptime(0, 100), uptime(0, 97, 2), uptime(0, 50, 3)]
    assert seen_until(rows, workers=2, now=after(101)) == after(97)
    assert seen_until(rows, workers=2, now=after(96)) == after(96)
    assert seen_until([], workers=2, now=after(96)) == after(96)


SPANS = st.lists(st.tuples(st.integers(1, 3), st.integers(0, 1_000), st.integers(0, 200)), max_size=20)


@given(SPANS, st.integers(0, 1_500))
def test_gaps_are_in_order_do_not_touch_and_only_the_last_is_open(spans: list[tuple[int, int, int]], now: int) -> None:
    rows = [uptime(since, since + length, worker) for worker, since, length in spans]
    found = gaps(rows, workers=3, now=after(now))
    for gap, following in pairwise(found):
        assert gap.until is not None
        assert gap.since < gap.until < following.since
    newest = {worker: max(since + length for one, since, length in spans if one == worker) for worker, *_ in spans}
    away = any(after(now) - after(until) > FRESH for until in newest.values())
    assert (bool(found) and found[-1].until is None) == away
    assert timedelta(seconds=15) == FRESH
