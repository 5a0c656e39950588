"""The shapes of the API that are about people on call; how one is written is alerts/oncall/written.py's."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from alerts.alert import Severity
from alerts.oncall.lists import sized
from alerts.oncall.roster import Roster
from alerts.oncall.shifts import Shift
from alerts.oncall.technician import Technician
from alerts.oncall.written import WrittenContact, WrittenQuiet, WrittenRota, WrittenTechnician
from dashboards.roles import Role
from dashboards.words import Language

TECHNICIANS_MAX = 200
ROTAS_MAX = 20


class TechnicianShape(BaseModel):
    """A technician. `contacts` are personal data: null for the role wall."""

    id: str
    name: str
    contacts: tuple[WrittenContact, ...] | None
    language: Language
    areas: tuple[str, ...]
    quiet: WrittenQuiet | None

    @classmethod
    def of(cls, written: WrittenTechnician, role: Role) -> Self:
        shown = {name: getattr(written, name) for name in WrittenTechnician.model_fields}
        return cls(**shown | {"contacts": written.contacts if sees_contacts(role) else None})


class Technicians(BaseModel):
    """`version` grows with every change of the list; a PUT that carries an older one is refused."""

    items: list[TechnicianShape]
    next: None = None
    version: int


class Rotas(BaseModel):
    items: list[WrittenRota]
    next: None = None
    version: int


class NewTechnicians(BaseModel, extra="forbid"):
    """What a GET answers may be changed and sent back."""

    items: Annotated[list[WrittenTechnician], sized(0, TECHNICIANS_MAX)]
    next: None = None
    version: Annotated[int, Field(ge=0, strict=True)] | None = None


class NewRotas(BaseModel, extra="forbid"):
    items: Annotated[list[WrittenRota], sized(0, ROTAS_MAX)]
    next: None = None
    version: Annotated[int, Field(ge=0, strict=True)] | None = None


class Person(BaseModel):
    """Somebody on call; `contacts` as of a technician. A name that is in no list of technicians stands as its id."""

    id: str
    name: str
    contacts: tuple[WrittenContact, ...] | None

    @classmethod
    def of(cls, id_: str, technician: Technician | None, role: Role) -> Self:
        contacts = technician.contacts if technician else ()
        shown = tuple(WrittenContact(channel=one.channel, address=one.address) for one in contacts)
        return cls(id=id_, name=technician.name if technician else id_, contacts=shown if sees_contacts(role) else None)


class ShiftShape(BaseModel):
    """`technicians` is empty where nobody is on call; `source`: `layer:NAME`, `holiday:DATE` or `override:ID`."""

    technicians: list[Person]
    since: datetime
    until: datetime
    source: str

    @classmethod
    def of(cls, shift: Shift, roster: Roster, role: Role) -> Self:
        people = [Person.of(id_, roster.technicians.get(id_), role) for id_ in shift.crew]
        return cls(technicians=people, since=shift.since, until=shift.until, source=shift.source)


class Shifts(BaseModel):
    rota: str
    items: list[ShiftShape]
    next: None = None


class OnCall(BaseModel):
    """`until` null: nobody else takes over in the next weeks. `following`: the next shift that somebody else has."""

    rota: str
    technicians: list[Person]
    until: datetime | None
    following: ShiftShape | None


class Now(BaseModel):
    """Who is on call. `faults`: what is not as somebody meant it; pages find somebody all the same."""

    at: datetime
    items: list[OnCall]
    faults: list[str]


class OverrideShape(BaseModel):
    """Whoever is on call in [since, until) instead of all others of the rota."""

    id: int
    rota: str
    technicians: list[str]
    since: datetime
    until: datetime
    reason: str
    created_at: datetime
    created_by: str


class Overrides(BaseModel):
    items: list[OverrideShape]
    next: str | None


class FromValue(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class DutyShape(FromValue):
    """Who is on call in a rota, until when, and who then; by name."""

    rota: str
    people: list[str]
    until: datetime | None
    following: list[str]


class OpenIncidentShape(FromValue):
    """`held_by`: whoever acknowledged any of its alerts."""

    id: int
    title: str
    severity: Severity
    opened_at: datetime
    held_by: list[str]


class EndingSilenceShape(FromValue):
    id: int
    match: dict[str, Any]
    owner: str
    reason: str
    until: datetime
    ends_on_recovery: bool


class BlindShape(FromValue):
    """`since` null: from the beginning."""

    reason: Literal["ingest", "uplink", "engine"]
    since: datetime | None


class BriefShape(FromValue):
    """What the next shift must know. `flapping`: names of devices; `unknown`: how many of each kind nobody sees."""

    at: datetime
    on_duty: list[DutyShape]
    incidents: list[OpenIncidentShape]
    flapping: list[str]
    silences: list[EndingSilenceShape]
    blind: list[BlindShape]
    unknown: dict[str, int]
    text: str


def sees_contacts(role: Role) -> bool:
    return role >= Role.TECHNICIAN
