"""How much one person is told on one channel: GoAlert's numbers."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from alerts.paging.budget import BUDGET, free_at
from tests.alerts.city import after


def test_the_first_page_always_goes_out() -> None:
    assert free_at([], after(0), urgent=False) == after(0)


def test_the_last_place_of_a_quarter_of_an_hour_is_kept_for_what_is_urgent() -> None:
    sent = [after(second) for second in (0, 10, 20, 30)]
    assert free_at(sent, after(60), urgent=False) == after(15 * 60)
    assert free_at(sent, after(60), urgent=True) == after(60)


def test_five_in_a_quarter_of_an_hour_are_enough_even_for_what_is_urgent() -> None:
    sent = [after(second) for second in (0, 10, 20, 30, 40)]
    assert free_at(sent, after(60), urgent=True) == after(15 * 60)


def test_a_place_is_free_again_when_its_span_is_over() -> None:
    sent = [after(second) for second in (0, 10, 20, 30, 40)]
    assert free_at(sent, after(15 * 60), urgent=True) == after(15 * 60)


@given(st.lists(st.tuples(st.integers(0, 600), st.booleans()), max_size=80))
def test_whatever_comes_no_span_ever_holds_more_than_its_allowance(waits: list[tuple[int, bool]]) -> None:
    now, sent = after(0), list[datetime]()
    for wait, urgent in waits:
        now += timedelta(seconds=wait)
        free = free_at(sent, now, urgent=urgent)
        assert free == now or free_at(sent, free, urgent=urgent) == free
        if free == now:
            sent.append(now)
    for allowance in BUDGET:
        for at in sent:
            assert sum(at - allowance.within < one <= at for one in sent) <= allowance.count
