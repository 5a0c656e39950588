"""Technicians: whom a page can reach, where, in which language, and when it had better wait. Pure."""

from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from alerts.incidents.words import Language
from alerts.oncall.wall_clock import wall_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """`channel` is the name of a [[channels]] entry; `address` a chat id, a phone number, a mail address, a topic."""

    channel: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """From `since` to `until` on the clocks of the zone, over midnight where `until` is the earlier of the two."""

    since: time
    until: time
    time_zone: str

    def covers(self, at: datetime) -> bool:
        clock = wall_at(at, ZoneInfo(self.time_zone)).time()
        if self.since < self.until:
            return self.since <= clock < self.until
        return clock >= self.since or clock < self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class Technician:
    """`contacts` in the order in which they are tried; `areas` are the kecamatan that the person covers."""

    id: str
    name: str
    contacts: tuple[Contact, ...]
    language: Language = "id"
    areas: frozenset[str] = frozenset()
    quiet: QuietHours | None = None
