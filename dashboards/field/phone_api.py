"""GET /api/v1/phone: all that a technician's phone shows, in one answer."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256

from fastapi.responses import Response

from alerts.oncall.roster import Roster
from alerts.oncall.shifts import Outlook, outlook
from alerts.oncall.technician import Technician
from dashboards import queries
from dashboards.auth import Visitor, Who
from dashboards.cameras.picture_answer import IfNoneMatch, is_had
from dashboards.centre import Centre, Here
from dashboards.field import queries as field_queries
from dashboards.field.contacts import contacts_of
from dashboards.field.incident import field_incident
from dashboards.field.shapes import FieldContact, FieldIncident, Me, PhoneShape
from dashboards.oncall.now_api import roster_of
from dashboards.oncall.shapes import sees_contacts
from dashboards.rights.voice import voice_of
from dashboards.seen import Judged, blind_since
from dashboards.words import Language

INCIDENTS_MAX = 30
# How far it is looked for the end of a shift.
AHEAD = timedelta(weeks=5)


async def phone(
    centre: Here, visitor: Who, *, lang: Language | None = None, if_none_match: IfNoneMatch = None
) -> Response:
    """My open incidents and those of others, at most 30; what to carry, where, whom to call. 304 where nothing changed.

    In `lang`, else as the technician speaks, else as the city does.
    """
    now, roster, voice = centre.now(), await roster_of(centre), await voice_of(centre, visitor)
    technician = roster.technicians.get(visitor.technician or "")
    me = Me(account=visitor.name, technician=visitor.technician, name=technician.name if technician else voice)
    spoken = lang or (technician.language if technician else centre.settings.language)
    shifts = _my_shifts(me, roster, now)
    told = PhoneShape(
        server_time=now,
        etag="",
        language=spoken,
        time_zone=centre.settings.time_zone,
        zone_label=centre.settings.zone_label,
        blind_since=await _blind_since(centre, now),
        me=me,
        on_call=bool(shifts),
        until=min((shift.until for shift in shifts if shift.until), default=None),
        incidents=await _incidents(centre, voice, technician, spoken),
        contacts=_contacts(centre, visitor, roster, spoken),
    )
    tag = f'"{sha256(told.model_dump_json(exclude={"server_time"}).encode()).hexdigest()[:24]}"'
    headers = {"ETag": tag, "Cache-Control": "no-cache", "X-Server-Time": now.isoformat().replace("+00:00", "Z")}
    if is_had(tag, if_none_match):
        return Response(status_code=304, headers=headers)
    body = told.model_copy(update={"etag": tag}).model_dump_json(by_alias=True)
    return Response(body, media_type="application/json", headers=headers)


async def _blind_since(centre: Centre, now: datetime) -> datetime | None:
    newest, settings = await centre.row(queries.NEWEST) or {}, centre.settings
    judged = Judged.of(newest.get("judged_at"), now, settings.judged_fresh_seconds)
    return blind_since(newest, judged, now - timedelta(seconds=settings.blind_after_seconds))


def _my_shifts(me: Me, roster: Roster, now: datetime) -> list[Outlook]:
    found: Iterable[Outlook] = (outlook(rota, now, now + AHEAD) for rota in roster.rotas.values())
    return [shift for shift in found if me.technician in shift.crew]


async def _incidents(
    centre: Centre, voice: str, technician: Technician | None, language: Language
) -> list[FieldIncident]:
    areas = sorted(technician.areas) if technician else []
    whose = {"voice": voice, "technician": technician.id if technician else None, "areas": areas}
    rows = await centre.rows(field_queries.INCIDENTS, whose | {"limit": INCIDENTS_MAX})
    return [field_incident(row, language) for row in rows]


def _contacts(centre: Centre, visitor: Visitor, roster: Roster, language: Language) -> list[FieldContact]:
    """Numbers of people are personal data, for technicians and above only."""
    if not sees_contacts(visitor.role):
        return []
    city = centre.city
    return contacts_of(roster, city.policies, city.channel_kinds, centre.now(), language)
