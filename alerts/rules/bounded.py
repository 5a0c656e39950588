"""A value with an event time, judged by a bound with a way back: what most kinds of rules come down to."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, Field, FiniteFloat, ValidationInfo, field_validator

from alerts.duration import Duration, from_to
from alerts.rules.subject import Measured, Subject
from alerts.rules.terms import Terms
from alerts.rules.verdict import Breached, Cleared, Verdict
from devices.kinds import KINDS
from devices.state import State


class NoData(StrEnum):
    """What becomes of the rule when its evidence is too old to be trusted."""

    OK = "ok"  # what was told is over
    ALERT = "alert"  # that there are none is told
    KEEP = "keep"  # it stays as it was


class Bounded(Terms):
    """A value below or above a bound. What was told ends at `clear`, on the healthy side; the bound unless given.

    Evidence is trusted for `max_age`; for as long as the device's silence is in order unless given. What was never
    measured decides nothing, whatever `no_data` says: not every device has every metric.
    """

    below: FiniteFloat | None = None
    above: Annotated[FiniteFloat | None, Field(validate_default=True)] = None
    clear: FiniteFloat | None = None
    no_data: NoData = NoData.KEEP
    max_age: Annotated[Duration, from_to("1ms", "30d")] | None = None

    @field_validator("above")
    @classmethod
    def _one_bound(cls, above: float | None, info: ValidationInfo) -> float | None:
        if "below" in info.data and (info.data["below"] is None) == (above is None):
            raise ValueError("give either below or above")
        return above

    @field_validator("clear")
    @classmethod
    def _healthy(cls, clear: float | None, info: ValidationInfo) -> float | None:
        below, above = info.data.get("below"), info.data.get("above")
        if clear is not None and ((below is not None and clear < below) or (above is not None and clear > above)):
            raise ValueError("clear must lie on the healthy side of the bound")
        return clear

    def breached(self, value: float) -> bool:
        """Beyond the bound; the bound itself is in order."""
        if self.below is not None:
            return value < self.below
        return self.above is not None and value > self.above

    def cleared(self, value: float) -> bool:
        """In order, and back at `clear` or better."""
        if self.clear is None:
            return not self.breached(value)
        return value >= self.clear if self.below is not None else value <= self.clear

    def weigh(self, found: Measured | None, subject: Subject, now: datetime, *, fired: bool) -> Verdict:
        """A value too old to be trusted neither raises nor ends anything, but as `no_data` says.

        What is measured of a device that is down is that it is down, which is told by another rule: all packets lost,
        no answer, the mean of both long after.
        """
        if found is None:
            return None
        if now > found.at + self.trusted_for(subject):
            return self._without_data(found, subject, now)
        if self.breached(found.value):
            if subject.state is State.DOWN and not fired:
                return None
            return Breached(since=found.at, at=found.at, value=found.value, facts=found.facts)
        if fired and not self.cleared(found.value):
            return None
        return Cleared(at=found.at)

    def data_end(self, found: Measured | None, subject: Subject) -> datetime | None:
        """When there are no data any more, for a rule that tells of it. While we could not see, nobody was heard."""
        if found is None or self.no_data is not NoData.ALERT:
            return None
        return self._data_end(found, subject)

    def _data_end(self, found: Measured, subject: Subject) -> datetime:
        return max(found.at, subject.seeing_since or found.at) + self.trusted_for(subject)

    def trusted_for(self, subject: Subject) -> timedelta:
        return subject.trusted_for if self.max_age is None else self.max_age

    def _without_data(self, found: Measured, subject: Subject, now: datetime) -> Verdict:
        """Our own blindness is never a device's lack of data."""
        end = self._data_end(found, subject)
        blind = subject.state is State.UNKNOWN or min(now, subject.seen_until or now) <= end
        if self.no_data is NoData.KEEP or blind:
            return None
        if self.no_data is NoData.OK:
            return Cleared(at=end)
        return Breached(since=end, at=end, no_data=True) if subject.confirmed else None


def _known_metric(metric: str, info: ValidationInfo) -> str:
    """One that some device has of which the rule may ask."""
    kinds = info.data["match"].kinds if "match" in info.data else KINDS
    if not any(metric in KINDS[kind].metrics for kind in kinds):
        raise ValueError(f"no {'kind of device' if kinds is KINDS else ' or '.join(kinds)} has a metric {metric}")
    return metric


MetricName: TypeAlias = Annotated[str, AfterValidator(_known_metric)]
