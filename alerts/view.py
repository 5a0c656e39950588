"""Pure: the city as the engine knows it between two looks, so that a look reads only what changed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from alerts.alert import Alert, Severity
from alerts.asked import NOBODY, Asked, asked_of
from alerts.failures import Failures
from alerts.groups import Group, Groups
from alerts.held import CONTROL_ROOM, MAINTENANCE, HeldBack
from alerts.incidents.words import Language
from alerts.measurements import Measurements
from alerts.occurrences import Occurred, Occurrences
from alerts.rules.derived import Derived
from alerts.rules.kinds import Rule
from alerts.rules.subject import NOTHING, Subject
from alerts.states.evidence import Heard, Observed
from alerts.states.ledger import Ledger
from alerts.states.ourselves import Suspicion, Verdict
from alerts.states.settings import StateSettings
from alerts.states.standing import Moved
from devices.device import Device
from devices.kinds import KINDS
from devices.state import Limits, Mark, Reason, State

# A group is looked at from outside, so it cannot fall silent by itself.
OF_A_GROUP = Limits(interval_seconds=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Newest:
    """A row of `latest`, with the names of its series."""

    device: str
    metric: str
    value: float
    at: datetime
    delay_seconds: float = 0.0


@dataclass(slots=True)
class View:
    """Devices with their evidence and standing, and which rules ask about which device.

    It lives as long as one run of the engine: after any failure a new one is read whole, so it cannot drift.
    `unjudged` are the devices that changed since the last judgement, `unconfirmed` those that wait to be confirmed.
    """

    rules: Sequence[Rule]
    settings: StateSettings = field(default_factory=StateSettings)
    language: Language = "id"
    heard: Heard = field(default_factory=Heard)
    occurrences: Occurrences = field(default_factory=Occurrences)
    measurements: Measurements = field(default_factory=Measurements)
    failures: Failures = field(default_factory=Failures)
    held: HeldBack = field(default_factory=HeldBack)
    devices: dict[str, Device] = field(default_factory=dict)
    asked: dict[str, Asked] = field(default_factory=dict)
    groups: Groups = field(default_factory=Groups)
    unjudged: set[str] = field(default_factory=set)
    unconfirmed: set[str] = field(default_factory=set)
    verdict: Verdict | None = None
    ledger: Ledger = field(init=False)

    def __post_init__(self) -> None:
        suspicion = Suspicion(self.settings.ourselves)
        self.ledger = Ledger(settings=self.settings, suspicion=suspicion, heard=self.heard)

    def learn_devices(self, devices: Iterable[Device]) -> None:
        """The whole registry anew. A kind that no longer exists has no interval, so its devices are not judged."""
        self.devices = {device.id: device for device in devices if device.kind in KINDS}
        self.ledger.learn_devices(list(self.devices.values()))
        self._ask_anew()

    def learn_rules(self, rules: Sequence[Rule]) -> None:
        """All rules anew."""
        self.rules = rules
        self._ask_anew()

    def _ask_anew(self) -> None:
        self.asked = asked_of(self.devices.values(), self.rules)
        self.groups.learn(self.devices, self.asked)
        self.measurements.learn_rules([rule for rule in self.rules if isinstance(rule, Derived)], self.asked)
        self.unjudged = set(self.devices)

    def learn_readings(self, rows: Iterable[Newest]) -> None:
        """Rows that changed; one that comes a second time changes nothing."""
        touched = set()
        for row in rows:
            observed = Observed(value=row.value, at=row.at, failed=self._failed(row), delay_seconds=row.delay_seconds)
            self.heard.readings.setdefault(row.device, {})[row.metric] = observed
            touched.add(row.device)
            if derived := self.asked.get(row.device, NOBODY).derived.get(row.metric):
                self.measurements.news(row.device, derived)
        self.touch(touched)

    def learn_events(self, rows: Iterable[Occurred]) -> None:
        self.touch(self.occurrences.learn(rows))

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

    def ended(self, alert: Alert) -> None:
        """Somebody else ended this alert. Whether what it told of goes on is judged anew; an event does not."""
        key = (alert.rule, alert.device)
        self.occurrences.spend(key, alert.evidence_at)
        self.groups.again(key)
        self.measurements.again(*key)
        self.unjudged |= self.devices.keys() & {alert.device}

    def judge_states(self, now: datetime) -> list[Moved]:
        """Every standing that is another now; then whether it is us, and what that makes of the standings."""
        moved = self.ledger.judge(now)
        if self.ledger.suspicion.suspect(self.ledger.spoke, self.verdict, now):
            self.ledger.touch_all()
            moved += self.ledger.judge(now)
        self.unjudged.update(one.device for one in moved)
        return moved

    def warned(self, alerts: Iterable[Alert]) -> dict[str, tuple[str, ...]]:
        """Which rules make which device degraded: those that hold and speak of how it is, not of whether it is."""
        speaking = {rule.name for rule in self.rules if rule.speaks_of_health}
        warned: dict[str, tuple[str, ...]] = {}
        for alert in alerts:
            if alert.fired and alert.severity is not Severity.INFO and alert.rule in speaking:
                warned[alert.device] = tuple(sorted((*warned.get(alert.device, ()), alert.rule)))
        return warned

    def asks(self, rule: str, device: str) -> bool:
        """Whether a rule of this name asks about this device, or this group."""
        return rule in self.asked.get(device, NOBODY).by_name or (rule, device) in self.groups.known

    def subject(self, device: str, now: datetime) -> Subject:
        ledger = self.ledger
        standing = ledger.standings[device]
        down = standing.state is State.DOWN
        undecided = down and ledger.suspicion.undecided(self.verdict, now)
        return Subject(
            device=self.devices[device],
            limits=ledger.limits[device],
            readings=self.heard.readings.get(device, NOTHING),
            last_seen=self.heard.last_seen(device),
            standing=standing,
            confirmed=not down or (not undecided and ledger.confirmed(device, now)),
            held_by=self.held_by(device),
            seeing_since=ledger.seeing_since,
            seen_until=ledger.seen_until,
            measured=self.measurements.values,
            events=self.occurrences.newest.get(device, NOTHING),
            spent=self.occurrences.spent.get(device, NOTHING),
        )

    def group_subject(self, group: Group, now: datetime) -> Subject:
        members = [self.subject(device, now) for device in group.members]
        return Subject(device=group.subject, limits=OF_A_GROUP, members=members)

    def held_by(self, device: str) -> str | None:
        """Why nobody is to be paged for a device of the registry now; see Subject."""
        standing = self.ledger.standings[device]
        if standing.cause is not None:
            return standing.cause
        if standing.reason is Reason.BLIND and self.ledger.suspicion.cut_off and not self.ledger.blind:
            return CONTROL_ROOM
        return MAINTENANCE if Mark.MAINTENANCE in standing.marks and standing.state is not State.UNKNOWN else None
