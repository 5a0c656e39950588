"""Durations as people write them: 30s, 2m, 1h30m. The grammar is Prometheus's, from days down to milliseconds."""

import re
from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator

GRAMMAR = re.compile(
    r"(?:(?P<days>\d+)d)?(?:(?P<hours>\d+)h)?(?:(?P<minutes>\d+)m(?!s))?(?:(?P<seconds>\d+)s)?(?:(?P<milliseconds>\d+)ms)?"
)
LONGEST = timedelta(days=30)


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


Duration = Annotated[timedelta, BeforeValidator(parse_duration)]
