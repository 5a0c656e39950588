"""Pure: an incident, and which alerts are one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from alerts.alert import Alert, Change, Severity
from alerts.held import CONTROL_ROOM
from alerts.states.standing import Standing

SEVERITIES = tuple(Severity)


class IncidentState(StrEnum):
    OPEN = "open"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """A row of table incident. `id` is None until stored. `place` and `affected` as the contract shows them."""

    id: int | None = None
    root: str
    area: str
    title: str
    severity: Severity
    opened_at: datetime
    cls: str = "unknown"
    place: Mapping[str, object] = field(default_factory=dict)
    affected: Mapping[str, object] = field(default_factory=dict)
    state: IncidentState = IncidentState.OPEN
    resolved_at: datetime | None = None

    def resolve(self, at: datetime) -> "Incident":
        return replace(self, state=IncidentState.RESOLVED, resolved_at=max(at, self.opened_at))


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What firing alerts make of the open incidents: new ones, those with another root now, those that went into it."""

    new: tuple[Incident, ...] = ()
    changed: tuple[Incident, ...] = ()
    into: Mapping[int, int] = field(default_factory=dict)


def gather(
    firing: Sequence[Alert],
    known: Mapping[str, Incident],
    standings: Mapping[str, Standing],
    window: timedelta,
    now: datetime,
) -> Gathered:
    """Firing alerts without an incident, brought to one each by their root.

    Where what failed first turns out to hang on what failed now, both within the window, it was one story from the
    beginning: its incident goes on under the new root.
    """
    new: dict[str, Incident] = {}
    changed: dict[str, Incident] = {}
    into: dict[int, int] = {}
    for alert in firing:
        root = root_of(alert.device, standings)
        incident = new.get(root) or changed.get(root) or known.get(root)
        if incident is None:
            earlier = [one for one in known.values() if _caused(one, root, standings) and now - one.opened_at <= window]
            earlier.sort(key=lambda one: (one.opened_at, one.id))
            if earlier:
                incident = replace(earlier[0], root=root, area=alert.area)
                into |= {one.id: earlier[0].id for one in earlier[1:] if one.id and earlier[0].id}
            else:
                incident = _opened(alert, root, now)
        worst = max(incident.severity, alert.severity, key=SEVERITIES.index)
        (new if incident.id is None else changed)[root] = replace(incident, severity=worst)
    return Gathered(
        new=tuple(new.values()),
        changed=tuple(one for one in changed.values() if one != known.get(one.root)),
        into=into,
    )


def root_of(device: str, standings: Mapping[str, Standing]) -> str:
    """The device that failed, for an alert on one that hangs on it; else the device itself."""
    standing = standings.get(device)
    return device if standing is None or standing.cause is None else standing.cause


def starting(changes: Iterable[Change]) -> list[Alert]:
    """Alerts that begin to fire with these changes."""
    return [change.after for change in changes if change.tells and change.after.fired]


def over(known: Iterable[Incident], open_alerts: Iterable[Alert], now: datetime) -> list[Incident]:
    """Incidents of which the last alert has resolved: they close by themselves."""
    going_on = {alert.incident_id for alert in open_alerts}
    return [incident.resolve(now) for incident in known if incident.id not in going_on]


def _caused(incident: Incident, root: str, standings: Mapping[str, Standing]) -> bool:
    standing = standings.get(incident.root)
    return standing is not None and standing.cause == root


def _opened(alert: Alert, root: str, now: datetime) -> Incident:
    area = "" if root == CONTROL_ROOM else alert.area
    return Incident(root=root, area=area, title=alert.summary, severity=alert.severity, opened_at=now)
