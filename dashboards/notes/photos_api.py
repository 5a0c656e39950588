"""POST /api/v1/incidents/{id}/photos and GET /api/v1/photos/{id}.jpg: what a technician saw there."""

import asyncio
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response
from psycopg import AsyncConnection
from psycopg.rows import DictRow
from pydantic import AfterValidator

from alerts.desk import Said
from dashboards import audit
from dashboards.auth import By
from dashboards.cameras.picture_answer import JPEG
from dashboards.centre import Centre, Here
from dashboards.desk_api import Number
from dashboards.notes import photo_files, queries
from dashboards.notes.developing import Photo, develop
from dashboards.notes.notes_api import REPEATED
from dashboards.notes.said import said_by
from dashboards.notes.shapes import TEXT_MAX, NoteShape
from dashboards.notes.writing import About, note_of, refuse_unknown, write
from dashboards.parameters import Moment, storable
from dashboards.problem import RETRY_SECONDS, Problem
from dashboards.rights.voice import Speaking

PHOTOS_MAX = 100
# A browser's own copy; so long is one look in the audit log.
CACHING = "private, max-age=3600"

PhotoText = Annotated[str, AfterValidator(storable), Query(max_length=TEXT_MAX)]


async def add_photo(
    centre: Here,
    request: Request,
    response: Response,
    id: Number,  # noqa: A002  the contract's path parameter
    key: Annotated[UUID, Query()],
    by: Speaking,
    *,
    at: Annotated[Moment | None, Query()] = None,
    text: PhotoText = "",
) -> NoteShape:
    """A photo of an incident: a JPEG of at most 2 MiB and 4096 pixels a side, kept upright and without its Exif.

    201 with its note, or 200 where the same key came before.
    """
    said, about = said_by(by.voice, centre.now(), at, where="query.at"), About(incident=id)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != JPEG:
        raise Problem(415, (f"Foto dikirim sebagai {JPEG}.", f"A photo is sent as {JPEG}."))
    photo = await _developed(centre, await request.body())
    async with centre.database() as connection, connection.transaction():
        await refuse_unknown(connection, about)
        note = await write(connection, about, key, said, text)
        if note is None:
            response.status_code = REPEATED
            return NoteShape.of(_pictured(await note_of(connection, key)))
        await _refuse_too_many(connection, id)
        number = await _numbered(connection, note, photo)
        detail = {"note": note, "photo": number, "text": text}
        await audit.record(connection, by, "incident.photo", about.subject, now=said.at, detail=detail)
        answer = NoteShape.of(await note_of(connection, key))
        # The last thing before the end of the transaction: a row without its file is what nobody must ever see.
        await _save(centre, number, photo, said)
    return answer


async def photo(centre: Here, id: Number, by: By) -> Response:  # noqa: A002
    """A photo. Who looks at it is in the audit log, once an hour."""
    async with centre.database() as connection:
        row = await (await connection.execute(queries.PHOTO, {"id": id})).fetchone()
        jpeg = await asyncio.to_thread(photo_files.read, centre.photos_dir, id) if row else None
        if jpeg is None:
            raise Problem(404, ("Foto ini tidak ada, atau tidak ada lagi.", "There is no such photo, or not any more."))
        look = {"now": centre.now(), "who": by.who, "origin": by.origin, "photo": str(id)}
        await connection.execute(queries.ADD_LOOK, look)
    return Response(jpeg, media_type=JPEG, headers={"Cache-Control": CACHING})


def _pictured(note: DictRow) -> DictRow:
    """Raises Problem where what was written before was words alone: this photo would be lost, and nobody would know."""
    if not note["pictured"]:
        raise Problem(409, ("Kunci ini milik catatan tanpa foto.", "A note without a photo has this key."))
    return note


async def _developed(centre: Centre, taken: bytes) -> Photo:
    """Raises Problem for what is no photo. One after the other: 4096 pixels a side are 50 MB while they are drawn."""
    async with centre.developing:
        found = await asyncio.to_thread(develop, taken)
    if not isinstance(found, Photo):
        raise Problem(422, (f"Foto ini tidak dapat diterima: {found[0]}.", f"body: {found[1]}."))
    return found


async def _refuse_too_many(connection: AsyncConnection, incident: int) -> None:
    row = await (await connection.execute(queries.COUNT_PHOTOS, {"incident": incident})).fetchone()
    if row is not None and row[0] >= PHOTOS_MAX:
        raise Problem(
            409,
            (
                f"Insiden ini sudah mempunyai {PHOTOS_MAX} foto.",
                f"There are {PHOTOS_MAX} photos of this incident already.",
            ),
        )


async def _numbered(connection: AsyncConnection, note: int, photo: Photo) -> int:
    values = {"note": note, "width": photo.width, "height": photo.height, "bytes": len(photo.jpeg)}
    (number,) = await (await connection.execute(queries.ADD_PHOTO, values)).fetchone() or (0,)
    return int(number)


async def _save(centre: Centre, number: int, photo: Photo, said: Said) -> None:
    try:
        await asyncio.to_thread(photo_files.save, centre.photos_dir, number, photo.jpeg, said.at)
    except OSError as error:
        detail = ("Foto sedang tidak dapat disimpan.", "Photos cannot be stored at present.")
        raise Problem(503, detail, headers={"Retry-After": RETRY_SECONDS}) from error
