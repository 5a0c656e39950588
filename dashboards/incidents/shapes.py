"""The shape of an incident's timeline; fields may be added, never renamed."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

What = Literal["opened", "alert", "page", "delivered", "failed", "suppressed", "note", "photo", "resolved"]


class Happening(BaseModel):
    """`at`: when it happened; `heard_at`: when it was heard here, where that was later.

    `who` did it, or was told; null for what nobody did. `device` is what it is about, `state` what that or the incident
    became. `photo`: a picture's path.
    """

    at: datetime
    heard_at: datetime | None
    kind: What
    who: str | None
    device: str | None
    text: str
    photo: str | None
    state: str | None


class Timeline(BaseModel):
    items: list[Happening]
    next: str | None
