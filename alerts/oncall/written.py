"""Technicians and rotas as they are written: in the API's messages and in the database's jsonb, one grammar for both.

Limits are GoAlert's where it has one (50 participants of a rotation). Pure.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date, time, timedelta
from typing import Annotated, Literal, Self, get_args
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
    model_validator,
)

from alerts.duration import parse_duration
from alerts.incidents.words import Language
from alerts.oncall.lists import DISTINCT, sized
from alerts.oncall.rota import Crew, Holiday, Layer, Override, Rota, Window
from alerts.oncall.target import NAME
from alerts.oncall.technician import Contact, QuietHours, Technician
from devices.jsonb import text_fault

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)

TEXT_MAX = 200
CONTACTS_MAX = 5
AREAS_MAX = 100
LAYERS_MAX = 10
CREWS_MAX = 50
CREW_MAX = 5
WINDOWS_MAX = 14
HOLIDAYS_MAX = 100
YEARS = range(1970, 3000)
HOUR = timedelta(hours=1)
ROTATIONS = {"daily": timedelta(days=1), "weekly": timedelta(weeks=1)}
CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _storable(text: str) -> str:
    if fault := text_fault(text):
        raise ValueError(fault)
    return text


def _clock(text: object) -> time:
    if isinstance(text, str) and CLOCK.fullmatch(text):
        return time.fromisoformat(text)
    raise ValueError('must be a time of the day such as "08:00"')


def _date(text: object) -> date:
    day = date.fromisoformat(text) if isinstance(text, str) and DATE.fullmatch(text) else None
    if day is None or day.year not in YEARS:
        raise ValueError(f'must be a date such as "2026-03-20", of the years {YEARS.start} to {YEARS.stop - 1}')
    return day


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(f"no time zone is called {name[:TEXT_MAX]}")
    return name


def _rotation(text: object) -> timedelta:
    every = ROTATIONS.get(text) if isinstance(text, str) else None
    every = parse_duration(text) if every is None else every
    if every < HOUR or every % HOUR:
        raise ValueError('must be "daily", "weekly", or whole hours or days such as "12h" or "3d"')
    return every


def _rotation_text(every: timedelta) -> str:
    names = {length: name for name, length in ROTATIONS.items()}
    return names.get(every) or (f"{every // HOUR}h" if every % timedelta(days=1) else f"{every.days}d")


def _crew(written: object) -> object:
    """One id stands for a crew of one."""
    return [written] if isinstance(written, str) else written


def _crew_text(crew: Crew) -> str | list[str]:
    return crew[0] if len(crew) == 1 else list(crew)


def _as_text(pattern: str, serialise: Callable[..., str]) -> tuple[PlainSerializer, WithJsonSchema]:
    return PlainSerializer(serialise), WithJsonSchema({"type": "string", "pattern": pattern})


Word = Annotated[str, AfterValidator(_storable), Field(min_length=1, max_length=TEXT_MAX)]
Name = Annotated[str, Field(pattern=rf"^{NAME.pattern}$")]
Clock = Annotated[time, BeforeValidator(_clock), *_as_text(CLOCK.pattern, lambda clock: f"{clock:%H:%M}")]
Date = Annotated[date, BeforeValidator(_date), *_as_text(DATE.pattern, date.isoformat)]
Zone = Annotated[str, AfterValidator(_zone)]
Rotation = Annotated[timedelta, BeforeValidator(_rotation), *_as_text("daily|weekly|[0-9]+[hd]", _rotation_text)]
Ids = Annotated[tuple[Name, ...], sized(1, CREW_MAX), DISTINCT]
Participant = Annotated[
    Ids,
    BeforeValidator(_crew),
    PlainSerializer(_crew_text),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]


class Written(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, hide_input_in_errors=True)


class WrittenContact(Written):
    channel: Word
    address: Word


class WrittenQuiet(Written):
    since: Clock = Field(alias="from")
    until: Clock
    time_zone: Zone

    @model_validator(mode="after")
    def _some_of_the_day(self) -> Self:
        if self.since == self.until:
            raise ValueError("from and until are the same")
        return self

    def value(self) -> QuietHours:
        return QuietHours(since=self.since, until=self.until, time_zone=self.time_zone)


class WrittenTechnician(Written):
    """`contacts` in the order in which they are tried; `areas`: the kecamatan that the person covers."""

    id: Name
    name: Word
    contacts: Annotated[tuple[WrittenContact, ...], sized(1, CONTACTS_MAX), DISTINCT]
    language: Language = "id"
    areas: Annotated[tuple[Word, ...], sized(0, AREAS_MAX), DISTINCT] = ()
    quiet: WrittenQuiet | None = None

    def value(self) -> Technician:
        return Technician(
            id=self.id,
            name=self.name,
            contacts=tuple(Contact(channel=one.channel, address=one.address) for one in self.contacts),
            language=self.language,
            areas=frozenset(self.areas),
            quiet=self.quiet.value() if self.quiet else None,
        )


class WrittenWindow(Written):
    weekdays: Annotated[tuple[Weekday, ...], sized(1, len(WEEKDAYS)), DISTINCT] = WEEKDAYS
    since: Clock = Field(alias="from", default=time(0))
    until: Clock = time(0)

    def value(self) -> Window:
        days = frozenset(WEEKDAYS.index(day) for day in self.weekdays)
        return Window(weekdays=days, since=self.since, until=self.until)


class WrittenLayer(Written):
    """`rotation`: "daily", "weekly", "3d", "12h". A participant is an id, or a list of ids who are on call together."""

    name: Name
    participants: Annotated[tuple[Participant, ...], sized(1, CREWS_MAX)]
    rotation: Rotation
    starts_on: Date
    hand_over: Clock
    ends_on: Date | None = None
    windows: Annotated[tuple[WrittenWindow, ...], sized(0, WINDOWS_MAX)] = ()
    holidays_only: bool = False

    @model_validator(mode="after")
    def _begins_before_it_ends(self) -> Self:
        if self.ends_on is not None and self.ends_on <= self.starts_on:
            raise ValueError("ends_on must lie after starts_on")
        return self

    def value(self) -> Layer:
        return Layer(
            name=self.name,
            crews=self.participants,
            starts_on=self.starts_on,
            hand_over=self.hand_over,
            every=self.rotation,
            ends_on=self.ends_on,
            windows=tuple(window.value() for window in self.windows),
            holidays_only=self.holidays_only,
        )


class WrittenHoliday(Written):
    """On this date the named layer decides, or `technicians` are on call: one of the two."""

    day: Date = Field(alias="date")
    name: Annotated[str, AfterValidator(_storable), Field(max_length=TEXT_MAX)] = ""
    layer: Name | None = None
    technicians: Ids | None = None

    @model_validator(mode="after")
    def _one_of_the_two(self) -> Self:
        if (self.layer is None) == (self.technicians is None):
            raise ValueError("give either layer or technicians")
        return self

    def value(self) -> Holiday:
        return Holiday(day=self.day, name=self.name, layer=self.layer, crew=self.technicians or ())


class WrittenRota(Written):
    """Later layers win over earlier ones, as in PagerDuty."""

    name: Name
    time_zone: Zone
    layers: Annotated[tuple[WrittenLayer, ...], sized(1, LAYERS_MAX)]
    holidays: Annotated[tuple[WrittenHoliday, ...], sized(0, HOLIDAYS_MAX)] = ()

    @model_validator(mode="after")
    def _in_itself_sound(self) -> Self:
        names = [layer.name for layer in self.layers]
        if len(set(names)) < len(names):
            raise ValueError("layers: two have the same name")
        if len({holiday.day for holiday in self.holidays}) < len(self.holidays):
            raise ValueError("holidays: a date stands twice")
        if unknown := sorted({day.layer for day in self.holidays if day.layer and day.layer not in names}):
            raise ValueError(f"holidays: no layer is called {', '.join(unknown)}")
        return self

    def value(self, overrides: Sequence[Override] = ()) -> Rota:
        return Rota(
            name=self.name,
            time_zone=self.time_zone,
            layers=tuple(layer.value() for layer in self.layers),
            overrides=tuple(overrides),
            holidays=tuple(holiday.value() for holiday in self.holidays),
        )
