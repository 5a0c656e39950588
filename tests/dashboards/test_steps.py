"""How finely a span is shown."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from dashboards import steps
from dashboards.steps import POINTS_MAX, Extent, Step

START = datetime(2026, 1, 1, tzinfo=UTC)
SPANS = st.timedeltas(min_value=timedelta(microseconds=1), max_value=timedelta(days=365_000))
MOMENTS = st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(2000, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  hypothesis asks for naive bounds


def _kept(
    raw: datetime | None = START,
    five_minutes: datetime | None = START,
    hour: datetime | None = START,
    newest: datetime | None = datetime(2027, 1, 1, tzinfo=UTC),
) -> Extent:
    return Extent(first_raw=raw, first_5m=five_minutes, first_1h=hour, newest=newest)


@given(start=MOMENTS, span=SPANS, raw_count=st.integers(0, 10_000))
def test_no_plan_has_more_than_two_thousand_points(start: datetime, span: timedelta, raw_count: int) -> None:
    plan = steps.choose(start, start + span, raw_count=raw_count, extent=_kept())
    points = raw_count if plan.step is Step.RAW else steps.buckets(start, start + span, plan.width)
    assert points <= POINTS_MAX


@given(time=MOMENTS, hours=st.sampled_from(steps.HOURS))
def test_a_bucket_holds_its_moment_and_begins_on_the_grid(time: datetime, hours: int) -> None:
    width = timedelta(hours=hours)
    begin = steps.floor(time, width)
    assert begin <= time < begin + width
    assert (begin - steps.EPOCH) % width == timedelta()


def test_a_day_of_seconds_is_shown_in_five_minutes() -> None:
    plan = steps.choose(START, START + timedelta(days=1), raw_count=POINTS_MAX + 1, extent=_kept())
    assert (plan.step, plan.width) == (Step.FIVE_MINUTES, timedelta(minutes=5))


def test_a_year_is_shown_in_buckets_of_six_hours() -> None:
    plan = steps.choose(START, START + timedelta(days=365), raw_count=POINTS_MAX + 1, extent=_kept())
    assert (plan.step, plan.width) == (Step.HOUR, timedelta(hours=6))


def test_forgotten_raw_readings_are_no_reason_for_an_empty_chart() -> None:
    kept = _kept(raw=START + timedelta(days=90))
    plan = steps.choose(START, START + timedelta(hours=1), raw_count=0, extent=kept)
    assert plan.step is Step.FIVE_MINUTES


def test_forgotten_five_minutes_leave_the_hours() -> None:
    kept = _kept(raw=START + timedelta(days=90), five_minutes=START + timedelta(days=60))
    assert steps.choose(START, START + timedelta(hours=1), raw_count=0, extent=kept).step is Step.HOUR


def test_a_young_series_is_raw_from_its_beginning() -> None:
    kept = _kept(raw=START + timedelta(seconds=70), five_minutes=None, hour=None)
    assert steps.choose(START, START + timedelta(hours=1), raw_count=3, extent=kept).step is Step.RAW


def test_a_span_is_clipped_to_what_is_kept() -> None:
    start, end = _kept().clip(datetime(1970, 1, 1, tzinfo=UTC), datetime(2999, 1, 1, tzinfo=UTC))
    assert (start, end) == (START, datetime(2027, 1, 1, 0, 0, 0, 1, tzinfo=UTC))
