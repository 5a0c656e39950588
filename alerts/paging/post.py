"""Pure: whether a message to a person goes out now, by which of the person's contacts, or waits for a digest."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from alerts.alert import Severity
from alerts.notify.page import Page
from alerts.oncall.technician import Technician
from alerts.paging.budget import free_at
from alerts.paging.ladder import next_rung


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One of a person's contacts, by its number."""

    number: int
    channel: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A message for the outbox. `rung` is None for a channel of its own, `step` for what no policy called for."""

    group_id: int | None
    channel: str
    page: Page
    technician: str | None = None
    address: str | None = None
    rung: int | None = None
    step: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A message that waits for the person's next digest."""

    technician: str
    group_id: int
    severity: Severity
    status: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stuck:
    """A message to a person that was not delivered in time; `group_id` is None of a digest and of a brief."""

    id: int
    group_id: int | None
    technician: str
    rung: int
    step: int | None
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A row of held_page that no digest has told yet."""

    id: int
    technician: str
    severity: Severity
    status: str
    title: str
    at: datetime


@dataclass(slots=True, kw_only=True)
class Post:
    """How people are reached now. It counts what goes out, so that what is written at once obeys the budget too.

    `channels` are those of the settings, `working` those of them that do not fail.
    """

    now: datetime
    channels: Collection[str]
    working: Collection[str]
    sent: defaultdict[tuple[str, str], list[datetime]] = field(default_factory=lambda: defaultdict(list))

    def rung(self, technician: Technician, *, after: int = -1) -> Rung | None:
        """The next contact that can be tried; where every channel fails, the next one all the same. None: no more."""
        number = next_rung(technician.contacts, self.working, after=after)
        if number is None:
            number = next_rung(technician.contacts, self.channels, after=after)
        if number is None:
            return None
        contact = technician.contacts[number]
        return Rung(number=number, channel=contact.channel, address=contact.address)

    def goes(self, technician: Technician, channel: str, *, urgent: bool) -> bool:
        """Whether a message of now may go. What is urgent disturbs quiet hours, and takes the budget's last place."""
        if not urgent and technician.quiet is not None and technician.quiet.covers(self.now):
            return False
        return free_at(self.sent[technician.id, channel], self.now, urgent=urgent) <= self.now

    def count(self, technician: str, channel: str) -> None:
        self.sent[technician, channel].append(self.now)
