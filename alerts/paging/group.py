"""Pure: alerts that are told together, and when there is something to tell of them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum

from alerts.alert import Alert, Severity, State
from alerts.paging.route import Receiver, Terms

EARLIEST = datetime.min.replace(tzinfo=UTC)


class Told(StrEnum):
    """What the receiver of a group was last told of one of its alerts."""

    NOTHING = "nothing"
    FIRING = "firing"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """An alert within a group. `silenced`: somebody wants nobody to be told that it fires."""

    alert: Alert
    told: Told = Told.NOTHING
    silenced: bool = False

    @property
    def untold(self) -> bool:
        """It fires, and a message of now says so. Neither pending nor over: what ended before it was told never is."""
        return self.alert.fired and self.told is Told.NOTHING and not self.silenced

    @property
    def news(self) -> bool:
        """It is worth a message: nobody is told for its own sake of what somebody has taken already."""
        return self.untold and self.alert.state is State.FIRING

    @property
    def hushed(self) -> bool:
        """It would be told, or told again and escalated, were it not silenced: when the silence ends it is."""
        return self.alert.fired and self.silenced

    @property
    def ended(self) -> bool:
        """It is over, and who heard that it fired must hear that too, whatever silences it."""
        return self.alert.state is State.RESOLVED and self.told is Told.FIRING

    @property
    def going_on(self) -> bool:
        return self.alert.fired and self.told is Told.FIRING

    @property
    def unanswered(self) -> bool:
        return self.going_on and self.alert.state is State.FIRING and not self.silenced


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A row of page_group. `key` are the labels that its alerts share; `sequence` is the number of its last message."""

    id: int
    receiver: Receiver
    key: Mapping[str, str]
    terms: Terms
    members: tuple[Member, ...] = ()
    told_at: datetime | None = None
    sequence: int = 0

    @property
    def speaks_of(self) -> tuple[Alert, ...]:
        """What a message of now is about: all that fires and may be told, and what ended since the last."""
        told = [one.alert for one in self.members if one.untold or one.going_on or one.ended]
        return tuple(sorted(told, key=lambda alert: (alert.state is State.RESOLVED, alert.starts_at, alert.id or 0)))

    @property
    def has_news(self) -> bool:
        """Whether a message of now would say what the last did not."""
        return any(one.news or one.ended for one in self.members)

    @property
    def over(self) -> bool:
        """Nothing of it fires, whether or not anybody was told."""
        return not any(one.alert.fired for one in self.members)

    @property
    def acknowledged(self) -> bool:
        """Somebody has taken on all that was told and still fires."""
        return not any(one.alert.state is State.FIRING and not one.silenced for one in self.members)

    def due_at(self) -> datetime | None:
        """The moment of the next message, perhaps past; None while there is nothing to tell."""
        moments = [moment for moment in (self._news(), self._end(), self._reminder()) if moment is not None]
        return min(moments, default=None)

    def _news(self) -> datetime | None:
        news = [one.alert for one in self.members if one.news]
        if not news:
            return None
        first = min(filter(None, (alert.fired_at for alert in news)))
        if any(alert.severity is Severity.CRITICAL for alert in news):
            return first
        return first + self.terms.wait if self.told_at is None else self.told_at + self.terms.interval

    def _end(self) -> datetime | None:
        """The end of the whole is good news that cannot be followed by better: it waits for nothing, nor for a clock
        that was set back behind the last message.
        """
        if self.told_at is None or not any(one.ended for one in self.members):
            return None
        return EARLIEST if self.over else self.told_at + self.terms.interval

    def _reminder(self) -> datetime | None:
        if self.told_at is None or not any(one.unanswered for one in self.members):
            return None
        return self.told_at + self.terms.repeat

    def told(self, now: datetime) -> "Group":
        """The group once its message of now is written."""
        return replace(
            self,
            told_at=now,
            sequence=self.sequence + 1,
            members=tuple(replace(one, told=_told(one)) for one in self.members),
        )


def _told(member: Member) -> Told:
    if member.untold:
        return Told.FIRING
    return Told.RESOLVED if member.ended else member.told
