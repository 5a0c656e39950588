from datetime import UTC, datetime, timedelta

import pytest

from dashboards.problem import Problem
from dashboards.spans import DAY, span_of

NOW = datetime(2026, 11, 28, tzinfo=UTC)
MONTH = timedelta(days=30)


def test_what_is_not_said_is_until_now_and_so_long_before() -> None:
    assert span_of(None, None, NOW) == (NOW - DAY, NOW)
    assert span_of(None, NOW - DAY, NOW, MONTH) == (NOW - DAY - MONTH, NOW - DAY)


@pytest.mark.parametrize(
    ("default", "indonesian", "english"), [(DAY, "24 jam", "24 hours"), (MONTH, "30 hari", "30 days")]
)
def test_a_span_that_ends_before_it_begins_is_refused_in_words_of_people(
    default: timedelta, indonesian: str, english: str
) -> None:
    with pytest.raises(Problem) as refused:
        span_of(NOW, NOW, NOW, default)
    assert refused.value.sentence == (
        f"from harus sebelum to; tanpa from, dianggap {indonesian} sebelum to.",
        f"from must lie before to; without from, it is {english} before to.",
    )
