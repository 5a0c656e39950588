"""An alert: one rule that does not hold for one device, from first sign to end. Pure; dashboards import this."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any


class Severity(StrEnum):
    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"


class State(StrEnum):
    PENDING = "pending"
    FIRING = "firing"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


class EndReason(StrEnum):
    """Why an alert ended."""

    CLEARED = "cleared"
    RULE_REMOVED = "rule-removed"
    DEVICE_REMOVED = "device-removed"
    UNMATCHED = "unmatched"  # rule and device both exist, but the one no longer asks about the other
    HELD_BACK = "held-back"  # before anybody was told, what it hangs on failed too
    BY_HAND = "by-hand"  # somebody said so; where it is not so, the next look opens another one


# The only place that says what may follow what. Resolved is final: the next trouble is a new alert.
LEGAL: Mapping[State, frozenset[State]] = MappingProxyType(
    {
        State.PENDING: frozenset({State.FIRING, State.RESOLVED}),
        State.FIRING: frozenset({State.ACKNOWLEDGED, State.RESOLVED}),
        State.ACKNOWLEDGED: frozenset({State.FIRING, State.RESOLVED}),
        State.RESOLVED: frozenset(),
    }
)


class IllegalTransitionError(Exception):
    """An alert was asked to take a state that may not follow the one it is in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One row of table alert; (rule, device) identifies it while it is open.

    `starts_at`, `evidence_at` and `ends_at` are event times, never later than the receipt of what they rest on.
    `evidence_at` is the newest reading that upheld the alert while it was pending. `fired_at` is our own clock's, and
    None for an alert that never paged anybody. `id` is None until stored, `incident_id` until it fires. `labels` sort
    it, beside those that identify it; `annotations` are for people: `description`, `runbook_url` among them.
    `well_since`: since when its evidence is in order, while it is kept firing none the less.
    """

    id: int | None = None
    rule: str
    device: str
    kind: str
    area: str
    severity: Severity
    state: State = State.PENDING
    starts_at: datetime
    evidence_at: datetime
    fired_at: datetime | None = None
    ends_at: datetime | None = None
    end_reason: EndReason | None = None
    value: float | None = None
    summary: str = ""
    incident_id: int | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    well_since: datetime | None = None

    @property
    def fired(self) -> bool:
        """Whether it holds and was told: firing, or acknowledged."""
        return self.state in (State.FIRING, State.ACKNOWLEDGED)

    def may_become(self, state: State) -> bool:
        return state in LEGAL[self.state]

    def fire(self, at: datetime) -> "Alert":
        return self._become(State.FIRING, fired_at=at)

    def acknowledge(self, at: datetime, by: str) -> "Alert":
        """Somebody has taken it, at a moment that is not before it fired."""
        return self._become(State.ACKNOWLEDGED, acknowledged_at=at, acknowledged_by=by)

    def give_back(self) -> "Alert":
        """Nobody has taken it any more."""
        return self._become(State.FIRING, acknowledged_at=None, acknowledged_by=None)

    def resolve(self, at: datetime, reason: EndReason) -> "Alert":
        """Ended at event time `at`, or where late evidence puts the end before the start, at the start."""
        return self._become(State.RESOLVED, ends_at=max(at, self.starts_at), end_reason=reason)

    def _become(self, state: State, **changes: Any) -> "Alert":  # noqa: ANN401  fields of several types
        if not self.may_become(state):
            raise IllegalTransitionError(f"alert {self.rule} on {self.device}: {self.state} cannot become {state}")
        return replace(self, state=state, **changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """An alert before and after one judgement; `before` is None for one that has just opened."""

    before: Alert | None
    after: Alert

    @property
    def moves(self) -> bool:
        """Whether the state is another one; where not, only the evidence is newer."""
        return self.before is None or self.before.state is not self.after.state

    @property
    def tells(self) -> bool:
        """Whether people hear of it: it began to fire, or something they were told of is over."""
        if self.after.state is State.FIRING:
            return self.before is None or self.before.state is State.PENDING
        return self.after.state is State.RESOLVED and self.before is not None and self.before.fired
