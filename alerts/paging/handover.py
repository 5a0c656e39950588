"""At the hand-over of a rota, who begins is told what is going on: once, and not when it is long past."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from psycopg import AsyncConnection

from alerts.notify.page import Page
from alerts.oncall.brief import Brief, render
from alerts.oncall.brief_rows import gather
from alerts.oncall.rota import Rota
from alerts.oncall.shifts import Shift, shifts
from alerts.oncall.technician import Technician
from alerts.paging import mails, queries
from alerts.paging.compose import Desk
from alerts.paging.paging import Paging
from alerts.paging.post import Mail, Post
from alerts.paging.words import HANDOVER, say

Connection = AsyncConnection[Any]

LOOK_EVERY = timedelta(minutes=1)
# An engine that was away for longer tells nobody: who is on duty has looked by then.
LATE = timedelta(minutes=10)


async def tell(connection: Connection, paging: Paging, post: Post) -> None:
    """Send the brief to everybody whose shift has just begun."""
    paging.handover_at = post.now
    for rota in paging.roster.rotas.values():
        shift = begun(rota, post.now)
        if shift is not None:
            row = {"rota": rota.name, "since": shift.since, "now": post.now}
            for (number,) in await (await connection.execute(queries.HAND_OVER, row)).fetchall():
                brief = await gather(connection, paging.roster, post.now)
                await mails.enqueue(connection, list(_mails(shift, brief, number, paging, post)), post.now)


def begun(rota: Rota, now: datetime) -> Shift | None:
    """Pure: the shift that has just begun, where somebody is in it."""
    newest = [shift for shift in shifts(rota, now - LATE, now + timedelta(seconds=1)) if shift.crew]
    return newest[-1] if newest and now - LATE < newest[-1].since <= now else None


def _mails(shift: Shift, brief: Brief, number: int, paging: Paging, post: Post) -> Iterator[Mail]:
    for id_ in shift.crew:
        technician = paging.roster.technicians.get(id_)
        rung = None if technician is None else post.rung(technician)
        if technician is not None and rung is not None:
            post.count(technician.id, rung.channel)
            page = _page(brief, number, technician, rung.address, paging.desk)
            yield Mail(
                group_id=None,
                channel=rung.channel,
                page=page,
                technician=technician.id,
                address=rung.address,
                rung=rung.number,
            )


def _page(brief: Brief, number: int, technician: Technician, address: str, desk: Desk) -> Page:
    return Page(
        to=address,
        technician=technician.id,
        sequence=number,
        status="digest",
        severity="info",
        title=say(HANDOVER, technician.language).format(count=len(brief.incidents)),
        text=render(brief, desk.zone, technician.language),
        url=desk.url,
        language=technician.language,
    )
