"""Pure: the city as the engine knows it between two looks, so that a look reads only what changed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from alerts.alert import Alert, Change, EndReason
from alerts.evaluate import Observed, Subject, evaluate
from alerts.rule import Rule
from devices.device import Device
from devices.kinds import KINDS

Key = tuple[str, str]  # rule, device: what identifies an open alert


@dataclass(frozen=True, slots=True, kw_only=True)
class Newest:
    """A row of `latest`, with the names of its series."""

    device: str
    metric: str
    value: float
    at: datetime


@dataclass(slots=True)
class View:
    """Devices with their newest readings, and which rules ask about which device.

    It lives as long as one run of the engine: after any failure a new one is read whole, so it cannot drift.
    `unjudged` are the devices that changed since the last judgement.
    """

    rules: Sequence[Rule]
    subjects: dict[str, Subject] = field(default_factory=dict)
    asked: dict[str, tuple[Rule, ...]] = field(default_factory=dict)
    readings: dict[str, dict[str, Observed]] = field(default_factory=dict)
    unjudged: set[str] = field(default_factory=set)

    def learn_devices(self, devices: Iterable[Device]) -> None:
        """The whole registry anew. A kind that no longer exists has no interval, so its devices are not judged."""
        known = {device.id: device for device in devices if device.kind in KINDS}
        self.asked = {
            id_: tuple(rule for rule in self.rules if rule.match.fits(device)) for id_, device in known.items()
        }
        self.subjects = {id_: _subject(device, self.readings.get(id_, {})) for id_, device in known.items()}
        self.unjudged = set(known)

    def learn_readings(self, rows: Iterable[Newest]) -> None:
        """Rows that changed; one that comes a second time changes nothing."""
        touched = set()
        for row in rows:
            self.readings.setdefault(row.device, {})[row.metric] = Observed(value=row.value, at=row.at)
            touched.add(row.device)
        for device in touched & self.subjects.keys():
            self.subjects[device] = _subject(self.subjects[device].device, self.readings[device])
            self.unjudged.add(device)

    def judge(self, alerts: Mapping[Key, Alert], now: datetime) -> list[Change]:
        """What becomes of the open alerts and what opens, given everything learnt so far."""
        changes = list(self._orphans(alerts, now))
        for device, rule in self._due(alerts):
            before = alerts.get((rule.name, device))
            after = evaluate(rule, self.subjects[device], before, now)
            if after is not None and after != before:
                changes.append(Change(before=before, after=after))
        self.unjudged = set()
        return changes

    def _due(self, alerts: Mapping[Key, Alert]) -> Iterator[tuple[str, Rule]]:
        """Pairs whose verdict may be a new one: a changed device, an open alert, or a rule that goes by the clock."""
        for device, rules in self.asked.items():
            for rule in rules:
                if rule.by_clock or device in self.unjudged or (rule.name, device) in alerts:
                    yield device, rule

    def _orphans(self, alerts: Mapping[Key, Alert], now: datetime) -> Iterator[Change]:
        """Open alerts that no rule asks about any more: they end now, for that reason."""
        names = {rule.name for rule in self.rules}
        for (rule, device), alert in alerts.items():
            if rule not in names:
                reason = EndReason.RULE_REMOVED
            elif device not in self.subjects:
                reason = EndReason.DEVICE_REMOVED
            elif all(asking.name != rule for asking in self.asked[device]):
                reason = EndReason.UNMATCHED
            else:
                continue
            yield Change(before=alert, after=alert.resolve(now, reason))


def _subject(device: Device, readings: Mapping[str, Observed]) -> Subject:
    return Subject(
        device=device,
        interval_seconds=KINDS[device.kind].interval_seconds,
        readings=dict(readings),
        last_seen=max((observed.at for observed in readings.values()), default=None),
    )
