"""The shapes of silences; fields may be added, never renamed."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel


class SilenceShape(BaseModel):
    """`silenced`: how many alerts it holds now. `ended_by`: who ended it early, or `recovery`."""

    id: int
    match: dict[str, Any]
    owner: str
    reason: str
    since: datetime
    until: datetime
    ends_on_recovery: bool
    ended_at: datetime | None
    ended_by: str | None
    silenced: int


class SilenceDetail(SilenceShape):
    """`alerts`: the numbers of those that it holds now."""

    alerts: list[int]


class Silences(BaseModel):
    items: list[SilenceShape]
    next: str | None
