"""Rotas: who is on call at a moment. Pure functions of time.

Layers lie upon each other as in PagerDuty: a later one wins wherever it has somebody, and where it has nobody (before
it begins, outside its windows) the one beneath shows through. A holiday wins over every layer, an override over all; of
two overrides at once the one made later.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import chain
from zoneinfo import ZoneInfo

from alerts.oncall.wall_clock import DAY, day_of, moment_of, moment_on, wall_at

# Those who are on call together: nearly always one.
Crew = tuple[str, ...]
NOBODY: Crew = ()
Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Hours of a day, on the weekdays on which they begin (Monday is 0).

    Until the next day where `until` is no later than `since`; from midnight to midnight they are the whole day.
    """

    weekdays: frozenset[int] = frozenset(range(7))
    since: time = time(0)
    until: time = time(0)

    def on(self, day: date, zone: ZoneInfo) -> Span:
        last = day if self.until > self.since else day + DAY
        return moment_on(day, self.since, zone), moment_on(last, self.until, zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """Crews that take turns, each for `every` (whole days or hours), the first from `starts_on` at `hand_over`.

    Both are what clocks show: a hand-over at 08:00 stays at 08:00, so the turn in which clocks change is an hour longer
    or shorter; where turns are of one hour, the skipped one is nobody's and the doubled one lasts two. With windows the
    layer is there in these only, with `holidays_only` on holidays that name it.
    """

    name: str
    crews: tuple[Crew, ...]
    starts_on: date
    hand_over: time
    every: timedelta
    ends_on: date | None = None
    windows: tuple[Window, ...] = ()
    holidays_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Holiday:
    """A date, from midnight to midnight, on which the layer `layer` alone decides, or `crew` is on call."""

    day: date
    name: str = ""
    layer: str | None = None
    crew: Crew = NOBODY


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """Whoever is on call in [since, until) instead of all others. A greater `id` was made later."""

    id: int
    crew: Crew
    since: datetime
    until: datetime


@dataclass(frozen=True, kw_only=True)
class Rota:
    """`holidays` have distinct dates."""

    name: str
    time_zone: str
    layers: tuple[Layer, ...] = ()
    overrides: tuple[Override, ...] = ()
    holidays: tuple[Holiday, ...] = ()

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @cached_property
    def by_day(self) -> dict[date, Holiday]:
        return {holiday.day: holiday for holiday in self.holidays}

    def named(self, now: datetime) -> frozenset[str]:
        """Everybody who stands in it, but for overrides that are over."""
        layered = [crew for layer in self.layers for crew in layer.crews]
        overriding = [one.crew for one in self.overrides if one.until > now]
        return frozenset(chain(*layered, *(day.crew for day in self.holidays), *overriding))


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """Who is on call, by which part of the rota, and when this turn of it began (not when it first showed)."""

    crew: Crew
    source: str
    began: datetime | None


NO_DUTY = Duty(crew=NOBODY, source="", began=None)


def on_call(rota: Rota, at: datetime) -> Crew:
    """The ids of the technicians on call at a moment; none where the rota names nobody."""
    return duty(rota, at).crew


def duty(rota: Rota, at: datetime) -> Duty:
    """As on_call, with where it comes from."""
    overriding = [one for one in rota.overrides if one.since <= at < one.until]
    if overriding:
        latest = max(overriding, key=lambda one: one.id)
        return Duty(crew=latest.crew, source=f"override:{latest.id}", began=latest.since)
    holiday = rota.by_day.get(day_of(at, rota.zone))
    return (_on_holiday(rota, holiday, at) if holiday else None) or _layered(rota, at)


def turn_at(layer: Layer, at: datetime, zone: ZoneInfo) -> int:
    """The number of the turn that goes on at a moment: the last that has begun; below 0 before the first."""
    number = (wall_at(at, zone) - _first(layer)) // layer.every
    while turn_starts(layer, number + 1, zone) <= at:  # clocks were set: the wall alone does not tell
        number += 1
    while turn_starts(layer, number, zone) > at:
        number -= 1
    return number


def turn_starts(layer: Layer, number: int, zone: ZoneInfo) -> datetime:
    return moment_of(_first(layer) + number * layer.every, zone)


def windows_near(layer: Layer, at: datetime, zone: ZoneInfo) -> Iterator[Span]:
    """The windows that may hold a moment: those of its day and of the two before it."""
    today = day_of(at, zone)
    days = [today - n * DAY for n in range(3)]
    return (window.on(day, zone) for day in days for window in layer.windows if day.weekday() in window.weekdays)


def layer_ends(layer: Layer, zone: ZoneInfo) -> datetime | None:
    return None if layer.ends_on is None else moment_on(layer.ends_on, layer.hand_over, zone)


def _on_holiday(rota: Rota, holiday: Holiday, at: datetime) -> Duty | None:
    if holiday.crew:
        began = moment_on(holiday.day, time(0), rota.zone)
        return Duty(crew=holiday.crew, source=f"holiday:{holiday.day}", began=began)
    return _first_found(_of_layer(layer, at, rota.zone) for layer in rota.layers if layer.name == holiday.layer)


def _layered(rota: Rota, at: datetime) -> Duty:
    ordinary = (layer for layer in reversed(rota.layers) if not layer.holidays_only)
    return _first_found(_of_layer(layer, at, rota.zone) for layer in ordinary) or NO_DUTY


def _first_found(duties: Iterable[Duty | None]) -> Duty | None:
    return next((found for found in duties if found is not None), None)


def _of_layer(layer: Layer, at: datetime, zone: ZoneInfo) -> Duty | None:
    ends = layer_ends(layer, zone)
    if at < turn_starts(layer, 0, zone) or (ends is not None and at >= ends):
        return None
    number = turn_at(layer, at, zone)
    began = turn_starts(layer, number, zone)
    if layer.windows:
        open_since = [since for since, until in windows_near(layer, at, zone) if since <= at < until]
        if not open_since:
            return None
        began = max(began, min(open_since))
    return Duty(crew=layer.crews[number % len(layer.crews)], source=f"layer:{layer.name}", began=began)


def _first(layer: Layer) -> datetime:
    return datetime.combine(layer.starts_on, layer.hand_over)
