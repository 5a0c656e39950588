"""How often somebody may try."""

from datetime import UTC, datetime, timedelta

from dashboards.throttle import Throttle

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
