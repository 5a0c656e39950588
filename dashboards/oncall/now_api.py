"""GET /api/v1/oncall/now, …/rotas/{name}/shifts and …/rotas/{name}.ics: who is on call, and when."""

import asyncio
from datetime import timedelta
from typing import Annotated

from fastapi import Path
from fastapi.responses import Response

from alerts.oncall import rows
from alerts.oncall.check import roster_faults
from alerts.oncall.feed import feed
from alerts.oncall.roster import Roster
from alerts.oncall.rota import Rota
from alerts.oncall.shifts import outlook
from alerts.oncall.shifts import shifts as shifts_of
from alerts.oncall.written import Name
from dashboards.auth import Who
from dashboards.centre import Centre, Here
from dashboards.oncall.shapes import Now, OnCall, Person, Shifts, ShiftShape
from dashboards.problem import Problem
from dashboards.roles import Role
from dashboards.routing import CALENDAR
from dashboards.spans import From, To
from dashboards.words import Language

# How far it is looked for who is next, and how far ahead shifts are told unless asked otherwise.
AHEAD = timedelta(weeks=5)
TOLD = timedelta(weeks=2)
LONGEST = timedelta(days=100)
RotaName = Annotated[Name, Path()]


async def now(centre: Here, who: Who, lang: Language | None = None) -> Now:
    """Who is on call in each rota, until when, and who is next; and what is amiss with technicians, rotas, policies."""
    at, roster, city, language = centre.now(), await roster_of(centre), centre.city, lang or centre.settings.language
    faults = roster_faults(roster, city.policies, city.channels, city.areas, at, language)
    items = [_on_call(rota, roster, who.role, centre) for rota in roster.rotas.values()]
    return Now(at=at, items=items, faults=faults)


async def shifts(centre: Here, name: RotaName, who: Who, *, start: From = None, end: To = None) -> Shifts:
    """Every shift of a rota in [from, to), by default of the next two weeks; 100 days at most."""
    start = start or centre.now()
    end = end or start + TOLD
    if start >= end or end - start > LONGEST:
        raise Problem(
            422,
            (
                f"from harus sebelum to, paling banyak {LONGEST.days} hari; tanpa from, dianggap sekarang.",
                f"from must lie before to, by {LONGEST.days} days at most; without from, it is now.",
            ),
        )
    roster = await roster_of(centre)
    found = shifts_of(_rota(roster, name), start, end)
    return Shifts(rota=name, items=[ShiftShape.of(shift, roster, who.role) for shift in found])


async def calendar(centre: Here, name: RotaName) -> Response:
    """The rota as an iCalendar feed: the last 7 days and the next 90."""
    roster = await roster_of(centre)
    body = await asyncio.to_thread(feed, _rota(roster, name), roster.technicians, centre.now())
    headers = {"Content-Disposition": f'inline; filename="{name}.ics"'}
    return Response(body, media_type=f"{CALENDAR}; charset=utf-8", headers=headers)


async def roster_of(centre: Centre) -> Roster:
    async with centre.database() as connection:
        return await rows.load(connection)


def _on_call(rota: Rota, roster: Roster, role: Role, centre: Centre) -> OnCall:
    found = outlook(rota, centre.now(), centre.now() + AHEAD)
    return OnCall(
        rota=rota.name,
        technicians=[Person.of(id_, roster.technicians.get(id_), role) for id_ in found.crew],
        until=found.until,
        following=ShiftShape.of(found.following, roster, role) if found.following else None,
    )


def _rota(roster: Roster, name: str) -> Rota:
    if name not in roster.rotas:
        raise Problem(404, ("Tidak ada jadwal piket dengan nama ini.", "No rota has this name."))
    return roster.rotas[name]
