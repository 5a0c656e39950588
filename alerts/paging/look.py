"""Pure: what comes of looking at a group: who is told what now, and when to look again."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeAlias

from alerts.oncall.escalation import Escalation, Facts, advance, begin
from alerts.oncall.policy import Policy, policy_of
from alerts.oncall.target import Target
from alerts.paging.group import Group

# People and channels, each by itself, that a target means.
Singles: TypeAlias = Callable[[Target], Iterable[Target]]

# How soon we look again at what nothing announces: the end of a silence, whether a page has arrived.
LOOK_AGAIN = timedelta(seconds=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipts:
    """How the pages of the present step of a policy fare: whether any arrived, or all were lost."""

    arrived: bool = False
    lost: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A group, who was told of it and so hears the rest, and how far its policy was followed.

    `reached` are single ones: a person or a channel. `asked`: somebody wants the next to be told.
    """

    group: Group
    reached: tuple[Target, ...] = ()
    escalation: Escalation | None = None
    receipts: Receipts = Receipts()
    asked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """`before` is what a message of now speaks of, `after` the same once it is written.

    `tell` hear of it because they were told before, or always are; `call` because a policy has come to them.
    """

    before: Standing
    after: Standing
    tell: tuple[Target, ...] = ()
    call: tuple[Target, ...] = ()
    due_at: datetime | None = None

    @property
    def speaks(self) -> bool:
        return bool(self.tell or self.call)

    @property
    def closes(self) -> bool:
        return self.after.group.over


def look(standing: Standing, policies: Mapping[str, Policy], singles: Singles, now: datetime) -> Look:
    """`singles`: whom a target of a policy means by now."""
    group, policy = standing.group, policy_of(policies, standing.group.receiver.name)
    due = group.due_at()
    news = due is not None and due <= now
    if group.receiver.kind == "channel":
        after = replace(standing, group=group.told(now) if news else group)
        always = (Target("channel", group.receiver.name),)
        return Look(before=standing, after=after, tell=always if news else (), due_at=_again(after, now))
    escalation = _escalation(standing, policy, now, news=news)
    call = tuple(single for target in _called(standing.escalation, escalation, policy) for single in singles(target))
    tell = standing.reached if news or (call and group.has_news) else ()
    after = replace(
        standing,
        group=group.told(now) if tell or call else group,
        reached=tuple(dict.fromkeys([*standing.reached, *call])),
        escalation=escalation,
        asked=False,
    )
    tell = tuple(target for target in tell if target not in call)
    return Look(before=standing, after=after, tell=tell, call=call, due_at=_again(after, now))


def _escalation(standing: Standing, policy: Policy, now: datetime, *, news: bool) -> Escalation | None:
    """A policy begins when there is something to tell of what goes on; what ended before never bothered anybody."""
    if standing.escalation is None:
        return begin(policy, now) if news and not standing.group.over else None
    facts = Facts(
        acknowledged=standing.group.acknowledged,
        resolved=standing.group.over,
        undelivered=standing.receipts.lost,
        asked=standing.asked,
    )
    return advance(standing.escalation, policy, facts, now) or standing.escalation


def _called(before: Escalation | None, after: Escalation | None, policy: Policy) -> tuple[Target, ...]:
    if after is None or (before is not None and before.begun == after.begun):
        return ()
    return policy.step(after.step).notify


def _again(standing: Standing, now: datetime) -> datetime | None:
    """When to look next; never, once all is over."""
    group = standing.group
    if group.over:
        return None
    hushed = now + LOOK_AGAIN if any(one.hushed for one in group.members) else None
    moments = (group.due_at(), hushed, *_of_escalation(standing, now))
    return min((moment for moment in moments if moment is not None), default=None)


def _of_escalation(standing: Standing, now: datetime) -> tuple[datetime | None, ...]:
    escalation = standing.escalation
    if escalation is None or escalation.due_at is None or escalation.ended:
        return ()
    due = max(escalation.due_at, escalation.held_until or escalation.due_at)
    return (due, None if standing.receipts.arrived else now + LOOK_AGAIN)
