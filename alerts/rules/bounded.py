"""A value with an event time, judged by a bound with a way back: what most kinds of rules come down to."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import FiniteFloat

from alerts.duration import Duration
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
    above: FiniteFloat | None = None
    clear: FiniteFloat | None = None
    no_data: NoData = NoData.KEEP
    max_age: Duration | None = None

    def faults(self) -> Iterator[str]:
        yield from super().faults()
        if (self.below is None) == (self.above is None):
            yield "give either below or above"
        elif self.clear is not None and self.breached(self.clear):
            yield "clear must lie on the healthy side of the bound"
        if self.max_age is not None and not self.max_age:
            yield "max_age must be longer than nothing"

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


def unknown_metric(rule: Terms, metric: str) -> Iterator[str]:
    """A metric that no device the rule may ask about has."""
    if not any(metric in KINDS[kind].metrics for kind in rule.match.kinds):
        kinds = " or ".join(rule.match.kind or ("kind of device",))
        yield f"no {kinds} has a metric {metric}"
