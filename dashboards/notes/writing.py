"""A note is written once, whoever sends it again: by the key that its sender made."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import DictRow, dict_row

from alerts.desk import Said
from dashboards.notes import queries
from dashboards.problem import Problem
from dashboards.words import Sentence

Connection = AsyncConnection[Any]
# About one incident; or, of late, about one device.
NOTES_MAX = 1_000
LATELY = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """One of the two."""

    incident: int | None = None
    device: str | None = None

    @property
    def word(self) -> str:
        return "device" if self.incident is None else "incident"

    @property
    def in_indonesian(self) -> str:
        return "perangkat" if self.incident is None else "insiden"

    @property
    def subject(self) -> str:
        return self.device or str(self.incident)

    @property
    def parameters(self) -> dict[str, int | str | None]:
        return {"incident": self.incident, "device": self.device}


async def refuse_unknown(connection: Connection, about: About) -> None:
    """Raises Problem where there is nothing to write about."""
    query = queries.DEVICE_EXISTS if about.incident is None else queries.INCIDENT_EXISTS
    found = await (await connection.execute(query, {"id": about.device or about.incident})).fetchone()
    if found is None:
        raise Problem(404, (f"Tidak ada {about.in_indonesian} dengan id ini.", f"No {about.word} has this id."))


async def write(connection: Connection, about: About, key: UUID, said: Said, text: str) -> int | None:
    """The new note's number; None where it was written before. Raises Problem, also where the key is another's."""
    told = {"key": key, "at": said.at, "said_at": said.earlier(), "who": said.who, "text": text}
    bound = {"most": NOTES_MAX, "lately": said.at - LATELY}
    row = await (await connection.execute(queries.ADD, about.parameters | told | bound)).fetchone()
    if row is not None:
        return int(row[0])
    known = await find(connection, key)
    if known is None:
        raise Problem(409, _full(about))
    if (known["who"], known["incident_id"], known["device_id"]) != (said.who, about.incident, about.device):
        raise Problem(409, ("Kunci ini milik catatan lain.", "Another note has this key."))
    return None


async def note_of(connection: Connection, key: UUID) -> DictRow:
    """The note that was written, now or before."""
    row = await find(connection, key)
    if row is None:
        raise Problem(409, ("Catatan ini sudah dihapus.", "The note has been removed meanwhile."))
    return row


async def find(connection: Connection, key: UUID) -> DictRow | None:
    cursor = connection.cursor(row_factory=dict_row)
    return await (await cursor.execute(queries.BY_KEY, {"key": key})).fetchone()


def _full(about: About) -> Sentence:
    of_late = (f" dalam {LATELY.days} hari terakhir", f" of the last {LATELY.days} days") if about.device else ("", "")
    return (
        f"Sudah ada {NOTES_MAX} catatan{of_late[0]} tentang {about.in_indonesian} ini.",
        f"There are {NOTES_MAX} notes{of_late[1]} about this {about.word} already.",
    )
