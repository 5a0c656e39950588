"""When a group has something to tell, on Alertmanager's terms."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.alert import EndReason, Severity, State
from alerts.paging.group import EARLIEST, Group, Member, Told
from alerts.paging.route import Receiver, Terms
from tests.alerts.city import after, an_alert, firing


def member(told: Told = Told.NOTHING, *, silenced: bool = False, **alert: Any) -> Member:  # noqa: ANN401  fields of several types
    return Member(alert=firing(id=1, **alert), told=told, silenced=silenced)


def over(told: Told, *, silenced: bool = False) -> Member:
    ended = firing(id=2).resolve(after(60), EndReason.CLEARED)
    return Member(alert=ended, told=told, silenced=silenced)


def group(*members: Member, told_at: datetime | None = None) -> Group:
    receiver = Receiver("channel", "ops")
    return Group(id=7, receiver=receiver, key={"incident": "41"}, terms=Terms(), members=members, told_at=told_at)


def test_a_new_group_gathers_for_half_a_minute() -> None:
    assert group(member()).due_at() == after(30)


def test_the_wait_begins_with_the_first_of_several() -> None:
    assert group(member(), member(fired_at=after(20))).due_at() == after(30)


def test_a_critical_alert_waits_for_nothing() -> None:
    assert group(member(severity=Severity.CRITICAL)).due_at() == after(0)
    late = member(severity=Severity.CRITICAL, fired_at=after(100))
    assert group(member(Told.FIRING), late, told_at=after(90)).due_at() == after(100)


def test_further_news_of_a_group_waits_five_minutes() -> None:
    assert group(member(Told.FIRING), member(fired_at=after(60)), told_at=after(30)).due_at() == after(330)


def test_the_end_of_a_part_waits_and_the_end_of_the_whole_does_not() -> None:
    assert group(member(Told.FIRING), over(Told.FIRING), told_at=after(30)).due_at() == after(330)
    assert group(over(Told.FIRING), told_at=after(30)).due_at() == EARLIEST


def test_what_ended_before_it_was_told_is_never_told() -> None:
    assert group(over(Told.NOTHING)).due_at() is None
    assert group(over(Told.NOTHING)).over


def test_nobody_is_told_for_its_own_sake_of_what_somebody_took_before() -> None:
    taken = member(state=State.ACKNOWLEDGED)
    assert group(taken).due_at() is None
    assert not group(taken).has_news
    assert not group(taken).over
    assert group(taken, member(fired_at=after(20))).due_at() == after(50), "it gathers from the first that is news"


def test_who_is_told_of_the_rest_hears_of_what_was_taken_too() -> None:
    taken = member(state=State.ACKNOWLEDGED)
    told = group(taken, member(severity=Severity.CRITICAL)).told(after(0))
    assert [one.told for one in told.members] == [Told.FIRING, Told.FIRING], "and so of its end"


def test_what_nobody_acknowledged_is_repeated_after_four_hours() -> None:
    told = group(member(Told.FIRING), told_at=after(30))
    assert told.due_at() == after(30 + 4 * 3600)
    assert group(member(Told.FIRING, state=State.ACKNOWLEDGED), told_at=after(30)).due_at() is None


def test_a_silence_holds_back_the_telling_and_the_reminder_but_never_the_end() -> None:
    assert group(member(silenced=True)).due_at() is None
    assert group(member(Told.FIRING, silenced=True), told_at=after(30)).due_at() is None
    assert group(over(Told.FIRING, silenced=True), told_at=after(30)).due_at() == EARLIEST


def test_a_message_says_what_fires_and_what_ended_since_the_last() -> None:
    old = replace(over(Told.RESOLVED), alert=replace(over(Told.RESOLVED).alert, id=9))
    speaking = group(member(Told.FIRING), over(Told.FIRING), old, member(silenced=True), told_at=after(30))
    assert [alert.id for alert in speaking.speaks_of] == [1, 2]


def test_once_told_there_is_nothing_new() -> None:
    told = group(member(), over(Told.FIRING), told_at=after(0)).told(after(300))
    assert [one.told for one in told.members] == [Told.FIRING, Told.RESOLVED]
    assert (told.told_at, told.sequence) == (after(300), 1)
    assert told.due_at() == after(300) + timedelta(hours=4)


STATES = st.sampled_from([State.FIRING, State.ACKNOWLEDGED, State.RESOLVED])


@given(st.lists(st.tuples(STATES, st.sampled_from(list(Told)), st.booleans()), max_size=4), st.integers(0, 400))
def test_telling_leaves_nothing_due_at_once_and_loses_no_end(parts: list[tuple[State, Told, bool]], now: int) -> None:
    members = tuple(
        Member(alert=an_alert(id=number, state=state, fired_at=after(0)), told=told, silenced=silenced)
        for number, (state, told, silenced) in enumerate(parts)
    )
    told = group(*members, told_at=after(0)).told(after(now))
    due = told.due_at()
    assert due is None or due > after(now)
    assert not any(one.ended or one.untold for one in told.members)


@pytest.mark.parametrize("silenced", [True, False])
def test_a_group_is_over_when_nothing_fires(*, silenced: bool) -> None:
    assert not group(member(silenced=silenced)).over
    assert group(over(Told.FIRING, silenced=silenced)).over
