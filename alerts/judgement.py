"""Pure: a round of all rules over the view: whose turn it is, and what becomes of their alerts."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from alerts.alert import Alert, Change, EndReason, State
from alerts.asked import NOBODY
from alerts.blindness import CONTROL_ROOM_RULE, judge_ourselves
from alerts.evaluate import Held, evaluate
from alerts.held import Key
from alerts.rules.kinds import Rule
from alerts.rules.subject import Subject
from alerts.rules.terms import Terms
from alerts.states.alarm_clock import AlarmClock
from alerts.view import View

Alerts = Mapping[Key, Alert]
# The rule of an alert that was sent to us is not ours to judge: PROGRAM:NAME. No rule of ours has a colon.
SENT = ":"


@dataclass(slots=True)
class Judgement:
    """Remembers whom to look at again when time alone may have changed something."""

    view: View
    _clock: AlarmClock = field(default_factory=AlarmClock)

    def round(self, alerts: Alerts, now: datetime) -> list[Change]:
        """What becomes of the open alerts and what opens, given everything learnt so far."""
        view = self.view
        changes = [*self._orphans(alerts, now), *judge_ourselves(view.ledger, alerts.get(CONTROL_ROOM_RULE), now)]
        due = self._due(alerts, now)
        view.unconfirmed = set()
        for device, rules in due.items():
            subject = view.subject(device, now)
            if not subject.confirmed:
                view.unconfirmed.add(device)
            for rule in rules.values():
                changes += self._follow(rule, subject, alerts.get((rule.name, device)), now)
        for group in view.groups.take_due(now):
            alert = alerts.get((group.rule.name, group.subject.id))
            changes += self._follow(group.rule, view.group_subject(group, now), alert, now)
        view.unjudged = set()
        return changes

    def _follow(self, rule: Terms, subject: Subject, before: Alert | None, now: datetime) -> Iterator[Change]:
        key, held = (rule.name, subject.device.id), self.view.held
        self._clock.wake(subject.device.id, rule.due(subject))
        after = self._evaluated(rule, subject, before, now)
        if isinstance(after, Held):
            held.hold(key, after.cause, now)
            after = None if before is None else before.resolve(now, EndReason.HELD_BACK)
        elif key in held.now_held:
            held.release(key, now)
        if after is not None and after is not before and after != before:
            if after.state is State.RESOLVED:
                self.view.occurrences.spend(key, after.evidence_at)
            yield Change(before=before, after=after)

    def _evaluated(self, rule: Terms, subject: Subject, before: Alert | None, now: datetime) -> Alert | Held | None:
        """A rule that fails leaves everything as it was, and the others go on."""
        try:
            return evaluate(rule, subject, before, now)
        except Exception as fault:  # noqa: BLE001  whatever it is, the others go on
            self.view.failures.note(rule.name, subject.device.id, fault)
            return before

    def _due(self, alerts: Alerts, now: datetime) -> dict[str, dict[str, Rule]]:
        """By device and name the rules whose verdict may be a new one: the device changed, a value of its was reckoned
        anew, or there is an open alert.
        """
        view = self.view
        changed = (view.unjudged | view.unconfirmed | self._clock.ring(now)) & view.devices.keys()
        due: dict[str, dict[str, Rule]] = {}
        for device in sorted(changed):
            standing, asked = view.ledger.standings[device], view.asked[device]
            well = standing.alive and not standing.marks
            due[device] = dict(asked.of_all if well else asked.direct)
        view.groups.touch(changed)
        for name, devices in view.measurements.take_fresh().items():
            self._add(due, ((name, device) for device in devices))
        self._add(due, (key for key in view.held.now_held if key[1] in changed))
        self._add(due, alerts)
        return due

    def _add(self, due: dict[str, dict[str, Rule]], keys: Iterable[Key]) -> None:
        for name, device in keys:
            rule = self.view.asked.get(device, NOBODY).by_name.get(name)
            if rule is not None:
                due.setdefault(device, {})[name] = rule
            else:
                self.view.groups.touch_group((name, device))

    def _orphans(self, alerts: Alerts, now: datetime) -> Iterator[Change]:
        """Open alerts that no rule asks about any more: they end now, for that reason. So does what is held back."""
        view = self.view
        names = {rule.name for rule in view.rules}
        for key in [key for key in view.held.now_held if SENT not in key[0] and not view.asks(*key)]:
            view.held.release(key, now)
        for (rule, device), alert in alerts.items():
            if (rule, device) == CONTROL_ROOM_RULE or SENT in rule or view.asks(rule, device):
                continue
            if rule not in names:
                reason = EndReason.RULE_REMOVED
            elif device not in view.devices:
                reason = EndReason.DEVICE_REMOVED
            else:
                reason = EndReason.UNMATCHED
            yield Change(before=alert, after=alert.resolve(now, reason))
