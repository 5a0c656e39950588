"""The shapes of announced work; fields may be added, never renamed."""

from datetime import datetime

from pydantic import BaseModel


class OccurrenceShape(BaseModel):
    since: datetime
    until: datetime


class MaintenanceShape(BaseModel):
    """Work that was announced, on all that carry every value of `match`; `below` is an id and all that hangs on it.

    Where it recurs, `since` and `until` are the first time; `rrule` (RFC 5545) repeats it by the clock of `time_zone`.
    `next` is the time that goes on or comes next; null where all is over.
    """

    id: int
    since: datetime
    until: datetime
    match: dict[str, str]
    owner: str
    reason: str
    created_at: datetime
    rrule: str | None = None
    time_zone: str | None = None
    next: OccurrenceShape | None = None


class Maintenances(BaseModel):
    items: list[MaintenanceShape]
    next: str | None
