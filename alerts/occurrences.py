"""Pure: what happened once, and which of it has been told."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from alerts.held import Key


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurred:
    """An event. `at` is its event time, never later than its receipt."""

    device: str
    type: str
    at: datetime


@dataclass(slots=True)
class Occurrences:
    """By device, the newest event of each type; and by rule, up to which event an alert has come and gone."""

    newest: dict[str, dict[str, datetime]] = field(default_factory=dict)
    spent: dict[str, dict[str, datetime]] = field(default_factory=dict)

    def learn(self, rows: Iterable[Occurred]) -> set[str]:
        """The devices for which something is another thing now; what is older, or came twice, changes nothing."""
        touched = set()
        for row in rows:
            newest = self.newest.setdefault(row.device, {})
            if row.type not in newest or row.at > newest[row.type]:
                newest[row.type] = row.at
                touched.add(row.device)
        return touched

    def spend(self, key: Key, at: datetime) -> None:
        """An alert is over that rested on events up to `at`."""
        rule, device = key
        spent = self.spent.setdefault(device, {})
        spent[rule] = max(at, spent.get(rule, at))
