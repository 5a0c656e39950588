"""Who is on call: turns, layers, windows, holidays and overrides, also where clocks are set."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.oncall.rota import Holiday, Layer, Override, Rota, Window, duty, on_call, turn_at, turn_starts
from alerts.oncall.shifts import Shift, outlook, shifts, whole_shifts
from alerts.oncall.wall_clock import moment_of, wall_at
from tests.alerts.rotas import ZONES, a_layer, a_rota, layers, local, moments, rotas

JAKARTA, NEW_YORK, BERLIN = "Asia/Jakarta", "America/New_York", "Europe/Berlin"
DAY, SECOND, ZERO = timedelta(days=1), timedelta(seconds=1), timedelta(0)


def test_crews_take_turns_from_hand_over_to_hand_over() -> None:
    rota = a_rota(a_layer("budi", "sari,joko"))
    assert on_call(rota, local(JAKARTA, 2026, 1, 1, 7, 59)) == ()
    assert on_call(rota, local(JAKARTA, 2026, 1, 1, 8)) == ("budi",)
    assert on_call(rota, local(JAKARTA, 2026, 1, 2, 7, 59)) == ("budi",)
    assert on_call(rota, local(JAKARTA, 2026, 1, 2, 8)) == ("sari", "joko")
    assert on_call(rota, local(JAKARTA, 2026, 1, 3, 8)) == ("budi",)


@pytest.mark.parametrize(("zone", "days"), [(NEW_YORK, [(3, 8), (11, 1)]), (BERLIN, [(3, 29), (10, 25)])])
def test_a_hand_over_at_eight_stays_at_eight_when_clocks_are_set(zone: str, days: list[tuple[int, int]]) -> None:
    rota = a_rota(a_layer("budi", "sari"), zone=zone)
    for (month, day), hours in zip(days, (23, 25), strict=True):
        end = local(zone, 2026, month, day, 8)
        (shift,) = shifts(rota, end - timedelta(hours=hours), end)
        assert shift.since.astimezone(ZoneInfo(zone)).time() == time(8)
        assert on_call(rota, shift.since - timedelta(seconds=1)) != shift.crew != on_call(rota, end)


def test_weeks_and_any_number_of_days_keep_their_clock_over_a_year_and_a_leap_day() -> None:
    for every in (timedelta(weeks=1), timedelta(days=3), timedelta(days=14)):
        layer = a_layer("budi", "sari", starts_on=date(2028, 1, 3), every=every)
        starts = {turn_starts(layer, number, ZoneInfo(NEW_YORK)).astimezone(ZoneInfo(NEW_YORK)) for number in range(60)}
        assert {start.time() for start in starts} == {time(8)}
    rota = a_rota(a_layer("budi", "sari", starts_on=date(2028, 2, 28)))
    assert [on_call(rota, local(JAKARTA, 2028, *day, 12))[0] for day in [(2, 28), (2, 29), (3, 1)]] == [
        "budi",
        "sari",
        "budi",
    ]


def test_a_hand_over_in_the_skipped_hour_is_when_the_hour_ends() -> None:
    rota = a_rota(a_layer("budi", "sari", hand_over=time(2, 30)), zone=NEW_YORK)
    skip = datetime(2026, 3, 8, 7, tzinfo=UTC)  # 02:00 EST is 03:00 EDT
    before, after = on_call(rota, skip - timedelta(seconds=1)), on_call(rota, skip)
    assert before != after
    assert on_call(rota, skip + timedelta(hours=23)) == after


def test_a_hand_over_in_the_doubled_hour_is_at_its_first_time_only() -> None:
    rota = a_rota(a_layer("budi", "sari", hand_over=time(1, 30)), zone=NEW_YORK)
    first, second = (local(NEW_YORK, 2026, 11, 1, 1, 30, fold=fold) for fold in (0, 1))
    assert second - first == timedelta(hours=1)
    assert on_call(rota, first - timedelta(seconds=1)) != on_call(rota, first)
    assert on_call(rota, first) == on_call(rota, second) == on_call(rota, second - timedelta(minutes=20))


def test_turns_of_hours_follow_the_clock_and_an_hour_that_does_not_exist_is_nobodys_turn() -> None:
    half_days = a_layer("budi", "sari", every=timedelta(hours=12))
    starts = [turn_starts(half_days, number, ZoneInfo(NEW_YORK)) for number in range(800)]
    assert {start.astimezone(ZoneInfo(NEW_YORK)).time() for start in starts} == {time(8), time(20)}
    hourly = a_rota(a_layer("budi", "sari", "joko", hand_over=time(0), every=timedelta(hours=1)), zone=NEW_YORK)
    night = shifts(hourly, local(NEW_YORK, 2026, 3, 8, 0), local(NEW_YORK, 2026, 3, 8, 5))
    assert [shift.until - shift.since for shift in night] == [timedelta(hours=1)] * 4


def test_a_later_layer_wins_where_it_has_somebody_and_shows_the_one_beneath_elsewhere() -> None:
    office = Window(weekdays=frozenset(range(5)), since=time(8), until=time(16))
    rota = a_rota(a_layer("budi", name="selalu"), a_layer("sari", name="kantor", windows=(office,)))
    assert on_call(rota, local(JAKARTA, 2026, 3, 2, 12)) == ("sari",)  # a Monday
    assert on_call(rota, local(JAKARTA, 2026, 3, 2, 16)) == ("budi",)
    assert on_call(rota, local(JAKARTA, 2026, 3, 7, 12)) == ("budi",)


def test_a_window_over_midnight_belongs_to_the_weekday_on_which_it_begins() -> None:
    friday = Window(weekdays=frozenset({4}), since=time(20), until=time(6))
    rota = a_rota(a_layer("sari", windows=(friday,)))
    assert on_call(rota, local(JAKARTA, 2026, 3, 7, 5, 59)) == ("sari",)  # a Saturday
    assert on_call(rota, local(JAKARTA, 2026, 3, 7, 6)) == ()
    assert on_call(rota, local(JAKARTA, 2026, 3, 6, 5)) == ()


def test_a_layer_ends_with_the_hand_over_of_its_last_day() -> None:
    rota = a_rota(a_layer("budi", ends_on=date(2026, 1, 3)))
    assert on_call(rota, local(JAKARTA, 2026, 1, 3, 7, 59)) == ("budi",)
    assert on_call(rota, local(JAKARTA, 2026, 1, 3, 8)) == ()


def test_on_a_holiday_another_layer_or_other_people_are_on_call_from_midnight_to_midnight() -> None:
    rota = a_rota(
        a_layer("dewi", name="libur", holidays_only=True),
        a_layer("budi"),
        holidays=(
            Holiday(day=date(2026, 3, 20), name="Idulfitri", layer="libur"),
            Holiday(day=date(2026, 3, 21), crew=("joko",)),
            Holiday(day=date(2026, 3, 25), layer="tidak-ada"),
        ),
    )
    days = [
        local(JAKARTA, 2026, 3, day, hour) for day, hour in [(19, 23), (20, 0), (20, 23), (21, 0), (22, 0), (25, 9)]
    ]
    assert [on_call(rota, at)[0] for at in days] == ["budi", "dewi", "dewi", "joko", "budi", "budi"]


def test_an_override_wins_over_all_and_of_two_the_one_made_later() -> None:
    ten, noon, two = (local(JAKARTA, 2026, 3, 2, hour) for hour in (10, 12, 14))
    rota = a_rota(
        a_layer("budi"),
        overrides=(
            Override(id=7, crew=("dewi",), since=noon, until=two),
            Override(id=3, crew=("sari",), since=ten, until=two),
        ),
        holidays=(Holiday(day=date(2026, 3, 2), crew=("joko",)),),
    )
    found = shifts(rota, ten - timedelta(hours=1), two + timedelta(hours=1))
    assert [(shift.crew[0], shift.source) for shift in found] == [
        ("joko", "holiday:2026-03-02"),
        ("sari", "override:3"),
        ("dewi", "override:7"),
        ("joko", "holiday:2026-03-02"),
    ]


def test_the_outlook_is_until_somebody_else_takes_over() -> None:
    alone = a_rota(a_layer("budi"))
    now = local(JAKARTA, 2026, 3, 2, 12)
    assert (outlook(alone, now, now + 30 * DAY).until, outlook(alone, now, now + 30 * DAY).following) == (None, None)
    shared = outlook(a_rota(a_layer("budi", "budi", "sari")), now, now + 30 * DAY)
    assert shared.following is not None
    assert (shared.crew, shared.until, shared.following.crew) == (("budi",), shared.following.since, ("sari",))


def test_a_rota_that_nobody_is_in_is_one_shift_of_nobody() -> None:
    now = local(JAKARTA, 2026, 3, 2)
    assert shifts(a_rota(), now, now + DAY) == [Shift(crew=(), since=now, until=now + DAY, source="")]


@settings(max_examples=300)
@given(rota=rotas, since=moments, hours=st.integers(1, 200), asked=st.lists(st.integers(0, 2**31), max_size=30))
def test_the_shift_that_covers_a_moment_names_who_is_on_call(
    rota: Rota, since: datetime, hours: int, asked: list[int]
) -> None:
    until = since + timedelta(hours=hours)
    found = shifts(rota, since, until)
    assert (found[0].since, found[-1].until) == (since, until)
    assert all(one.until == next_.since and one.since < one.until for one, next_ in pairwise(found))
    edges = [edge + nudge for one in found for edge in (one.since, one.until) for nudge in (-SECOND, ZERO, SECOND)]
    for at in [*edges, *(since + timedelta(seconds=n % (hours * 3600)) for n in asked)]:
        if since <= at < until:
            (covering,) = [one for one in found if one.since <= at < one.until]
            assert covering.crew == on_call(rota, at)


@settings(max_examples=200)
@given(rota=rotas, since=moments, hours=st.integers(1, 100), later=st.integers(1, 100))
def test_whole_shifts_are_the_same_whenever_one_looks(rota: Rota, since: datetime, hours: int, later: int) -> None:
    until = since + timedelta(hours=300)
    early = [one for one in whole_shifts(rota, since, until) if one.crew]
    late = [one for one in whole_shifts(rota, since + timedelta(hours=later), until) if one.crew]
    assert late == [one for one in early if one.until > since + timedelta(hours=later)]


@settings(max_examples=300)
@given(layer=layers, zone=st.sampled_from(ZONES), at=moments)
def test_the_turns_of_a_layer_do_not_overlap_and_leave_nothing_out(layer: Layer, zone: str, at: datetime) -> None:
    number = turn_at(layer, at, ZoneInfo(zone))
    assert turn_starts(layer, number, ZoneInfo(zone)) <= at < turn_starts(layer, number + 1, ZoneInfo(zone))
    starts = [turn_starts(layer, n, ZoneInfo(zone)) for n in range(number - 3, number + 4)]
    assert starts == sorted(starts)


@settings(max_examples=300)
@given(rota=rotas, at=moments)
def test_somebody_is_on_call_whenever_a_layer_without_windows_has_begun(rota: Rota, at: datetime) -> None:
    open_ended = [
        layer
        for layer in rota.layers
        if not layer.windows and not layer.holidays_only and layer.ends_on is None
        if turn_starts(layer, 0, rota.zone) <= at
    ]
    assert on_call(rota, at) or not open_ended
    assert bool(on_call(rota, at)) == bool(duty(rota, at).source)


# Around Samoa's missing day; what a wall shows has no zone.
walls = moments.map(lambda at: at.replace(tzinfo=None, year=2011, month=12, day=29 + at.day % 3))


@given(walls=st.lists(walls, min_size=2), zone=st.sampled_from(ZONES))
def test_a_later_clock_is_never_an_earlier_moment(walls: list[datetime], zone: str) -> None:
    moments = [moment_of(wall, ZoneInfo(zone)) for wall in sorted(walls)]
    assert moments == sorted(moments)


@given(at=moments, zone=st.sampled_from(ZONES))
def test_the_moment_of_what_a_clock_shows_shows_it_again(at: datetime, zone: str) -> None:
    wall = wall_at(at, ZoneInfo(zone))
    assert wall_at(moment_of(wall, ZoneInfo(zone)), ZoneInfo(zone)) == wall
