"""Pure: what becomes of an alert, by what its rule makes of the evidence."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from alerts.alert import Alert, EndReason
from alerts.alert import State as AlertState
from alerts.rules.subject import Subject
from alerts.rules.terms import Terms
from alerts.rules.verdict import Breached, Cleared
from alerts.summary import LONGEST_ANNOTATION, LONGEST_LABEL, summarise
from devices.device import Device

NO_DATA = "{{ device.name }}: {{ rule }}, tidak ada data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """An alert that would have been, since event time `since`, and what holds it back."""

    cause: str
    since: datetime


def evaluate(rule: Terms, subject: Subject, alert: Alert | None, now: datetime) -> Alert | Held | None:
    """The open alert after this look, itself where nothing changed; None where there is none; or what is held back.

    `alert` is the open alert of this rule and device. Where the answer is resolved, it has just ended. Only what nobody
    was told of is held back: what was told is judged on, and its end is told.
    """
    fired = alert is not None and alert.fired
    verdict = rule.judge(subject, now, fired=fired)
    if isinstance(verdict, Breached):
        if subject.held_by is not None and not fired:
            return Held(cause=subject.held_by, since=verdict.since)
        return _breached(rule, subject, alert, verdict, now)
    if isinstance(verdict, Cleared) and alert is not None:
        return _cleared(alert, verdict, rule.lingers, now)
    return alert


def _cleared(alert: Alert, clear: Cleared, lingers: timedelta, now: datetime) -> Alert:
    """What was told is over when its evidence was in order for long enough; and it ended when that began."""
    since = clear.at if alert.well_since is None else alert.well_since
    if not alert.fired or now - since >= lingers:
        return replace(alert, well_since=None).resolve(since, EndReason.CLEARED)
    return alert if alert.well_since is not None else replace(alert, well_since=since)


def _breached(rule: Terms, subject: Subject, alert: Alert | None, breach: Breached, now: datetime) -> Alert:
    if alert is not None and alert.fired:
        return _goes_on(rule, alert, breach)
    pending = _opened(rule, subject, breach) if alert is None else _upheld(alert, breach, rule.trusted_for(subject))
    due = now - pending.starts_at >= rule.hold
    if pending is alert and not due:
        return alert
    told = replace(pending, value=breach.value, **_words(rule, subject, breach))
    return told.fire(now) if due else told


def _goes_on(rule: Terms, alert: Alert, breach: Breached) -> Alert:
    """What was told holds on: its own evidence is of no interest any more, but for a kind that says otherwise."""
    if alert.well_since is not None:
        alert = replace(alert, well_since=None)
    if rule.renews and breach.at > alert.evidence_at:
        alert = replace(alert, evidence_at=breach.at)
    return alert


def _words(rule: Terms, subject: Subject, breach: Breached) -> dict[str, Any]:
    """Summary, labels and annotations, by what is known at the moment."""
    template = NO_DATA if breach.no_data else rule.summary
    known = {"value": breach.value, "rule": rule.name, "flapping": subject.flapping}
    facts = known | dict(zip(rule.facts, breach.facts, strict=False))
    annotations = _rendered(rule.annotations, subject.device, facts, LONGEST_ANNOTATION)
    if rule.runbook_url is not None:
        annotations["runbook_url"] = rule.runbook_url
    return {
        "summary": summarise(template, subject.device, facts),
        "labels": _rendered(rule.labels, subject.device, facts, LONGEST_LABEL),
        "annotations": annotations,
    }


def _rendered(templates: Mapping[str, str], device: Device, facts: Mapping[str, Any], longest: int) -> dict[str, str]:
    return {name: summarise(template, device, facts, longest) for name, template in templates.items()}


def _opened(rule: Terms, subject: Subject, breach: Breached) -> Alert:
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
