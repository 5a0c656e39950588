"""Pure: what a camera's watch knows and must not lose when the process ends."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from video.tamper.holds import Holds
from video.tamper.normal import Normal, Remembered


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TamperState:
    """`recent` is the normal of the last good minute, learned until `learned_at`, aware.

    `hours` is the normal of each UTC hour, 0 to 23, the last of them put away at `remembered_at`.
    """

    recent: Normal | None = None
    learned_at: datetime | None = None
    hours: Mapping[int, Remembered] = field(default_factory=dict)
    remembered_at: datetime | None = None
    holds: Holds = field(default_factory=dict)
