"""Announced work that recurs: by local clocks, within bounds, and never in a loop."""

from datetime import UTC, datetime, timedelta
from time import thread_time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.recurrence import Occurrence, Window, active, check, next_occurrence, over_at, parse

WIB = ZoneInfo("Asia/Jakarta")


def work(
    rrule: str | None,
    *,
    since: datetime = datetime(2026, 3, 2, 1, tzinfo=WIB),
    hours: float = 2,
    zone: str = "Asia/Jakarta",
) -> Window:
    """Monday, 2 March 2026, from 01:00 WIB."""
    begins = since.astimezone(UTC)
    until = begins + timedelta(hours=hours)
    return Window(since=begins, until=until, rrule=rrule, time_zone=None if rrule is None else zone)


def wib(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=WIB)  # type: ignore[arg-type,misc]  year, month, day and on


def begins(window: Window, at: datetime) -> datetime | None:
    found = next_occurrence(window, at)
    return None if found is None else found.since


def test_work_once_goes_on_from_its_beginning_to_its_end() -> None:
    once = work(None)
    for at, goes_on in ((wib(2026, 3, 2, 0, 59), False), (once.since, True), (wib(2026, 3, 2, 2, 59), True)):
        assert (active(once, at) is not None) is goes_on
    assert active(once, once.until) is None
    assert (begins(once, wib(2026, 1, 1)), begins(once, once.until)) == (once.since, None)
    assert over_at(once) == once.until


def test_every_monday_at_one_by_the_citys_clock() -> None:
    weekly = work("FREQ=WEEKLY;BYDAY=MO")
    check(weekly)
    for at, goes_on in (
        (wib(2026, 3, 9, 0, 59, 59), False),
        (wib(2026, 3, 9, 1), True),
        (wib(2026, 3, 9, 2, 59), True),
        (wib(2026, 3, 9, 3), False),
        (wib(2026, 3, 10, 1), False),
        (wib(2031, 3, 10, 1, 30), True),
        (wib(2026, 2, 23, 1, 30), False),
    ):
        assert (active(weekly, at) is not None) is goes_on, at
    assert active(weekly, wib(2026, 3, 9, 2)) == Occurrence(since=wib(2026, 3, 9, 1), until=wib(2026, 3, 9, 3))
    assert begins(weekly, wib(2026, 3, 9, 3)) == wib(2026, 3, 16, 1)
    assert over_at(weekly) is None


@pytest.mark.parametrize(
    ("rrule", "at", "next_"),
    [
        ("FREQ=DAILY", (2026, 3, 2, 3), (2026, 3, 3, 1)),
        ("FREQ=DAILY;INTERVAL=3", (2026, 3, 2, 3), (2026, 3, 5, 1)),
        ("FREQ=HOURLY;INTERVAL=6", (2026, 3, 2, 3), (2026, 3, 2, 7)),
        ("FREQ=MONTHLY;BYDAY=1MO", (2026, 3, 2, 3), (2026, 4, 6, 1)),
        ("FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=1", (2026, 3, 2, 3), (2026, 4, 6, 1)),
        ("FREQ=MONTHLY;BYMONTHDAY=2,-1", (2026, 3, 2, 3), (2026, 3, 31, 1)),
        ("FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=2", (2026, 3, 2, 3), (2027, 3, 2, 1)),
        ("FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=MO", (2026, 3, 2, 3), (2026, 3, 16, 1)),
        ("FREQ=WEEKLY;BYHOUR=1,22", (2026, 3, 2, 3), (2026, 3, 2, 22)),
    ],
)
def test_the_next_time_is_the_one_that_a_calendar_would_show(
    rrule: str, at: tuple[int, ...], next_: tuple[int, ...]
) -> None:
    window = work(rrule)
    check(window)
    assert begins(window, wib(*at)) == wib(*next_)


def test_a_leap_day_comes_again_after_four_years_or_eight() -> None:
    leap = work("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", since=wib(2096, 2, 29, 1))
    check(leap)
    assert begins(leap, wib(2096, 3, 1)) == wib(2104, 2, 29, 1)


@pytest.mark.parametrize(
    ("bound", "last"),
    [
        ("COUNT=3", (2026, 3, 4, 1)),
        ("UNTIL=20260304T010000", (2026, 3, 4, 1)),
        ("UNTIL=20260303T180000Z", (2026, 3, 4, 1)),
        ("UNTIL=20260303T175959Z", (2026, 3, 3, 1)),
        ("UNTIL=20260304", (2026, 3, 4, 1)),
    ],
)
def test_what_is_bounded_ends(bound: str, last: tuple[int, ...]) -> None:
    window = work(f"FREQ=DAILY;{bound}")
    check(window)
    ends, over = wib(*last) + timedelta(hours=2), over_at(window)
    assert active(window, wib(*last)) is not None
    assert begins(window, ends) is None
    assert over is not None
    assert ends <= over < ends + timedelta(days=1)


def test_what_lasts_longer_than_its_interval_goes_on_always() -> None:
    always = work("FREQ=DAILY", hours=30)
    assert all(active(always, wib(2026, 3, 2, 1) + timedelta(hours=hours)) for hours in range(500))


def test_the_clock_on_the_wall_counts_where_clocks_are_put_forward_and_back() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    first = datetime(2026, 3, 27, 1, tzinfo=berlin)
    nightly = work("FREQ=DAILY", since=first, zone="Europe/Berlin")
    for day in range(400):
        local = datetime(2026, 3, 27, 1, 30, tzinfo=berlin) + timedelta(days=day)  # by the wall: the same zone
        found = active(nightly, local.astimezone(UTC))
        assert found is not None
        assert found.since.astimezone(berlin).hour == 1
        assert found.until - found.since == timedelta(hours=2)
    # RFC 5545, 3.3.5: 02:30 does not occur on 29 March: the offset before is meant; on 25 October the first of two is.
    gap = work("FREQ=DAILY", since=datetime(2026, 3, 28, 2, 30, tzinfo=berlin), zone="Europe/Berlin")
    assert begins(gap, datetime(2026, 3, 29, tzinfo=UTC)) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert begins(gap, datetime(2026, 10, 25, tzinfo=UTC)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "rrule",
    [
        "",
        "FREQ=SECONDLY",
        "FREQ=MINUTELY",
        "FREQ=FORTNIGHTLY",
        "freq=daily",
        "INTERVAL=2",
        "FREQ=DAILY;FREQ=HOURLY",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=-1",
        "FREQ=DAILY;INTERVAL=1,2",
        "FREQ=DAILY;INTERVAL=99999",
        "FREQ=DAILY;COUNT=0",
        "FREQ=DAILY;COUNT=3;UNTIL=20270101",
        "FREQ=DAILY;COUNT=10001",
        "FREQ=DAILY;UNTIL=20270230",
        "FREQ=DAILY;UNTIL=99991231",
        "FREQ=DAILY;UNTIL=20270101T250000Z",
        "FREQ=DAILY;BYSECOND=0,1",
        "FREQ=DAILY;BYMINUTE=0,1,2",
        "FREQ=DAILY;BYEASTER=0",
        "FREQ=DAILY;BYMONTH=13",
        "FREQ=DAILY;BYMONTH=0",
        "FREQ=MONTHLY;BYMONTHDAY=0",
        "FREQ=MONTHLY;BYMONTHDAY=٣",
        "FREQ=DAILY;BYMONTHDAY=1",
        "FREQ=HOURLY;BYMONTH=2",
        "FREQ=HOURLY;INTERVAL=42",
        "FREQ=WEEKLY;BYDAY=1MO",
        "FREQ=MONTHLY;BYWEEKNO=1",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=MONTHLY;BYDAY=0MO",
        "FREQ=WEEKLY;WKST=1MO",
        "FREQ=DAILY;",
        "FREQ=DAILY;BYHOUR=",
        "FREQ=DAILY\nRDATE:20260302T010000",
        "RRULE:FREQ=DAILY",
        "FREQ=DAILY;BYHOUR=" + ",".join(["1"] * 400),
    ],
)
def test_what_is_no_recurrence_or_one_without_bounds_is_refused(rrule: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        parse(rrule)


@pytest.mark.parametrize(
    "rrule",
    [
        "FREQ=WEEKLY;BYDAY=TU",
        "FREQ=DAILY;BYMONTH=2",
        "FREQ=DAILY;BYHOUR=2",
        "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=9",
        "FREQ=YEARLY;BYWEEKNO=1;BYMONTH=3",
        "FREQ=DAILY;UNTIL=20260301",
        "FREQ=YEARLY;BYYEARDAY=366",
    ],
)
def test_one_that_does_not_begin_with_its_first_occurrence_is_refused(rrule: str) -> None:
    with pytest.raises(ValueError, match="first one"):
        check(work(rrule))


NUMBERS = st.integers(-366, 366).map(str)
PARTS = st.one_of(
    st.tuples(st.sampled_from(["BYHOUR", "BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS"]), NUMBERS),
    st.tuples(st.just("BYDAY"), st.sampled_from(["MO", "MO,TU", "1MO", "-1FR", "53SU"])),
    st.tuples(st.just("INTERVAL"), st.integers(1, 1_000).map(str)),
    st.tuples(st.just("COUNT"), st.integers(1, 10_000).map(str)),
)


@given(
    st.sampled_from(["HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"]),
    st.lists(PARTS, max_size=4, unique_by=lambda part: part[0]),
    st.integers(0, 3_000),
)
def test_whatever_is_accepted_is_answered_soon_and_lasts_as_long_as_the_first(
    frequency: str, parts: list[tuple[str, str]], days: int
) -> None:
    window = work(";".join([f"FREQ={frequency}", *("=".join(part) for part in parts)]))
    at = window.since + timedelta(days=days, minutes=30)
    began = thread_time()
    try:
        check(window)
        found, next_, over = active(window, at), next_occurrence(window, at), over_at(window)
    except ValueError:
        return
    assert thread_time() - began < 60
    if found is not None:
        assert found == next_
        assert found.since <= at < found.until
        assert over is None or over >= found.until
    if next_ is not None:
        assert next_.until - next_.since == timedelta(hours=2)
        assert at < next_.until
