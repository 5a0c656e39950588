"""The hand-over brief: what the next shift must know, as plain text. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from typing import Literal

from alerts.alert import Severity
from alerts.incidents.words import COUNTED, Language
from alerts.oncall import words
from alerts.paging.words import DAYS, MORE, STATUS, Words, say

# A silence that ends within a shift of the usual length ends soon.
SOON = timedelta(hours=12)
# The engine says every second how far it has judged; silent for so long, nobody judges.
JUDGED_FRESH = timedelta(seconds=15)
# Lines of each part; who wants all looks at the screen.
LINES = 20

People = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OnDuty:
    """Who is on call in a rota, until when (None: no end in sight), and who then; all by name."""

    rota: str
    people: People
    until: datetime | None
    following: People


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenIncident:
    """`held_by`: whoever acknowledged any of its alerts."""

    id: int
    title: str
    severity: Severity
    opened_at: datetime
    held_by: People


@dataclass(frozen=True, slots=True, kw_only=True)
class EndingSilence:
    """A silence that goes on; `match` is what it silences."""

    id: int
    match: Mapping[str, object]
    owner: str
    reason: str
    until: datetime
    ends_on_recovery: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Blind:
    """Since when we cannot see: nothing comes in, our uplink is gone, or nobody judges."""

    reason: Literal["ingest", "uplink", "engine"]
    since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """The state of things at a moment. `flapping` are names of devices; `unknown` counts by kind whom we do not see."""

    at: datetime
    on_duty: Sequence[OnDuty] = ()
    incidents: Sequence[OpenIncident] = ()
    flapping: Sequence[str] = ()
    silences: Sequence[EndingSilence] = ()
    blind: Sequence[Blind] = ()
    unknown: Mapping[str, int] = field(default_factory=dict)


def render(brief: Brief, zone: tzinfo, language: Language = "id") -> str:
    """The brief as lines of text; every part is there, also where it says that there is nothing."""
    reader = _Reader(brief=brief, zone=zone, language=language)
    return "\n".join([reader.say(words.TITLE, at=reader.clock(brief.at)), *reader.on_duty(), *reader.parts()]) + "\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    """Who reads it: in which language, by which clock."""

    brief: Brief
    zone: tzinfo
    language: Language

    def say(self, sentence: Words, **facts: object) -> str:
        return say(sentence, self.language).format(**facts)

    def clock(self, at: datetime) -> str:
        local = at.astimezone(self.zone)
        return f"{DAYS[self.language][local.weekday()]} {local:%d/%m %H:%M} {local.tzname()}"

    def age(self, since: datetime) -> str:
        """Its two largest units, from days to minutes."""
        minutes = max(0, (self.brief.at - since) // timedelta(minutes=1))
        counts = (minutes // 1_440, minutes // 60 % 24, minutes % 60)
        first = next((place for place, count in enumerate(counts) if count), 2)
        shown = zip(counts[first : first + 2], words.UNITS[first : first + 2], strict=True)
        return " ".join(f"{count} {self.say(unit)}" for count, unit in shown if count or first == 2)

    def on_duty(self) -> Iterator[str]:
        for duty in self.brief.on_duty:
            line = self.say(words.ON_DUTY, rota=duty.rota, people=self.names(duty.people))
            if duty.until is not None:
                line += self.say(words.UNTIL, at=self.clock(duty.until), people=self.names(duty.following))
            yield line
        if not self.brief.on_duty:
            yield self.say(words.NO_ROTA)

    def names(self, people: People) -> str:
        return ", ".join(people) or self.say(words.NOBODY)

    def parts(self) -> Iterator[str]:
        yield from self.part(words.INCIDENTS, [self.incident(one) for one in self.brief.incidents])
        yield from self.part(words.FLAPPING, self.brief.flapping)
        yield from self.part(words.SILENCES, [self.silence(one) for one in self.brief.silences])
        yield from self.part(words.BLIND, [*map(self.blind, self.brief.blind), *self.unknown()])

    def part(self, title: Words, lines: Sequence[str]) -> Iterator[str]:
        yield f"\n{self.say(title)}: {len(lines) or self.say(words.NOTHING)}"
        yield from (f"- {line}" for line in lines[:LINES])
        if len(lines) > LINES:
            yield f"- {self.say(MORE, count=len(lines) - LINES)}"

    def incident(self, incident: OpenIncident) -> str:
        held = self.say(words.HELD_BY, people=", ".join(incident.held_by)) if incident.held_by else self.say(words.FREE)
        return self.say(
            words.INCIDENT,
            number=incident.id,
            severity=self.say(STATUS[incident.severity.value]),
            title=incident.title,
            age=self.age(incident.opened_at),
            held=held,
        )

    def silence(self, silence: EndingSilence) -> str:
        what = ", ".join(f"{label}={value}" for label, value in silence.match.items())
        line = self.say(
            words.SILENCE, what=what, at=self.clock(silence.until), owner=silence.owner, reason=silence.reason
        )
        return line + (self.say(words.OR_RECOVERY) if silence.ends_on_recovery else "")

    def blind(self, blind: Blind) -> str:
        since = self.say(words.NEVER) if blind.since is None else self.say(words.SINCE, at=self.clock(blind.since))
        return f"{self.say(words.BLINDNESS[blind.reason])} {since}"

    def unknown(self) -> Iterator[str]:
        counts, which = self.brief.unknown, 0 if self.language == "id" else 1
        if counts:
            kinds = ", ".join(f"{counts[kind]} {COUNTED[kind][which]}" for kind in COUNTED if counts.get(kind))
            yield self.say(words.UNKNOWN, kinds=kinds)
