"""How often somebody may try."""

from datetime import UTC, datetime, timedelta

import pytest

from dashboards.rights.throttle import OF_ADDRESS, OF_NAME, OF_NAME_HERE, Attempts, Throttle, neighbourhood

NOW = datetime(2026, 11, 21, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_nobody_waits_before_the_last_attempt_and_everybody_after_it() -> None:
    throttle = Throttle(attempts=3, window=5 * MINUTE)
    for minute in range(3):
        assert throttle.wait("a", NOW + minute * MINUTE) is None
        throttle.failed("a", NOW + minute * MINUTE)
    assert throttle.wait("a", NOW + 3 * MINUTE) == 2 * MINUTE
    assert throttle.wait("b", NOW + 3 * MINUTE) is None
    assert throttle.wait("a", NOW + 5 * MINUTE) is None


def test_a_success_forgets_the_failures_before_it() -> None:
    throttle = Throttle(attempts=1)
    throttle.failed("a", NOW)
    throttle.succeeded("a")
    assert throttle.wait("a", NOW) is None


def test_a_new_window_begins_with_the_first_failure_after_the_old_one() -> None:
    throttle = Throttle(attempts=2, window=MINUTE)
    throttle.failed("a", NOW)
    throttle.failed("a", NOW + 2 * MINUTE)
    assert throttle.wait("a", NOW + 2 * MINUTE) is None


def test_a_million_addresses_take_no_more_memory_than_its_bound() -> None:
    throttle = Throttle(attempts=1, keys_max=100)
    for number in range(1_000):
        throttle.failed(str(number), NOW)
    assert len(throttle._failures) == 100
    assert throttle.wait("999", NOW) is not None
    assert throttle.wait("0", NOW) is None


def _wrong(attempts: Attempts, times: int, address: str, name: str) -> None:
    for number in range(times):
        attempts.tried(address.format(number), name.format(number), NOW)


def test_one_name_from_one_place_waits_after_ten_and_others_do_not() -> None:
    attempts = Attempts()
    _wrong(attempts, OF_NAME_HERE, "10.0.0.1", "sari")
    assert attempts.wait("10.0.0.1", "sari", NOW) == 5 * MINUTE
    assert attempts.wait("10.0.0.1", "budi", NOW) is None
    assert attempts.wait("10.0.0.2", "sari", NOW) is None


def test_a_place_that_goes_through_names_waits_with_every_name() -> None:
    attempts = Attempts()
    _wrong(attempts, OF_ADDRESS, "10.0.0.1", "name-{}")
    assert attempts.wait("10.0.0.1", "sari", NOW) == 5 * MINUTE
    assert attempts.wait("10.0.0.2", "sari", NOW) is None


def test_a_name_tried_from_everywhere_waits_everywhere_but_where_it_signed_in_before() -> None:
    attempts = Attempts()
    attempts.succeeded("10.9.9.9", "sari")
    _wrong(attempts, OF_NAME, "10.0.0.{}", "sari")
    assert attempts.wait("192.0.2.1", "sari", NOW) == 5 * MINUTE
    assert attempts.wait("10.9.9.9", "sari", NOW) is None
    assert attempts.wait("192.0.2.1", "budi", NOW) is None


def test_a_right_password_takes_back_its_own_attempt_and_forgives_no_others() -> None:
    attempts = Attempts()
    _wrong(attempts, OF_ADDRESS - 1, "10.0.0.1", "name-{}")
    for _ in range(5):
        attempts.tried("10.0.0.1", "own", NOW)
        attempts.succeeded("10.0.0.1", "own")
    assert attempts.wait("10.0.0.1", "sari", NOW) is None
    attempts.tried("10.0.0.1", "sari", NOW)
    assert attempts.wait("10.0.0.1", "own", NOW) is not None


def test_what_is_remembered_of_good_logins_is_bounded() -> None:
    attempts = Attempts(known_max=100)
    for number in range(1_000):
        attempts.succeeded(f"10.0.{number // 250}.{number % 250}", "sari")
    assert len(attempts._known) == 100


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("10.0.0.1", "10.0.0.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::1", "2001:db8:1:2::"),
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("unknown", "unknown"),
    ],
)
def test_an_ipv6_household_is_one_place(address: str, place: str) -> None:
    assert neighbourhood(address) == place
