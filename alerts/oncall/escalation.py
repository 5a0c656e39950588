"""How far a policy has been followed for one trouble, and whether the next step is due. Pure.

begun ─▶ step ─▶ step ─▶ … ─▶ last step ─▶ first step again (`repeat` times) ─▶ ended
  a step follows when the one before was not acknowledged in its minutes, was not delivered, or somebody asked
  acknowledged: nothing is due; taken back: the present step begins again
  resolved: ended
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from alerts.oncall.policy import Policy

# How long "I am awake" keeps the next step waiting.
AWAKE = timedelta(minutes=30)
# A page of the present step of which nobody says for so long that it arrived has not.
UNDELIVERED_AFTER = timedelta(seconds=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """`step` and `round` count from 0. `begun` grows by one each time the people of a step are to be told.

    `due_at` is when the next step is taken, None while the trouble is acknowledged. After `ended` nobody more is told,
    unless an acknowledgement is given and taken back.
    """

    policy: str
    step: int = 0
    round: int = 0
    begun: int = 1
    began_at: datetime
    due_at: datetime | None
    held_until: datetime | None = None
    ended: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of the trouble.

    `undelivered`: every page of the present step failed, or none arrived within UNDELIVERED_AFTER of `began_at`.
    `asked`: somebody who was told wants the next to be told.
    """

    acknowledged: bool = False
    resolved: bool = False
    undelivered: bool = False
    asked: bool = False


def begin(policy: Policy, now: datetime) -> Escalation:
    """The first step: its people are to be told now."""
    return Escalation(policy=policy.name, began_at=now, due_at=now + policy.step(0).after)


def hold(escalation: Escalation, now: datetime) -> Escalation:
    """Somebody says "I am awake": no next step for half an hour, unless somebody asks for it."""
    return replace(escalation, held_until=now + AWAKE)


def further(escalation: Escalation, policy: Policy) -> bool:
    """Whether anybody is left to be told: by a step that follows, or by the first one of another round."""
    return not _is_last(escalation, policy) or (escalation.round < policy.repeat and not escalation.ended)


def advance(escalation: Escalation, policy: Policy, facts: Facts, now: datetime) -> Escalation | None:
    """The escalation after this moment, None where it is the same; one step at most, for people need their minutes.

    A policy that was shortened is taken to be at its last step. That nothing was delivered leads on within a round,
    but into the next one only the minutes do: while every channel fails the rounds are not used up.
    """
    if facts.resolved:
        return None if escalation.ended else replace(escalation, ended=True, due_at=None)
    if facts.asked:
        return _next(escalation, policy, now, last=escalation)
    if facts.acknowledged:
        paused = replace(escalation, ended=False, due_at=None)
        return None if paused == escalation else paused
    if escalation.ended:
        return None
    if escalation.due_at is None:
        return _at(escalation, policy, escalation.step, escalation.round, now)
    return _unanswered(escalation, policy, facts, now)


def _unanswered(escalation: Escalation, policy: Policy, facts: Facts, now: datetime) -> Escalation | None:
    if escalation.held_until is not None and now < escalation.held_until:
        return None
    lost = facts.undelivered and not _is_last(escalation, policy)
    if not lost and escalation.due_at is not None and now < escalation.due_at:
        return None
    return _next(escalation, policy, now, last=replace(escalation, ended=True, due_at=None))


def _next(escalation: Escalation, policy: Policy, now: datetime, *, last: Escalation) -> Escalation | None:
    """The next step, or the first of the next round; where there is none, `last`, or None if that changes nothing."""
    if not further(escalation, policy):
        return None if last == escalation else last
    if _is_last(escalation, policy):
        return _at(escalation, policy, 0, escalation.round + 1, now)
    return _at(escalation, policy, escalation.step + 1, escalation.round, now)


def _at(escalation: Escalation, policy: Policy, step: int, turn: int, now: datetime) -> Escalation:
    return replace(
        escalation,
        step=step,
        round=turn,
        begun=escalation.begun + 1,
        began_at=now,
        due_at=now + policy.step(step).after,
        held_until=None,
        ended=False,
    )


def _is_last(escalation: Escalation, policy: Policy) -> bool:
    return escalation.step >= len(policy.steps) - 1
