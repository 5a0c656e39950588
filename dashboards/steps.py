"""Pure: how finely a span is shown, so that nobody is ever sent more points than a screen has columns."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Literal, TypeAlias

POINTS_MAX = 2_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
MICROSECOND = timedelta(microseconds=1)
# Widths of several hours that divide a day, so that buckets begin at the same hours every day.
HOURS = (1, 2, 3, 4, 6, 8, 12, 24)


class Step(StrEnum):
    AUTO = "auto"
    RAW = "raw"
    FIVE_MINUTES = "5m"
    HOUR = "1h"


Shown: TypeAlias = Literal[Step.RAW, Step.FIVE_MINUTES, Step.HOUR]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to read, and how wide the shown buckets are: zero for raw readings."""

    step: Shown
    width: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """The first moment kept of a series, raw and rolled up, and its newest; None where nothing is kept."""

    first_raw: datetime | None
    first_5m: datetime | None
    first_1h: datetime | None
    newest: datetime | None

    def clip(self, start: datetime, end: datetime) -> tuple[datetime, datetime]:
        """The part of a span in which there can be readings: one from 1970 to 2999 is as wide as its data."""
        firsts = [first for first in (self.first_raw, self.first_5m, self.first_1h) if first is not None]
        if not firsts or self.newest is None:
            return start, start
        return max(start, min(firsts)), min(end, self.newest + MICROSECOND)

    def raw_reaches(self, start: datetime) -> bool:
        """Whether raw readings are kept from there on, or from the series' beginning."""
        return _reaches(self.first_raw, self.first_5m or self.first_1h, start, FIVE_MINUTES.width)

    def five_minutes_reach(self, start: datetime) -> bool:
        """Whether 5-minute roll-ups are; what is not yet rolled up is reckoned from raw readings."""
        firsts = [first for first in (self.first_raw, self.first_5m) if first is not None]
        return _reaches(min(firsts, default=None), self.first_1h, start, HOUR)


def _reaches(first: datetime | None, coarser: datetime | None, start: datetime, width: timedelta) -> bool:
    if first is None:
        return coarser is None
    return first <= start or coarser is None or floor(first, width) <= coarser


RAW = Plan(step=Step.RAW, width=timedelta())
FIVE_MINUTES = Plan(step=Step.FIVE_MINUTES, width=timedelta(minutes=5))
HOURLY = Plan(step=Step.HOUR, width=HOUR)
EXPLICIT: Mapping[Step, Plan] = {plan.step: plan for plan in (RAW, FIVE_MINUTES, HOURLY)}


def choose(start: datetime, end: datetime, *, raw_count: int, extent: Extent) -> Plan:
    """The finest plan that has at most POINTS_MAX points for this span and shows all of it."""
    if raw_count <= POINTS_MAX and extent.raw_reaches(start):
        return RAW
    if buckets(start, end, FIVE_MINUTES.width) <= POINTS_MAX and extent.five_minutes_reach(start):
        return FIVE_MINUTES
    return Plan(step=Step.HOUR, width=hours_wide(start, end))


def hours_wide(start: datetime, end: datetime) -> timedelta:
    """The narrowest width of whole hours, from a day on of whole days, that needs at most POINTS_MAX buckets."""
    for hours in HOURS:
        if buckets(start, end, hours * HOUR) <= POINTS_MAX:
            return hours * HOUR
    days = -(-(end - start) // timedelta(days=POINTS_MAX - 1))
    return timedelta(days=days)


def buckets(start: datetime, end: datetime, width: timedelta) -> int:
    """How many buckets the span [start, end) touches."""
    return max(0, -((floor(start, width) - end) // width))


def floor(time: datetime, width: timedelta) -> datetime:
    """The start of the bucket a moment lies in; buckets are aligned to the epoch."""
    return time - (time - EPOCH) % width
