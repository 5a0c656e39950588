"""Escalation: the next step when nobody answers, when nothing arrives, when somebody asks; and an end to it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.oncall.escalation import AWAKE, Escalation, Facts, advance, begin, further, hold
from alerts.oncall.policy import Policy
from tests.alerts.city import NOON

NOTHING = Facts()
MINUTE = timedelta(minutes=1)


def a_policy(*minutes: int, repeat: int = 0) -> Policy:
    steps = [{"after_minutes": after, "notify": ["area"]} for after in minutes]
    return Policy.model_validate({"name": "night", "steps": steps, "repeat": repeat})


NIGHT = a_policy(10, 20, repeat=1)


def after(escalation: Escalation, minutes: float, facts: Facts = NOTHING, policy: Policy = NIGHT) -> Escalation:
    """What it is so many minutes after the present step began: the same where nothing follows."""
    now = escalation.began_at + minutes * MINUTE
    return advance(escalation, policy, facts, now) or escalation


def place(escalation: Escalation) -> tuple[int, int, int]:
    return escalation.round, escalation.step, escalation.begun


def test_the_next_step_comes_when_the_minutes_of_the_present_one_are_over() -> None:
    first = begin(NIGHT, NOON)
    assert after(first, 9.99) == first
    second = after(first, 10)
    assert place(second) == (0, 1, 2)
    assert after(second, 19.99) == second
    assert place(after(second, 20)) == (1, 0, 3)


def test_it_ends_after_the_last_step_of_the_last_round() -> None:
    present = begin(NIGHT, NOON)
    for minutes in (10, 20, 10):
        present = after(present, minutes)
    assert (place(present), present.ended) == ((1, 1, 4), False)
    ended = after(present, 20)
    assert (place(ended), ended.ended, ended.due_at) == ((1, 1, 4), True, None)
    assert after(ended, 9_000, Facts(undelivered=True)) == ended


def test_what_is_not_delivered_goes_to_the_next_step_at_once_but_uses_up_no_round() -> None:
    second = after(begin(NIGHT, NOON), 1, Facts(undelivered=True))
    assert place(second) == (0, 1, 2)
    assert after(second, 19, Facts(undelivered=True)) == second
    assert place(after(second, 20, Facts(undelivered=True))) == (1, 0, 3)


def test_an_acknowledgement_stops_it_and_taken_back_the_present_step_begins_again() -> None:
    second = after(begin(NIGHT, NOON), 10)
    paused = after(second, 5, Facts(acknowledged=True))
    assert (place(paused), paused.due_at) == ((0, 1, 2), None)
    assert advance(paused, NIGHT, Facts(acknowledged=True, undelivered=True), NOON + 900 * MINUTE) is None
    again = after(paused, 60)
    assert (place(again), again.due_at) == ((0, 1, 3), again.began_at + 20 * MINUTE)


def test_after_its_end_too_an_acknowledgement_taken_back_begins_the_last_step_again() -> None:
    single = a_policy(10)
    ended = after(begin(single, NOON), 10, policy=single)
    paused = after(ended, 11, Facts(acknowledged=True), policy=single)
    assert (ended.ended, paused.ended) == (True, False)
    assert place(after(paused, 12, policy=single)) == (0, 0, 2)


def test_what_is_resolved_is_over_whatever_else_is_said() -> None:
    ended = after(begin(NIGHT, NOON), 10, Facts(resolved=True, asked=True, undelivered=True))
    assert ended.ended
    assert advance(ended, NIGHT, Facts(resolved=True, asked=True), NOON + 90 * MINUTE) is None


def test_who_says_awake_holds_the_next_step_for_half_an_hour() -> None:
    first = hold(begin(NIGHT, NOON), NOON + 5 * MINUTE)
    assert first.held_until == NOON + 5 * MINUTE + AWAKE
    assert after(first, 34.99, Facts(undelivered=True)) == first
    second = after(first, 35)
    assert (place(second), second.held_until) == ((0, 1, 2), None)


def test_who_asks_gets_the_next_step_at_once_also_while_it_is_held_or_acknowledged() -> None:
    first = begin(NIGHT, NOON)
    assert place(after(hold(first, NOON), 1, Facts(asked=True))) == (0, 1, 2)
    paused = after(first, 1, Facts(acknowledged=True))
    asked = after(paused, 2, Facts(acknowledged=True, asked=True))
    assert place(asked) == (0, 1, 2)
    assert after(asked, 1, Facts(acknowledged=True)).due_at is None


def test_who_asks_at_the_very_end_is_told_that_nobody_is_left() -> None:
    single = a_policy(10)
    first = begin(single, NOON)
    assert advance(first, single, Facts(asked=True), NOON + MINUTE) is None
    assert not further(first, single)
    assert further(first, a_policy(10, repeat=1))
    assert not further(replace(first, ended=True), a_policy(10, repeat=1))


def test_after_a_policy_was_shortened_the_last_step_is_the_present_one() -> None:
    fourth = begin(a_policy(10, 10, 10, 10), NOON)
    for _ in range(3):
        fourth = after(fourth, 10, policy=a_policy(10, 10, 10, 10))
    assert place(after(fourth, 20, policy=NIGHT)) == (1, 0, 5)


@settings(max_examples=300)
@given(
    minutes=st.lists(st.integers(1, 9_000), min_size=1, max_size=10),
    repeat=st.integers(0, 5),
    looks=st.lists(st.tuples(st.integers(1, 900), st.booleans(), st.booleans()), max_size=200),
)
def test_each_step_is_reached_once_a_round_never_before_its_time_and_it_ends(
    minutes: list[int], repeat: int, looks: list[tuple[int, bool, bool]]
) -> None:
    policy = a_policy(*minutes, repeat=repeat)
    present, now = begin(policy, NOON), NOON
    reached = [(present.round, present.step)]
    to_the_end = [(10_000, False, False)] * (len(minutes) * (repeat + 1))
    for passed, undelivered, awake in [*looks, *to_the_end]:
        now += passed * MINUTE
        present = hold(present, now) if awake and not present.ended else present
        moved = advance(present, policy, Facts(undelivered=undelivered), now)
        if moved is not None and not moved.ended:
            early = now < (present.due_at or now)
            assert not early or (undelivered and moved.round == present.round)
            assert not (present.held_until and now < present.held_until)
            reached.append((moved.round, moved.step))
        present = moved or present
    assert reached == [(turn, step) for turn in range(repeat + 1) for step in range(len(minutes))]
    assert (present.ended, present.begun) == (True, len(reached))


@given(
    facts=st.lists(
        st.builds(Facts, **dict.fromkeys(["acknowledged", "undelivered", "asked"], st.booleans())), max_size=60
    )
)
def test_what_is_said_again_and_again_changes_nothing_more(facts: list[Facts]) -> None:
    present = begin(NIGHT, NOON)
    for number, fact in enumerate(facts):
        now = NOON + number * MINUTE
        moved: Any = advance(present, NIGHT, fact, now)
        assert moved != present
        present = moved or present
        settled = Facts(acknowledged=fact.acknowledged)
        assert advance(present, NIGHT, settled, now) is None or fact.asked or fact.acknowledged
