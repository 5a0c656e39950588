"""The shapes of notes; fields may be added, never renamed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field

from dashboards.parameters import Moment, storable

TEXT_MAX = 2_000

NoteText = Annotated[str, AfterValidator(storable), Field(min_length=1, max_length=TEXT_MAX, pattern=r"\S")]


class NewNote(BaseModel, extra="forbid"):
    """`key` is made by the sender: the same twice is one note. `at`: when it was said, where that was earlier."""

    key: UUID
    text: NoteText
    at: Moment | None = None


class NoteShape(BaseModel):
    """`at` is when it was heard here, `said_at` when it was said, where that was earlier. `photo`: its path.

    `incident`: under which number it was written, perhaps of one that went into the incident it is shown with.
    """

    id: int
    key: UUID
    at: datetime
    said_at: datetime | None
    who: str
    text: str
    incident: int | None
    photo: str | None

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self:
        """From a row with queries.NOTE_COLUMNS."""
        named = {name: row[name] for name in cls.model_fields}
        return cls(**named | {"photo": photo_path(row["photo"])})


class Notes(BaseModel):
    items: list[NoteShape]
    next: str | None


def photo_path(number: int | None) -> str | None:
    return None if number is None else f"/api/v1/photos/{number}.jpg"
