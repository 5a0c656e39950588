"""The shape of all that a technician's phone shows; fields may be added, never renamed."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from alerts.alert import Severity
from dashboards.words import Language


class Me(BaseModel):
    """`technician`: the id of the one with whom the account is linked, null for nobody. `name`: as others are told."""

    account: str
    technician: str | None
    name: str


class FieldAffected(BaseModel):
    """What is cut off; of the names the first ten."""

    count: int
    by_kind: dict[str, int]
    names: list[str]


class LatestNote(BaseModel):
    """`at` is when it was said; a long text is cut."""

    at: datetime
    who: str
    text: str
    photo: str | None


class FieldIncident(BaseModel):
    """An open incident: where, what to `carry`, who took it last (by name), and whether it is `mine`.

    It is mine when I was called for it or took it, or when it lies in an area that I cover. `map_url` is a `geo:`
    address (RFC 5870) that phones open in their map; null, as the coordinates, where the root has no place.
    """

    model_config = ConfigDict(populate_by_name=True)

    id: int
    title: str
    severity: Severity
    state: Literal["open", "resolved"]
    cls: str = Field(alias="class")
    opened_at: datetime
    place: str
    root: str
    latitude: float | None
    longitude: float | None
    map_url: str | None
    area: str
    affected: FieldAffected
    carry: list[str]
    acknowledged_by: str | None
    acknowledged_at: datetime | None
    mine: bool
    latest_note: LatestNote | None


class FieldContact(BaseModel):
    """Somebody to call: who is on call, then who comes next. `telegram` is a chat's number."""

    name: str
    role_text: str
    phone: str | None
    telegram: str | None


class PhoneShape(BaseModel):
    """`etag` names all but `server_time`: with `If-None-Match` it is answered by 304 while nothing has changed.

    `language` is the one it is told in. `on_call` in any rota, `until` the first of them ends; null where no end is in
    sight. `blind_since` as in the summary: what is told is of then.
    """

    server_time: datetime
    etag: str
    language: Language
    time_zone: str
    zone_label: str
    blind_since: datetime | None
    me: Me
    on_call: bool
    until: datetime | None
    incidents: list[FieldIncident]
    contacts: list[FieldContact]
