"""Pure: which alerts are held back at the moment, and why. What was held back is a fact of its own, never an alert."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

# Causes that are no device: work that was announced, and our own blindness.
MAINTENANCE = "maintenance"
CONTROL_ROOM = "control-room"

Key = tuple[str, str]  # rule, device


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppression:
    """A row of table suppression; `id` is None until stored, `until` while it lasts."""

    id: int | None = None
    rule: str
    device: str
    cause: str
    at: datetime
    until: datetime | None = None
    incident_id: int | None = None


@dataclass(slots=True)
class HeldBack:
    """What is held back now, by rule and device; `news` are those that began, changed their cause or ended."""

    now_held: dict[Key, Suppression] = field(default_factory=dict)
    news: dict[Key, Suppression] = field(default_factory=dict)

    def hold(self, key: Key, cause: str, now: datetime) -> None:
        """An alert is held back, perhaps as before; another cause is another fact."""
        known = self.now_held.get(key)
        if known is not None and known.cause == cause:
            return
        rule, device = key
        held = Suppression(rule=rule, device=device, cause=cause, at=now)
        if known is not None:
            held = replace(held, id=known.id, at=known.at)
        self.now_held[key] = self.news[key] = held

    def release(self, key: Key, now: datetime) -> None:
        """It is an alert now, or would be none any more."""
        known = self.now_held.pop(key, None)
        if known is not None:
            self.news[key] = replace(known, until=max(now, known.at))

    def belong(self, incidents: Mapping[str, int]) -> None:
        """Each to the open incident of its cause, as soon as there is one."""
        for key, held in self.now_held.items():
            incident = incidents.get(held.cause)
            if incident is not None and incident != held.incident_id:
                self.now_held[key] = self.news[key] = replace(held, incident_id=incident)

    def take_news(self) -> list[Suppression]:
        """Everything that is to be stored, once. One that ended before it was ever stored never was."""
        news, self.news = list(self.news.values()), {}
        return [held for held in news if held.id is not None or held.until is None]

    def stored(self, rows: Iterable[Suppression]) -> None:
        """Rows as they stand in the database now."""
        for row in rows:
            if row.until is None:
                self.now_held[row.rule, row.device] = row
