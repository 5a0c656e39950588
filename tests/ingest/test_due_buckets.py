"""Which buckets a batch makes due: whole where it came in time, by name where it came late."""

from hypothesis import given
from hypothesis import strategies as st

from devices.reading import Reading
from ingest.due import BUCKET_SECONDS, BUCKET_US, SETTLE_US, due_buckets

START = 1_795_230_000
START_US = START * 1_000_000


def reading(after_us: int, *, received_us: int | None = None) -> Reading:
    time_us = START_US + after_us
    return Reading("fp-001", "rtt_seconds", time_us, 1.0, time_us if received_us is None else received_us)


def test_what_comes_in_time_makes_its_bucket_due_whole_and_once() -> None:
    readings = [reading(0), reading(1), reading(BUCKET_US - 1), reading(BUCKET_US)]
    assert due_buckets(readings, [1, 2, 3, 4]) == [(START, None), (START + BUCKET_SECONDS, None)]


def test_what_comes_late_names_its_series_each_once_and_in_order() -> None:
    late = [reading(n, received_us=START_US + 10 * BUCKET_US) for n in range(3)]
    assert due_buckets(late, [9, 3, 9]) == [(START, [3, 9])]


def test_late_begins_when_the_bucket_may_have_been_rolled_up() -> None:
    settled_us = START_US + BUCKET_US + SETTLE_US
    assert due_buckets([reading(0, received_us=settled_us - 1)], [1]) == [(START, None)]
    assert due_buckets([reading(0, received_us=settled_us)], [1]) == [(START, [1])]


def test_one_bucket_can_be_due_both_ways() -> None:
    both = [reading(0), reading(1, received_us=START_US + 10 * BUCKET_US)]
    assert due_buckets(both, [1, 2]) == [(START, None), (START, [2])]


def test_nothing_makes_nothing_due() -> None:
    assert due_buckets([], []) == []


@given(st.lists(st.tuples(st.integers(-(10**9), 10**9), st.integers(0, 10**10), st.integers(1, 5))))
def test_every_reading_is_covered(drawn: list[tuple[int, int, int]]) -> None:
    readings = [reading(after, received_us=START_US + after + delay) for after, delay, _ in drawn]
    series = [number for _, _, number in drawn]
    due = due_buckets(readings, series)
    for one, number in zip(readings, series, strict=True):
        start = one.time_us // BUCKET_US * BUCKET_SECONDS
        assert any(at == start and (named is None or number in named) for at, named in due)
    assert len(due) <= 2 * len({at for at, _ in due})
