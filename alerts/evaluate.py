"""Pure: what a rule makes of a device's readings, and what becomes of the alert."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeAlias, assert_never

from alerts.alert import Alert, EndReason, State
from alerts.rule import Rule, Silence, Threshold
from alerts.summary import summarise
from devices.device import Device
from devices.state import SILENT_INTERVALS


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """A newest value. `at` is its event time, capped by its receipt: a clock that runs ahead proves nothing."""

    value: float
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A device and the newest reading of each of its metrics."""

    device: Device
    interval_seconds: float
    readings: Mapping[str, Observed]
    last_seen: datetime | None

    @property
    def trusted_for(self) -> timedelta:
        """How long a reading speaks for the present; after that it is the past."""
        return timedelta(seconds=SILENT_INTERVALS * self.interval_seconds)


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


# None: the readings decide nothing, and what was stays.
Verdict: TypeAlias = Breached | Cleared | None


def evaluate(rule: Rule, subject: Subject, alert: Alert | None, now: datetime) -> Alert | None:
    """The open alert after this look, itself where nothing changed, or None where there is none.

    `alert` is the open alert of this rule and device. Where the answer is resolved, it has just ended.
    """
    verdict = judge(rule, subject, now, fired=alert is not None and alert.fired)
    if isinstance(verdict, Breached):
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
        case _:
            assert_never(rule)


def _silence(rule: Silence, subject: Subject, now: datetime) -> Verdict:
    """A device never heard from is unknown, not silent."""
    seen = subject.last_seen
    if seen is None:
        return None
    deadline = seen + rule.allowed(subject.interval_seconds)
    if now > deadline:
        return Breached(since=deadline, at=seen, value=(now - seen) // timedelta(seconds=1))
    return Cleared(at=seen)


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
    summary = summarise(rule.summary, device=subject.device, value=breach.value, rule=rule.name)
    told = replace(pending, value=breach.value, summary=summary)
    return told.fire(now) if due else told


def _opened(rule: Rule, subject: Subject, breach: Breached) -> Alert:
    return Alert(
        rule=rule.name,
        device=subject.device.id,
        kind=subject.device.kind,
        area=subject.device.area,
        severity=rule.severity,
        state=State.PENDING,
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
