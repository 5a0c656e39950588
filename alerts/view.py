"""Pure: the city as the engine knows it between two looks, so that a look reads only what changed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from alerts.alert import Alert, Change, EndReason, Severity
from alerts.blindness import CONTROL_ROOM_RULE, judge_ourselves
from alerts.evaluate import Held, Subject, evaluate, silence_ends
from alerts.held import CONTROL_ROOM, MAINTENANCE, HeldBack, Key
from alerts.incidents.words import Language
from alerts.rule import InState, Rule, Silence
from alerts.states.alarm_clock import AlarmClock
from alerts.states.evidence import Heard, Observed
from alerts.states.ledger import Ledger
from alerts.states.ourselves import Suspicion, Verdict
from alerts.states.settings import StateSettings
from alerts.states.standing import Moved
from devices.device import Device
from devices.kinds import KINDS
from devices.state import Mark, Reason, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Newest:
    """A row of `latest`, with the names of its series."""

    device: str
    metric: str
    value: float
    at: datetime


@dataclass(slots=True)
class View:
    """Devices with their evidence and standing, and which rules ask about which device.

    It lives as long as one run of the engine: after any failure a new one is read whole, so it cannot drift.
    `unjudged` are the devices that changed since the last judgement.
    """

    rules: Sequence[Rule]
    settings: StateSettings = field(default_factory=StateSettings)
    language: Language = "id"
    heard: Heard = field(default_factory=Heard)
    held: HeldBack = field(default_factory=HeldBack)
    devices: dict[str, Device] = field(default_factory=dict)
    asked: dict[str, tuple[Rule, ...]] = field(default_factory=dict)
    unjudged: set[str] = field(default_factory=set)
    unconfirmed: set[str] = field(default_factory=set)
    verdict: Verdict | None = None
    ledger: Ledger = field(init=False)
    _silences: AlarmClock = field(default_factory=AlarmClock)

    def __post_init__(self) -> None:
        suspicion = Suspicion(self.settings.ourselves)
        self.ledger = Ledger(settings=self.settings, suspicion=suspicion, heard=self.heard)

    def learn_devices(self, devices: Iterable[Device]) -> None:
        """The whole registry anew. A kind that no longer exists has no interval, so its devices are not judged."""
        self.devices = {device.id: device for device in devices if device.kind in KINDS}
        self.asked = {
            id_: tuple(rule for rule in self.rules if rule.match.fits(device)) for id_, device in self.devices.items()
        }
        self.ledger.learn_devices(list(self.devices.values()))
        self.unjudged = set(self.devices)

    def learn_readings(self, rows: Iterable[Newest]) -> None:
        """Rows that changed; one that comes a second time changes nothing."""
        touched = set()
        for row in rows:
            observed = Observed(value=row.value, at=row.at, failed=self._failed(row))
            self.heard.readings.setdefault(row.device, {})[row.metric] = observed
            touched.add(row.device)
        self.touch(touched)

    def _failed(self, row: Newest) -> bool:
        """Whether it is the result of a probe that was not answered."""
        device = self.devices.get(row.device)
        probe = KINDS[device.kind].probe if device is not None else None
        return probe is not None and (probe.metric, probe.failed) == (row.metric, row.value)

    def touch(self, devices: Iterable[str]) -> None:
        """Something was heard of these devices, or by them."""
        known = self.devices.keys() & set(devices)
        self.ledger.touch(known)
        self.unjudged |= known

    def judge_states(self, now: datetime) -> list[Moved]:
        """Every standing that is another now; then whether it is us, and what that makes of the standings."""
        moved = self.ledger.judge(now)
        if self.ledger.suspicion.suspect(self.ledger.spoke, self.verdict, now):
            self.ledger.touch_all()
            moved += self.ledger.judge(now)
        self.unjudged.update(one.device for one in moved)
        return moved

    def judge(self, alerts: Mapping[Key, Alert], now: datetime) -> list[Change]:
        """What becomes of the open alerts and what opens, given everything learnt so far."""
        changes = [*self._orphans(alerts, now), *judge_ourselves(self.ledger, alerts.get(CONTROL_ROOM_RULE), now)]
        due = list(self._due(alerts, now))
        self.unconfirmed = set()
        for device, rule in due:
            changes += self._follow(rule, device, alerts.get((rule.name, device)), now)
        self.unjudged = set()
        return changes

    def warned(self, alerts: Iterable[Alert]) -> dict[str, tuple[str, ...]]:
        """Which rules make which device degraded: those that hold and speak of how it is, not of whether it is."""
        speaking = {rule.name for rule in self.rules if not isinstance(rule, Silence | InState)}
        warned: dict[str, tuple[str, ...]] = {}
        for alert in alerts:
            if alert.fired and alert.severity is not Severity.INFO and alert.rule in speaking:
                warned[alert.device] = tuple(sorted((*warned.get(alert.device, ()), alert.rule)))
        return warned

    def _follow(self, rule: Rule, device: str, before: Alert | None, now: datetime) -> Iterator[Change]:
        subject = self._subject(device, now)
        after, key = evaluate(rule, subject, before, now), (rule.name, device)
        if isinstance(rule, Silence) and subject.last_seen is not None:
            self._silences.wake(device, silence_ends(rule, subject, subject.last_seen))
        if not subject.confirmed:
            self.unconfirmed.add(device)
        if isinstance(after, Held):
            self.held.hold(key, after.cause, now)
            after = None if before is None else before.resolve(now, EndReason.HELD_BACK)
        else:
            self.held.release(key, now)
        if after is not None and after != before:
            yield Change(before=before, after=after)

    def _subject(self, device: str, now: datetime) -> Subject:
        ledger = self.ledger
        standing = ledger.standings[device]
        down = standing.state is State.DOWN
        undecided = down and ledger.suspicion.undecided(self.verdict, now)
        return Subject(
            device=self.devices[device],
            limits=ledger.limits[device],
            readings=self.heard.readings.get(device, {}),
            last_seen=self.heard.last_seen(device),
            standing=standing,
            confirmed=not down or (not undecided and ledger.confirmed(device, now)),
            held_by=self._held_by(device),
            seeing_since=ledger.seeing_since,
            seen_until=ledger.seen_until,
        )

    def _held_by(self, device: str) -> str | None:
        standing = self.ledger.standings[device]
        if standing.cause is not None:
            return standing.cause
        if standing.reason is Reason.BLIND and self.ledger.suspicion.cut_off and not self.ledger.blind:
            return CONTROL_ROOM
        return MAINTENANCE if Mark.MAINTENANCE in standing.marks and standing.state is not State.UNKNOWN else None

    def _due(self, alerts: Mapping[Key, Alert], now: datetime) -> Iterator[tuple[str, Rule]]:
        """Pairs whose verdict may be a new one: of a device that changed, or waits, or has an open alert."""
        changed = (self.unjudged | self.unconfirmed | self._silences.ring(now)) & self.devices.keys()
        for device in sorted(changed):
            standing = self.ledger.standings[device]
            well = standing.alive and not standing.marks
            for rule in self.asked[device]:
                # Nothing can come of a state rule on who is up, unless something has come of it already.
                if not (well and isinstance(rule, InState)) or self._has_come_of(rule, device, alerts):
                    yield device, rule
        for name, device in alerts:
            if device in self.devices and device not in changed:
                yield from ((device, rule) for rule in self.asked[device] if rule.name == name)

    def _has_come_of(self, rule: Rule, device: str, alerts: Mapping[Key, Alert]) -> bool:
        key = (rule.name, device)
        return key in alerts or key in self.held.now_held

    def _orphans(self, alerts: Mapping[Key, Alert], now: datetime) -> Iterator[Change]:
        """Open alerts that no rule asks about any more: they end now, for that reason. So does what is held back."""
        names = {rule.name for rule in self.rules}
        for rule, device in [key for key in self.held.now_held if not self._asks(*key)]:
            self.held.release((rule, device), now)
        for (rule, device), alert in alerts.items():
            if (rule, device) == CONTROL_ROOM_RULE or self._asks(rule, device):
                continue
            if rule not in names:
                reason = EndReason.RULE_REMOVED
            elif device not in self.devices:
                reason = EndReason.DEVICE_REMOVED
            else:
                reason = EndReason.UNMATCHED
            yield Change(before=alert, after=alert.resolve(now, reason))

    def _asks(self, rule: str, device: str) -> bool:
        return any(asking.name == rule for asking in self.asked.get(device, ()))
