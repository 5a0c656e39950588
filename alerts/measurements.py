"""Pure: the values that rules have reckoned for devices, and whose are to be reckoned anew."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from alerts.asked import Asked
from alerts.rules.derived import Derived, Row
from alerts.rules.subject import Measured

# Devices that one statement is asked about, so that a city that has just begun to be watched makes no round a long one.
MOST_ASKED = 2_000
NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(slots=True)
class Measurements:
    """`values` by rule and device. What was reckoned lately waits in `_fresh` to be judged."""

    rules: Sequence[Derived] = ()
    values: dict[str, dict[str, Measured]] = field(default_factory=dict)
    _fresh: dict[str, set[str]] = field(default_factory=dict)
    _news: dict[str, set[str]] = field(default_factory=dict)
    _asked_at: dict[str, datetime] = field(default_factory=dict)

    def learn_rules(self, rules: Sequence[Derived], asked: Mapping[str, Asked]) -> None:
        """What is asked has changed. What was reckoned for a rule that is as it was stands, the rest is to be."""
        same = {rule.name for rule in rules if rule in self.rules}
        self.rules = rules
        for book in (self.values, self._fresh, self._news, self._asked_at):
            for name in book.keys() - same:
                del book[name]
        for name, values in self.values.items():
            for device in [one for one in values if one not in asked or name not in asked[one].by_name]:
                del values[device]
        for device, one in asked.items():
            derived = (rule for of_metric in one.derived.values() for rule in of_metric)
            self.news(device, [rule for rule in derived if device not in self.values.get(rule.name, ())])

    def news(self, device: str, rules: Iterable[Derived]) -> None:
        """A metric that these rules ask for has a newer reading."""
        for rule in rules:
            self._news.setdefault(rule.name, set()).add(device)

    def due(self, now: datetime) -> list[Derived]:
        """The rules whose turn it is, those first that were not asked for longest. A clock set back delays nobody."""
        found = []
        for rule in self.rules:
            asked_at = self._asked_at.get(rule.name)
            waits = asked_at is not None and asked_at <= now < asked_at + rule.cadence
            if not waits and self._news.get(rule.name):
                found.append(rule)
        return sorted(found, key=lambda rule: self._asked_at.get(rule.name, NEVER))

    def take(self, rule: Derived, now: datetime) -> list[str]:
        """The devices to be asked about; the rule counts as asked. Of too many, the rest has its turn next round."""
        devices = sorted(self._news.pop(rule.name, ()))
        rest = devices[MOST_ASKED:]
        if rest:
            self._news[rule.name] = set(rest)
        self._asked_at[rule.name] = now - rule.cadence if rest else now
        return devices[:MOST_ASKED]

    def learn(self, rule: Derived, devices: Sequence[str], rows: Iterable[Row]) -> None:
        """What the rows say of the devices that were asked about; of one without a row nothing is known."""
        found = {row["device"]: measured for row in rows if (measured := rule.measure(row)) is not None}
        values = self.values.setdefault(rule.name, {})
        for device in devices:
            if device in found:
                values[device] = found[device]
            else:
                values.pop(device, None)
        self._fresh.setdefault(rule.name, set()).update(devices)

    def again(self, rule: str, device: str) -> None:
        """What was reckoned is to be judged once more."""
        if device in self.values.get(rule, ()):
            self._fresh.setdefault(rule, set()).add(device)

    def take_fresh(self) -> dict[str, set[str]]:
        """Whose values were reckoned since the last time, by rule."""
        fresh, self._fresh = self._fresh, {}
        return fresh
