"""Too large a part of a group is down, or beyond a bound."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import Field, FiniteFloat

from alerts.rules.bounded import Bounded, NoData, unknown_metric
from alerts.rules.subject import Subject
from alerts.rules.terms import Template
from alerts.rules.verdict import Breached, Cleared, Verdict
from devices.device import Device
from devices.state import Mark, State

# What a group is made by: its members have it in common.
By: TypeAlias = Annotated[str, Field(pattern=r"^(kind|area|attributes\.[A-Za-z0-9_]{1,64})$")]
GROUP = "group"
ALL = "all"


class Ratio(Bounded):
    """More than `above` of a group, or less than `below`: of its members that are down by themselves; with a `metric`,
    of those whose newest reading is beyond `each_below` or `each_above`.

    Who cannot be judged counts on neither side: unknown, unreachable, in maintenance, without a fresh reading. With
    fewer than `least` others it says nothing. The subject is the group: group:<kind or all>:<area or all>.
    """

    speaks_of_health: ClassVar[bool] = False
    facts: ClassVar[tuple[str, ...]] = ("bad", "of")

    kind: Literal["ratio"]
    by: tuple[By, ...] = ()
    least: Annotated[int, Field(ge=1, le=100_000)] = 3
    metric: str | None = None
    each_below: FiniteFloat | None = None
    each_above: FiniteFloat | None = None
    summary: Template = "{{ device.name }}: {{ rule }}, {{ bad | int }} dari {{ of | int }}"

    def faults(self) -> Iterator[str]:
        yield from super().faults()
        bounds = (self.each_below is not None) + (self.each_above is not None)
        if self.metric is None and bounds:
            yield "metric is missing: each_below and each_above are about one"
        if self.metric is not None:
            yield from unknown_metric(self, self.metric)
            if bounds != 1:
                yield "give either each_below or each_above beside metric"
        if not all(bound is None or 0 <= bound <= 1 for bound in (self.below, self.above, self.clear)):
            yield "above, below and clear are shares, from 0 to 1"
        if self.no_data is not NoData.KEEP:
            yield "no_data: a group without data stays as it was; a rule of kind silence tells of silent members"

    def group_of(self, device: Device) -> Device:
        """The group that a device belongs to, as the subject that alerts are about."""
        kind = device.kind if "kind" in self.by else _only(self.match.kind)
        area = device.area if "area" in self.by else _only(self.match.area)
        more = [
            f"{by.removeprefix('attributes.')}={device.attributes.get(by.removeprefix('attributes.'), '')}"
            for by in self.by
            if by.startswith("attributes.")
        ]
        name = ", ".join(filter(None, (kind, area, *more))) or ALL
        id_ = ":".join((GROUP, kind or ALL, area or ALL, *more))
        return Device(id=id_, kind=kind or GROUP, name=name, area=area or "")

    def judge(self, subject: Subject, now: datetime, *, fired: bool) -> Verdict:
        known = [(bad, at) for member in subject.members for bad, at in self._member(member, now)]
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
        standing = member.standing
        if standing is None or standing.state in (State.UNKNOWN, State.UNREACHABLE):
            return
        if Mark.MAINTENANCE in standing.marks or not member.confirmed:
            return
        if self.metric is None:
            yield standing.state is State.DOWN, standing.since
            return
        newest = member.readings.get(self.metric)
        if newest is not None and now <= newest.at + self._trusted_for(member):
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


def _only(values: tuple[str, ...] | None) -> str:
    return values[0] if values is not None and len(values) == 1 else ""
