import pytest
from hypothesis import given
from hypothesis import strategies as st

from video.grade import Grade, LinkHour, grade

HOURS = st.builds(LinkHour, reconnects=st.integers(0, 15), stalls=st.integers(0, 120), covered_ratio=st.floats(0, 1))


@pytest.mark.parametrize(
    ("reconnects", "stalls", "covered_ratio", "expected"),
    [
        (0, 0, 1.0, Grade.EXCELLENT),
        (0, 4, 0.9, Grade.EXCELLENT),
        (1, 0, 1.0, Grade.FAIR),
        (0, 5, 1.0, Grade.FAIR),
        (0, 0, 0.89, Grade.FAIR),
        (2, 18, 0.6, Grade.FAIR),
        (3, 0, 1.0, Grade.POOR),
        (0, 21, 1.0, Grade.POOR),
        (0, 0, 0.59, Grade.POOR),
        (10, 90, 0.2, Grade.POOR),
        (11, 0, 1.0, Grade.UNUSABLE),
        (0, 101, 1.0, Grade.UNUSABLE),
        (0, 0, 0.19, Grade.UNUSABLE),
        (0, 0, 0.0, Grade.UNUSABLE),
    ],
)
def test_each_grade_has_its_demands(reconnects: int, stalls: int, covered_ratio: float, expected: Grade) -> None:
    assert grade(LinkHour(reconnects=reconnects, stalls=stalls, covered_ratio=covered_ratio)) is expected


def test_grades_are_the_numbers_of_the_metric() -> None:
    assert [each.value for each in sorted(Grade)] == [0, 1, 2, 3]


@given(HOURS, st.integers(0, 15), st.integers(0, 120), st.floats(0, 1))
def test_nothing_that_is_worse_is_graded_better(hour: LinkHour, reconnects: int, stalls: int, share: float) -> None:
    worse = LinkHour(
        reconnects=hour.reconnects + reconnects,
        stalls=hour.stalls + stalls,
        covered_ratio=hour.covered_ratio * share,
    )
    assert grade(worse) <= grade(hour)


@given(HOURS, st.integers(0, 120))
def test_a_stall_that_becomes_a_loss_is_no_gain(hour: LinkHour, lost: int) -> None:
    lost = min(lost, hour.stalls)
    worse = LinkHour(reconnects=hour.reconnects + lost, stalls=hour.stalls - lost, covered_ratio=hour.covered_ratio)
    assert grade(worse) <= grade(hour)
