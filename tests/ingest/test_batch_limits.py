"""When a batch is due."""

from hypothesis import given
from hypothesis import strategies as st

from ingest.batch import BatchLimits, seconds_to_wait

LIMITS = BatchLimits(messages=10, payload_bytes=1_000, seconds=0.05)


def wait(*, messages: int = 1, payload_bytes: int = 1, age_seconds: float = 0.0) -> float:
    return seconds_to_wait(LIMITS, messages=messages, payload_bytes=payload_bytes, age_seconds=age_seconds)


def test_an_empty_batch_is_never_due_however_old() -> None:
    assert wait(messages=0, payload_bytes=0, age_seconds=1e9) == float("inf")


def test_a_batch_full_of_messages_is_due_at_once() -> None:
    assert wait(messages=9) > 0
    assert wait(messages=10) == 0


def test_a_batch_full_of_bytes_is_due_at_once() -> None:
    assert wait(payload_bytes=999) > 0
    assert wait(payload_bytes=1_000) == 0


def test_a_lone_message_waits_for_the_rest_of_its_time() -> None:
    assert wait() == 0.05
    assert wait(age_seconds=0.03) == 0.05 - 0.03
    assert wait(age_seconds=0.05) == 0
    assert wait(age_seconds=7) == 0


@given(st.integers(1, 20), st.integers(0, 2_000), st.floats(0, 1))
def test_nothing_waits_longer_than_the_limit(messages: int, payload_bytes: int, age_seconds: float) -> None:
    assert 0 <= wait(messages=messages, payload_bytes=payload_bytes, age_seconds=age_seconds) <= LIMITS.seconds
