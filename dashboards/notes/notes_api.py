"""GET and POST /api/v1/incidents/{id}/notes and /api/v1/devices/{id}/notes: what people write down."""

from fastapi import Response

from dashboards import audit
from dashboards.centre import Centre, Here
from dashboards.desk_api import Number
from dashboards.notes import queries
from dashboards.notes.said import said_by
from dashboards.notes.shapes import NewNote, Notes, NoteShape
from dashboards.notes.writing import About, note_of, refuse_unknown, write
from dashboards.parameters import PAGE, DeviceId, Limit, Numbered, encode_cursor
from dashboards.rights.voice import Speaker, Speaking

REPEATED = 200


async def incident_notes(centre: Here, id: Number, *, before: Numbered, limit: Limit = PAGE) -> Notes:  # noqa: A002  the contract's path parameter
    """Notes about an incident, the newest first."""
    return await _page(centre, About(incident=id), before, limit)


async def device_notes(centre: Here, id: DeviceId, *, before: Numbered, limit: Limit = PAGE) -> Notes:  # noqa: A002
    """Notes about a device, the newest first."""
    return await _page(centre, About(device=id), before, limit)


async def note_incident(centre: Here, id: Number, by: Speaking, body: NewNote, response: Response) -> NoteShape:  # noqa: A002
    """Write a note about an incident, over or not. 201, or 200 where it was written before."""
    return await _note(centre, About(incident=id), by, body, response)


async def note_device(centre: Here, id: DeviceId, by: Speaking, body: NewNote, response: Response) -> NoteShape:  # noqa: A002
    """Write a note about a device. 201, or 200 where it was written before."""
    return await _note(centre, About(device=id), by, body, response)


async def _page(centre: Centre, about: About, before: Numbered, limit: int) -> Notes:
    at, number = before or (None, None)
    async with centre.database() as connection:
        await refuse_unknown(connection, about)
    place = {"before": at, "id": number, "limit": limit + 1}
    rows = await centre.rows(queries.PAGE, about.parameters | place)
    items, more = [NoteShape.of(row) for row in rows[:limit]], len(rows) > limit
    last = items[-1] if more else None
    return Notes(items=items, next=encode_cursor(last.at.isoformat(), str(last.id)) if last else None)


async def _note(centre: Centre, about: About, by: Speaker, body: NewNote, response: Response) -> NoteShape:
    said = said_by(by.voice, centre.now(), body.at, where="body.at")
    async with centre.database() as connection, connection.transaction():
        await refuse_unknown(connection, about)
        if await write(connection, about, body.key, said, body.text) is None:
            response.status_code = REPEATED
        else:
            earlier = said.earlier()
            detail = {"text": body.text} | ({"at": earlier.isoformat()} if earlier else {})
            await audit.record(connection, by, f"{about.word}.note", about.subject, now=said.at, detail=detail)
        return NoteShape.of(await note_of(connection, body.key))
