"""Pure: an element of a device becomes readings and rejections, judged value by value against its kind."""

import math
from collections.abc import Iterator
from typing import Any

from devices.kinds import Kind, Metric
from devices.reading import Element, Reading, Reason, Rejected

MINUTE_US = 60_000_000
MAX_AHEAD_US = 5 * MINUTE_US
MAX_BEHIND_US = 30 * 24 * 60 * MINUTE_US
NUMBERS: frozenset[type[Any]] = frozenset({float, int, bool})


def clock_fault(time_us: int, received_us: int) -> Rejected | None:
    """A `clock` rejection where the device's time lies more than 5 min ahead of receipt, or 30 days behind."""
    ahead_us = time_us - received_us
    if ahead_us > MAX_AHEAD_US:
        return Rejected(Reason.CLOCK, f"{ahead_us / 1e6:.0f} s ahead of the time of receipt")
    if ahead_us < -MAX_BEHIND_US:
        return Rejected(Reason.CLOCK, f"{-ahead_us / 1e6:.0f} s behind the time of receipt")
    return None


def accept(device: str, kind: Kind, element: Element, received_us: int) -> Iterator[Reading | Rejected]:
    """One reading or rejection per value; a single rejection where the element's own time is at fault."""
    fault = clock_fault(element.time_us, received_us)
    if fault is not None:
        yield fault
        return
    metrics, time_us, historical = kind.metrics, element.time_us, element.historical
    for name, value in element.values.items():
        metric = metrics.get(name)
        if metric is not None and value.__class__ in NUMBERS and metric.low <= value <= metric.high:
            yield Reading(device, name, time_us, float(value), received_us, historical)
        else:
            yield _value_fault(name, value, metric)


def _value_fault(name: str, value: object, metric: Metric | None) -> Rejected:
    if metric is None:
        return Rejected(Reason.UNKNOWN_METRIC, _shown(name))
    if not isinstance(value, int | float) or not _finite(value):
        return Rejected(Reason.BAD_VALUE, f"{name}: not a finite number or a boolean")
    allowed = f"{metric.low:g} to {metric.high:g} {metric.unit}"
    return Rejected(Reason.OUT_OF_RANGE, f"{name}: {float(value):g} is outside {allowed}")


def _shown(name: str) -> str:
    """A name as the sender wrote it, in a form that the database and a terminal can take."""
    return name[:200] if name.isprintable() else repr(name[:200])


def _finite(value: float) -> bool:
    """Whether a double can hold the value: an integer of 400 digits is none."""
    try:
        return math.isfinite(value)
    except OverflowError:
        return False
