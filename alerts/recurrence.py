"""Pure: work that is announced once, or comes again and again by the clock of a place: RFC 5545, 3.3.10 (RRULE)."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import lru_cache
from itertools import islice, takewhile
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

LONGEST = 500
# What may stand beside each frequency. Nothing repeats within the hour. Of what the RFC allows, what can contradict
# itself over short steps is left out: dateutil looks for such a day until the year 9999, hour by hour.
ALWAYS = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", "BYHOUR"})
MONTHS = ALWAYS | {"BYMONTH", "BYMONTHDAY", "BYSETPOS"}
PARTS: Mapping[str, frozenset[str]] = {
    "HOURLY": ALWAYS,
    "DAILY": ALWAYS | {"BYMONTH"},
    "WEEKLY": ALWAYS | {"BYMONTH"},
    "MONTHLY": MONTHS,
    "YEARLY": MONTHS | {"BYYEARDAY", "BYWEEKNO"},
}
# The numbers that a part may list; where the least is below zero it counts from the end, and 0 is none.
RANGES: Mapping[str, tuple[int, int]] = {
    "INTERVAL": (1, 1_000),
    "COUNT": (1, 10_000),
    "BYHOUR": (0, 23),
    "BYMONTH": (1, 12),
    "BYMONTHDAY": (-31, 31),
    "BYYEARDAY": (-366, 366),
    "BYWEEKNO": (-53, 53),
    "BYSETPOS": (-366, 366),
}
SINGLE = frozenset({"INTERVAL", "COUNT"})
# Steps of hours that come by every day of the week.
HOURS = frozenset({"1", "2", "3", "4", "6", "8", "12", "24"})
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
DAY = re.compile(r"([+-]?[1-9]\d?)?(MO|TU|WE|TH|FR|SA|SU)", re.ASCII)
NUMBER = re.compile(r"[+-]?\d{1,5}", re.ASCII)
UNTIL = re.compile(r"(\d{8})(?:T(\d{6})(Z?))?", re.ASCII)
# How far ahead the next occurrence is looked for: a 29th of February comes within eight years.
YEARS_AHEAD = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """`since` and `until` are the first occurrence; all of them last as long. `rrule` repeats it by the clock of
    `time_zone`: what begins at 01:00 begins at 01:00 there, whatever becomes of its offset.
    """

    since: datetime
    until: datetime
    rrule: str | None = None
    time_zone: str | None = None


def active(window: Window, at: datetime) -> Occurrence | None:
    """The occurrence that goes on at a moment. Raises ValueError for a recurrence that is none."""
    found = next_occurrence(window, at, years_ahead=0)
    return found if found is not None and found.since <= at else None


def next_occurrence(window: Window, at: datetime, *, years_ahead: int = YEARS_AHEAD) -> Occurrence | None:
    """The occurrence that goes on at a moment, else the next one within some years. Raises as above."""
    if window.rrule is None:
        return Occurrence(since=window.since, until=window.until) if at < window.until else None
    lasts = window.until - window.since
    for year in dict.fromkeys((at.year + 1, at.year + 1 + years_ahead)):
        starts = _starts(window, year)
        # All last equally long, so of those that have begun the last one ends last.
        begun = bisect_right(starts, at)
        candidates = starts[max(begun - 1, 0) : begun + 1]
        for start in candidates:
            if at < start + lasts:
                return Occurrence(since=start, until=start + lasts)
    return None


def over_at(window: Window) -> datetime | None:
    """A moment at which all occurrences are over; None where there is none, or none is in sight."""
    if window.rrule is None:
        return window.until
    parts, lasts = parse(window.rrule), window.until - window.since
    if "UNTIL" in parts:
        last = _until(parts["UNTIL"], _zone(window)).replace(tzinfo=_zone(window)).astimezone(UTC)
        return max(last + lasts, window.until)
    if "COUNT" not in parts:
        return None
    starts = _starts(window, window.since.year + YEARS_AHEAD)
    return starts[-1] + lasts if len(starts) == int(parts["COUNT"]) else None


def check(window: Window) -> None:
    """Raises ValueError where the recurrence says nothing, or does not begin with the first occurrence."""
    if window.rrule is None:
        return
    first = window.since.astimezone(_zone(window)).replace(tzinfo=None)
    fits = _fits(parse(window.rrule), first)
    if not fits or next(_local(window, window.since.year + 1), None) != first:
        raise ValueError("since is no occurrence of it; begin with the first one")


def _fits(parts: Mapping[str, str], first: datetime) -> bool:
    """Whether the parts that only ever leave out leave this moment in."""
    days = {day[-2:] for day in parts.get("BYDAY", "").split(",") if day}
    return (
        (not days or WEEKDAYS[first.weekday()] in days)
        and _lists(parts, "BYMONTH", first.month)
        and _lists(parts, "BYHOUR", first.hour)
    )


def _lists(parts: Mapping[str, str], name: str, number: int) -> bool:
    return name not in parts or number in map(int, parts[name].split(","))


def parse(rrule: str) -> dict[str, str]:
    """The parts of a recurrence, each of them good. Raises ValueError with the part at fault."""
    if len(rrule) > LONGEST:
        raise ValueError(f"has more than {LONGEST} characters")
    pairs = [part.partition("=")[::2] for part in rrule.split(";")]
    parts = dict(pairs)
    if len(parts) != len(pairs):
        raise ValueError("names a part twice")
    frequency = parts.get("FREQ", "")
    if frequency not in PARTS:
        raise ValueError(f"FREQ: must be one of {', '.join(PARTS)}")
    if "COUNT" in parts and "UNTIL" in parts:
        raise ValueError("COUNT and UNTIL: give one of them")
    for name, value in parts.items():
        if name not in PARTS[frequency]:
            raise ValueError(f"{name[:20] or 'an empty part'}: not supported with {frequency}")
        if not _good(frequency, name, value):
            raise ValueError(f"{name}: not with this value")
    return parts


def _good(frequency: str, name: str, value: str) -> bool:
    listed = value.split(",")
    if name in SINGLE and len(listed) > 1:
        return False
    if frequency == "HOURLY" and name == "INTERVAL":
        return value in HOURS
    if name in RANGES:
        return all(_in_range(name, number) for number in listed)
    if name == "BYDAY":
        numbered = frequency in {"MONTHLY", "YEARLY"}
        return all(DAY.fullmatch(day) if numbered else day in WEEKDAYS for day in listed)
    if name == "UNTIL":
        return _is_until(value)
    return name == "FREQ" or value in WEEKDAYS


def _in_range(name: str, number: str) -> bool:
    least, most = RANGES[name]
    if not NUMBER.fullmatch(number) or not least <= int(number) <= most:
        return False
    return int(number) != 0 or least == 0


def _is_until(value: str) -> bool:
    try:
        _until(value, ZoneInfo("UTC"))
    except (ValueError, OverflowError):
        return False
    return True


def _until(value: str, zone: ZoneInfo) -> datetime:
    """The last local time at which an occurrence may begin: of a mere date the whole day. Raises ValueError."""
    found = UNTIL.fullmatch(value)
    if found is None:
        raise ValueError("UNTIL: must be a date, or a date and a time")
    day, clock, utc = found.groups()
    date = datetime.strptime(day, "%Y%m%d").date()  # noqa: DTZ007  a day on a calendar
    if not 1970 <= date.year < 3000:
        raise ValueError("UNTIL: must lie in the years 1970 to 2999")
    local = datetime.combine(date, time.max if clock is None else _clock(clock))
    return local.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None) if utc else local


def _clock(text: str) -> time:
    return time(int(text[:2]), int(text[2:4]), int(text[4:]))


def _zone(window: Window) -> ZoneInfo:
    return ZoneInfo(window.time_zone or "UTC")


@lru_cache(maxsize=256)
def _starts(window: Window, year: int) -> tuple[datetime, ...]:
    """When occurrences begin, up to the end of a year."""
    zone = _zone(window)
    return tuple(sorted({_utc(local, zone) for local in _local(window, year)}))


def _local(window: Window, year: int) -> Iterator[datetime]:
    """The same by local clocks, in order. COUNT and UNTIL are kept here: dateutil is told the year, to end there."""
    zone = _zone(window)
    parts = parse(window.rrule or "")
    kept = [f"{name}={value}" for name, value in parts.items() if name not in {"COUNT", "UNTIL"}]
    first = window.since.astimezone(zone).replace(tzinfo=None)
    rule = rrulestr(";".join([*kept, f"UNTIL={year:04}1231T235959"]), dtstart=first)
    last = _until(parts["UNTIL"], zone) if "UNTIL" in parts else datetime.max  # noqa: DTZ901  by local clocks
    return islice(takewhile(lambda start: start <= last, rule), int(parts["COUNT"]) if "COUNT" in parts else None)


def _utc(local: datetime, zone: ZoneInfo) -> datetime:
    """RFC 5545, 3.3.5: a time that does not occur is read with the offset before the gap, one that occurs twice is the
    first: fold 0 is both.
    """
    return local.replace(tzinfo=zone, fold=0).astimezone(UTC)
