"""Durations as people write them: 30s, 2m, 1h30m. The grammar is Prometheus's, from days down to milliseconds."""

import re
from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, PlainSerializer

GRAMMAR = re.compile(
    r"(?:(?P<days>\d+)d)?(?:(?P<hours>\d+)h)?(?:(?P<minutes>\d+)m(?!s))?(?:(?P<seconds>\d+)s)?(?:(?P<milliseconds>\d+)ms)?"
)
LONGEST = timedelta(days=30)
MILLISECOND = timedelta(milliseconds=1)
SIZES = {"d": 86_400_000, "h": 3_600_000, "m": 60_000, "s": 1_000, "ms": 1}


def parse_duration(text: object) -> timedelta:
    """Raises ValueError for anything but a text of this grammar, and above 30 days."""
    found = GRAMMAR.fullmatch(text) if isinstance(text, str) and text else None
    if found is None:
        raise ValueError('must be a duration such as "30s", "2m" or "1h30m"')
    parts = {unit: int(digits) for unit, digits in found.groupdict().items() if digits and len(digits) <= 12}
    duration = timedelta(**parts) if len(parts) == sum(map(bool, found.groupdict().values())) else timedelta.max
    if duration > LONGEST:
        raise ValueError(f"must be at most {LONGEST.days} days")
    return duration


def _read(found: object) -> timedelta:
    """A default is one already."""
    return found if isinstance(found, timedelta) else parse_duration(found)


def write_duration(duration: timedelta) -> str:
    """As people write it: parse_duration of it is the duration again, to the millisecond."""
    left, parts = duration // MILLISECOND, []
    for unit, size in SIZES.items():
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0s"


def from_to(least: str, most: str) -> AfterValidator:
    """That a duration lies between these, both included."""
    shortest, longest = parse_duration(least), parse_duration(most)

    def check(duration: timedelta) -> timedelta:
        if not shortest <= duration <= longest:
            raise ValueError(f"must be from {least} to {most}")
        return duration

    return AfterValidator(check)


Duration = Annotated[
    timedelta, BeforeValidator(_read), PlainSerializer(write_duration, return_type=str, when_used="json")
]
