"""Pure: the groups of devices that rules are about, and whose turn it is to be judged."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from alerts.asked import Asked
from alerts.held import Key
from alerts.rules.grouped import Grouped
from devices.device import Device

# A group costs as much as all its members, so it is judged at most so often; and so often without any news, for a
# reading grows old by itself.
AT_MOST_EVERY, AT_LEAST_EVERY = timedelta(seconds=5), timedelta(seconds=60)


@dataclass(slots=True)
class Group:
    """The subject that alerts are about, the rule, and the ids of the members."""

    rule: Grouped
    subject: Device
    members: list[str] = field(default_factory=list)
    judged_at: datetime | None = None
    news: bool = True

    def due(self, now: datetime) -> bool:
        if self.judged_at is None or now < self.judged_at:
            return True
        return now - self.judged_at >= (AT_MOST_EVERY if self.news else AT_LEAST_EVERY)


@dataclass(slots=True)
class Groups:
    """By rule and id of the group."""

    known: dict[Key, Group] = field(default_factory=dict)
    _of: dict[str, list[Group]] = field(default_factory=dict)

    def learn(self, devices: Mapping[str, Device], asked: Mapping[str, Asked]) -> None:
        """Who belongs where, anew."""
        self.known, self._of = {}, {}
        for device, one in asked.items():
            for rule in one.groups:
                subject = rule.group_of(devices[device])
                group = self.known.setdefault((rule.name, subject.id), Group(rule=rule, subject=subject))
                group.members.append(device)
                self._of.setdefault(device, []).append(group)

    def touch(self, devices: Iterable[str]) -> None:
        """Something may be another thing with these members."""
        if self._of:
            for device in devices:
                for group in self._of.get(device, ()):
                    group.news = True

    def touch_group(self, key: Key) -> None:
        """There is an open alert on it, which waits for its time."""
        if key in self.known:
            self.known[key].news = True

    def again(self, key: Key) -> None:
        """It is to be judged in the next round."""
        if key in self.known:
            self.known[key].judged_at = None

    def take_due(self, now: datetime) -> list[Group]:
        """Those whose turn it is; they count as judged."""
        found = [group for group in self.known.values() if group.due(now)]
        for group in found:
            group.judged_at, group.news = now, False
        return found
