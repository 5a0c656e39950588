import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators.schedule import FIRST_CONNECT_SECONDS, Pace, backoff_delay, connect_delay, report_delay

DEVICES = [f"fp-{number:03}" for number in range(300)]


@given(st.floats(min_value=1e9, max_value=3e9), st.sampled_from([10.0, 30.0, 60.0, 300.0]))
def test_the_next_report_is_within_one_interval(t: float, interval: float) -> None:
    assert 0.0 < report_delay(1, "fp-001", interval_seconds=interval, t=t) <= interval


def test_reports_stand_on_a_grid_and_do_not_drift() -> None:
    first = 1e9 + report_delay(1, "fp-001", interval_seconds=30.0, t=1e9)
    late = first + 30.0 + 7.0
    assert late + report_delay(1, "fp-001", interval_seconds=30.0, t=late) == pytest.approx(first + 60.0)


def test_devices_do_not_report_in_the_same_second() -> None:
    seconds = [int(report_delay(1, device, interval_seconds=30.0, t=1e9)) for device in DEVICES]
    assert max(seconds.count(second) for second in range(31)) < 25


def test_devices_do_not_connect_in_the_same_instant() -> None:
    delays = [connect_delay(1, device) for device in DEVICES]
    assert min(delays) < 0.1 * FIRST_CONNECT_SECONDS
    assert 0.9 * FIRST_CONNECT_SECONDS < max(delays) < FIRST_CONNECT_SECONDS


def test_the_herd_returns_spread_over_time_and_ever_later_up_to_a_bound() -> None:
    for failures, step in ((1, 1.0), (2, 2.0), (3, 5.0), (4, 10.0), (5, 30.0), (500, 30.0)):
        delays = [backoff_delay(1, device, failures) for device in DEVICES]
        assert 0.5 * step <= min(delays) < 0.6 * step
        assert 1.4 * step < max(delays) <= 1.5 * step


def test_a_city_s_time_runs_faster_from_its_start_on() -> None:
    assert Pace(started=100.0, speed=60.0).city_time(101.0) == 160.0


@pytest.mark.parametrize("speed", [1.0, 60.0])
@given(now=st.floats(min_value=1e9, max_value=3e9))
def test_the_interval_that_is_handed_in_is_of_the_clock_whatever_the_speed(speed: float, now: float) -> None:
    pace = Pace(started=1e9, speed=speed, interval_seconds=0.5)
    assert 0.0 < pace.seconds_to_report(1, "fp-001", "fibre_point", now) <= 0.5 + 1e-4


def test_without_it_a_kind_reports_as_often_as_it_does_and_faster_in_a_faster_city() -> None:
    for speed, longest in ((1.0, 30.0), (60.0, 0.5)):
        pace = Pace(started=1e9, speed=speed)
        delays = [pace.seconds_to_report(1, device, "fibre_point", 1e9) for device in DEVICES]
        assert 0.9 * longest < max(delays) <= longest


def test_who_reports_often_is_there_within_an_interval() -> None:
    delays = [Pace(started=1e9, interval_seconds=0.5).seconds_to_connect(1, device) for device in DEVICES]
    assert 0.4 < max(delays) < 0.5
