"""Something happened once: a panic button, a last gasp, a door."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import Field, ValidationInfo, field_validator

from alerts.duration import Duration
from alerts.rules.subject import Subject
from alerts.rules.terms import Template, Terms
from alerts.rules.verdict import Breached, Cleared, Verdict

EventType: TypeAlias = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]


class Event(Terms):
    """An event of type `event`, heard when it was no older than `max_age`.

    It is over after `keep_firing_for` without another, or when an event of type `clear_event` is not older. An event
    of which an alert came and went raises no other, whoever ended that.
    """

    speaks_of_health: ClassVar[bool] = False
    keeps_by_itself: ClassVar[bool] = True
    renews: ClassVar[bool] = True

    kind: Literal["event"]
    event: EventType
    clear_event: EventType | None = None
    max_age: Annotated[Duration, Field(validate_default=True)] = timedelta(minutes=5)
    keep_firing_for: Duration = timedelta(minutes=10)
    summary: Template = "{{ device.name }}: {{ rule }}"

    @field_validator("clear_event")
    @classmethod
    def _another(cls, clear_event: str | None, info: ValidationInfo) -> str | None:
        if clear_event is not None and clear_event == info.data.get("event"):
            raise ValueError("must be another type than event")
        return clear_event

    @field_validator("max_age")
    @classmethod
    def _longer_than_for(cls, max_age: timedelta, info: ValidationInfo) -> timedelta:
        if info.data.get("hold", timedelta()) >= max_age:
            raise ValueError("must be longer than for: an event older than that raises nothing")
        return max_age

    @property
    def types(self) -> Iterator[str]:
        """The types of events that it must hear of."""
        yield self.event
        if self.clear_event is not None:
            yield self.clear_event

    @property
    def memory(self) -> timedelta:
        """How old an event may be and still matter."""
        return self.max_age + self.keep_firing_for

    def judge(self, subject: Subject, now: datetime, *, fired: bool) -> Verdict:
        at = subject.events.get(self.event)
        if at is None:
            return None
        cleared = subject.events.get(self.clear_event) if self.clear_event is not None else None
        if cleared is not None and cleared >= at:
            return Cleared(at=cleared)
        if fired:
            over = at + self.keep_firing_for
            return Cleared(at=over) if now >= over else Breached(since=at, at=at)
        spent = subject.spent.get(self.name)
        old = now > at + self.max_age or (spent is not None and at <= spent)
        return Cleared(at=at) if old else Breached(since=at, at=at)
