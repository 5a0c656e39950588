"""Shifts: a span of time cut where another is on call. Pure, and never at odds with on_call, which it asks."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time
from itertools import pairwise

from alerts.oncall.rota import Crew, Duty, Layer, Rota, duty, layer_ends, turn_at, turn_starts
from alerts.oncall.wall_clock import DAY, day_of, moment_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """Who is on call in [since, until); nobody where `crew` is empty. `source`: which part of the rota says so."""

    crew: Crew
    since: datetime
    until: datetime
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """Who is on call, until when (None: as far as was looked), and the next shift that somebody else has."""

    crew: Crew
    until: datetime | None
    following: Shift | None


def shifts(rota: Rota, since: datetime, until: datetime) -> list[Shift]:
    """The whole of [since, until) without gap or overlap, in order. A hand-over to oneself begins a new shift."""
    near = tuple(override for override in rota.overrides if override.since < until and since < override.until)
    rota = replace(rota, overrides=near)  # asked at every edge: those of other times would cost at each
    edges = sorted({since, until, *(edge for edge in _edges(rota, since, until) if since < edge < until)})
    return _joined((duty(rota, start), start, end) for start, end in pairwise(edges))


def whole_shifts(rota: Rota, since: datetime, until: datetime) -> list[Shift]:
    """As shifts, but the first begins where it really did: the same shift whenever one looks."""
    began = duty(rota, since).began
    return [shift for shift in shifts(rota, began or since, until) if shift.until > since]


def outlook(rota: Rota, at: datetime, until: datetime) -> Outlook:
    """Who is on call at a moment, and what comes after, as far as `until`."""
    present, *later = shifts(rota, at, until)
    following = [shift for shift in later if shift.crew != present.crew]
    return Outlook(
        crew=present.crew,
        until=following[0].since if following else None,
        following=next((shift for shift in following if shift.crew), None),
    )


def _joined(pieces: Iterator[tuple[Duty, datetime, datetime]]) -> list[Shift]:
    found: list[Shift] = []
    last: Duty | None = None
    for present, since, until in pieces:
        if present == last:
            found[-1] = replace(found[-1], until=until)
        else:
            found.append(Shift(crew=present.crew, since=since, until=until, source=present.source))
        last = present
    return found


def _edges(rota: Rota, since: datetime, until: datetime) -> Iterator[datetime]:
    """Every moment at which another may be on call; some may be too many."""
    for override in rota.overrides:
        yield from (override.since, override.until)
    for holiday in rota.holidays:
        yield from (moment_on(holiday.day, time(0), rota.zone), moment_on(holiday.day + DAY, time(0), rota.zone))
    for layer in rota.layers:
        yield from _turns(rota, layer, since, until)
        yield from _windows(rota, layer, since, until)


def _turns(rota: Rota, layer: Layer, since: datetime, until: datetime) -> Iterator[datetime]:
    number = max(0, turn_at(layer, since, rota.zone))
    while (edge := turn_starts(layer, number, rota.zone)) < until:
        yield edge
        number += 1
    if (ends := layer_ends(layer, rota.zone)) is not None:
        yield ends


def _windows(rota: Rota, layer: Layer, since: datetime, until: datetime) -> Iterator[datetime]:
    day, last = day_of(since, rota.zone) - 2 * DAY, day_of(until, rota.zone)
    while layer.windows and day <= last:
        for window in layer.windows:
            if day.weekday() in window.weekdays:
                yield from window.on(day, rota.zone)
        day += DAY
