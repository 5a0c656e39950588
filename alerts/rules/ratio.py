"""Too large a part of a group is down, or beyond a bound."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import Field, FiniteFloat, ValidationInfo, field_validator

from alerts.rules.bounded import MetricName
from alerts.rules.grouped import Grouped, can_be_judged
from alerts.rules.subject import Subject
from alerts.rules.terms import Template
from alerts.rules.verdict import Breached, Cleared, Verdict
from devices.state import State

Share: TypeAlias = Annotated[FiniteFloat, Field(ge=0, le=1)]


class Ratio(Grouped):
    """More than `above` of a group, or less than `below`: of its members that are down by themselves; with a `metric`,
    of those whose newest reading is beyond `each_below` or `each_above`. Without a fresh one a member does not count.
    """

    facts: ClassVar[tuple[str, ...]] = ("bad", "of")

    kind: Literal["ratio"]
    below: Share | None = None
    above: Annotated[Share | None, Field(validate_default=True)] = None
    clear: Share | None = None
    metric: MetricName | None = None
    each_below: FiniteFloat | None = None
    each_above: Annotated[FiniteFloat | None, Field(validate_default=True)] = None
    summary: Template = "{{ device.name }}: {{ rule }}, {{ bad | int }} dari {{ of | int }}"

    @field_validator("each_above")
    @classmethod
    def _about_a_metric(cls, each_above: float | None, info: ValidationInfo) -> float | None:
        bounds = (info.data.get("each_below") is not None) + (each_above is not None)
        if "metric" in info.data and bounds != (info.data["metric"] is not None):
            raise ValueError("give metric with either each_below or each_above, or none of the three")
        return each_above

    def judge(self, subject: Subject, now: datetime, *, fired: bool) -> Verdict:
        judged = [member for member in subject.members if can_be_judged(member)]
        known = [(bad, at) for member in judged for bad, at in self._member(member, now)]
        if len(known) < self.least:
            return None
        falls = sorted(at for bad, at in known if bad)
        share = len(falls) / len(known)
        if self.breached(share):
            facts = (float(len(falls)), float(len(known)))
            return Breached(since=self._since(falls, known), at=now, value=share, facts=facts)
        if fired and not self.cleared(share):
            return None
        return Cleared(at=max(at for _, at in known))

    def _member(self, member: Subject, now: datetime) -> Iterator[tuple[bool, datetime]]:
        """Whether it is bad, and since when; nothing where that cannot be said."""
        if self.metric is None:
            if member.standing is not None:
                yield member.standing.state is State.DOWN, member.standing.since
            return
        newest = member.readings.get(self.metric)
        if newest is not None and now <= newest.at + self.trusted_for(member):
            yield self._beyond(newest.value), newest.at

    def _beyond(self, value: float) -> bool:
        if self.each_below is not None:
            return value < self.each_below
        return self.each_above is not None and value > self.each_above

    def _since(self, falls: list[datetime], known: list[tuple[bool, datetime]]) -> datetime:
        """When the member fell with which it was too many; for too few, when the last one came back."""
        if self.above is None:
            return max(at for _, at in known)
        return next(at for count, at in enumerate(falls, 1) if count / len(known) > self.above)
