"""Pure: what a rule makes of a device's readings and state, and what becomes of the alert."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeAlias, assert_never

from alerts.alert import Alert, EndReason
from alerts.alert import State as AlertState
from alerts.rule import InState, Rule, Silence, Threshold
from alerts.states.evidence import Observed
from alerts.states.standing import Standing
from alerts.summary import summarise
from devices.device import Device
from devices.state import Limits, Mark, Reason, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A device, the newest reading of each of its metrics, and its standing; None where states are not judged.

    `confirmed`: that it is down is its own affair, as far as can be known by now. `held_by`: why nobody is to be paged
    for it: the id of what failed above, or a word of `alerts.held`. `seeing_since`: when we last began to see;
    `seen_until`: how far we are known to have seen, None for now.
    """

    device: Device
    limits: Limits
    readings: Mapping[str, Observed]
    last_seen: datetime | None
    standing: Standing | None = None
    confirmed: bool = True
    held_by: str | None = None
    seeing_since: datetime | None = None
    seen_until: datetime | None = None

    @property
    def trusted_for(self) -> timedelta:
        """How long a reading speaks for the present; after that it is the past."""
        return self.limits.silence

    @property
    def state(self) -> State | None:
        return None if self.standing is None else self.standing.state

    @property
    def flapping(self) -> bool:
        return self.standing is not None and Mark.FLAPPING in self.standing.marks


@dataclass(frozen=True, slots=True, kw_only=True)
class Breached:
    """The rule does not hold, since event time `since`, by a reading of event time `at`."""

    since: datetime
    at: datetime
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleared:
    """The rule holds, by a reading of event time `at`."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """An alert that would have been, since event time `since`, and what holds it back."""

    cause: str
    since: datetime


# None: the evidence decides nothing, and what was stays.
Verdict: TypeAlias = Breached | Cleared | None


def evaluate(rule: Rule, subject: Subject, alert: Alert | None, now: datetime) -> Alert | Held | None:
    """The open alert after this look, itself where nothing changed; None where there is none; or what is held back.

    `alert` is the open alert of this rule and device. Where the answer is resolved, it has just ended. Only what nobody
    was told of is held back: what was told is judged on, and its end is told.
    """
    verdict = judge(rule, subject, now, fired=alert is not None and alert.fired)
    if isinstance(verdict, Breached):
        if subject.held_by is not None and not (alert is not None and alert.fired):
            return Held(cause=subject.held_by, since=verdict.since)
        return _breached(rule, subject, alert, verdict, now)
    if isinstance(verdict, Cleared) and alert is not None:
        return alert.resolve(verdict.at, EndReason.CLEARED)
    return alert


def judge(rule: Rule, subject: Subject, now: datetime, *, fired: bool) -> Verdict:
    """`fired`: an alert was told of, so a threshold asks for `clear` before it gives in."""
    match rule:
        case Silence():
            return _silence(rule, subject, now)
        case Threshold():
            return _threshold(rule, subject, now, fired=fired)
        case InState():
            return _in_state(rule, subject, now)
        case _:
            assert_never(rule)


def _silence(rule: Silence, subject: Subject, now: datetime) -> Verdict:
    """A device never heard from is unknown, not silent; and what was said while we could not see was not heard."""
    seen = subject.last_seen
    if seen is None or subject.state is State.UNKNOWN:
        return None
    deadline = silence_ends(rule, subject, seen)
    if min(now, subject.seen_until or now) <= deadline:
        return None if subject.flapping else Cleared(at=seen)
    if not subject.confirmed or subject.flapping:
        return None
    return Breached(since=deadline, at=seen, value=(now - seen) // timedelta(seconds=1))


def silence_ends(rule: Silence, subject: Subject, seen: datetime) -> datetime:
    """The last moment at which the device's silence is in order."""
    return max(filter(None, (seen, subject.seeing_since))) + rule.allowed(subject.limits.interval_seconds)


def _in_state(rule: InState, subject: Subject, now: datetime) -> Verdict:
    """A device that flaps has failed, whichever way it fell last; each of its changes is no news any more."""
    standing = subject.standing
    if standing is None:
        return None
    # A feeder without a sensor is never alive: it is over when nothing speaks of its failure any more.
    well = standing.alive or standing.reason is Reason.NEVER_HEARD
    if well and not subject.flapping:
        return Cleared(at=standing.since) if now >= standing.noted_at + rule.keep_firing_for else None
    fallen = standing.state is State.DOWN and subject.confirmed
    if not fallen and not subject.flapping and subject.held_by is None:
        return None
    lasted = (now - standing.since) // timedelta(seconds=1)
    return Breached(since=standing.since, at=standing.since, value=lasted)


def _threshold(rule: Threshold, subject: Subject, now: datetime, *, fired: bool) -> Verdict:
    """A reading too old to be trusted neither raises nor ends anything."""
    newest = subject.readings.get(rule.metric)
    if newest is None or now > newest.at + subject.trusted_for:
        return None
    if rule.breached(newest.value):
        return Breached(since=newest.at, at=newest.at, value=newest.value)
    if fired and not rule.cleared(newest.value):
        return None
    return Cleared(at=newest.at)


def _breached(rule: Rule, subject: Subject, alert: Alert | None, breach: Breached, now: datetime) -> Alert:
    if alert is not None and alert.fired:
        return alert
    pending = _opened(rule, subject, breach) if alert is None else _upheld(alert, breach, subject.trusted_for)
    due = now - pending.starts_at >= rule.hold
    if pending is alert and not due:
        return alert
    facts = {"value": breach.value, "rule": rule.name, "flapping": subject.flapping}
    summary = summarise(rule.summary, subject.device, facts)
    told = replace(pending, value=breach.value, summary=summary)
    return told.fire(now) if due else told


def _opened(rule: Rule, subject: Subject, breach: Breached) -> Alert:
    return Alert(
        rule=rule.name,
        device=subject.device.id,
        kind=subject.device.kind,
        area=subject.device.area,
        severity=rule.severity,
        state=AlertState.PENDING,
        starts_at=breach.since,
        evidence_at=breach.at,
    )


def _upheld(pending: Alert, breach: Breached, trusted_for: timedelta) -> Alert:
    """The same alert with newer evidence; begun anew where we saw nothing for too long to say that it held."""
    if breach.at - pending.evidence_at > trusted_for:
        return replace(pending, starts_at=breach.since, evidence_at=breach.at)
    if breach.at > pending.evidence_at:
        return replace(pending, evidence_at=breach.at)
    return pending
