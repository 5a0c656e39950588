"""The shapes of what is said of cameras; fields may be added, never renamed."""

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel

from devices.state import State
from devices.tamper import Tamper


class Grade(StrEnum):
    """How good the connection was in the last hour."""

    EXCELLENT = "excellent"
    FAIR = "fair"
    POOR = "poor"
    UNUSABLE = "unusable"


class CameraShape(BaseModel):
    """A camera and its latest frame.

    `captured_at`, `age_seconds` and `fresh` are of the latest frame, null where there is none. `tampers` are those that
    hold, null while none is freshly reported either way; `connection_grade` and `frames_per_second` are null likewise.
    `reason` is why it is not seen, and since `lost_at`: null once it is back. State, cause, since and marks are as a
    device's.
    """

    id: str
    name: str
    area: str
    state: State
    cause: str | None
    since: datetime | None
    marks: list[str]
    captured_at: datetime | None
    age_seconds: float | None
    fresh: bool | None
    tampers: list[Tamper] | None
    connection_grade: Grade | None
    frames_per_second: float | None
    reason: str | None
    lost_at: datetime | None


class Cameras(BaseModel):
    items: list[CameraShape]
    next: str | None


class KeptFrameShape(BaseModel):
    """A kept frame; `url` is its picture."""

    name: str
    captured_at: datetime
    reason: str
    url: str


class KeptFrames(BaseModel):
    items: list[KeptFrameShape]
    next: str | None


class What(StrEnum):
    """How pictures are looked at."""

    FRAME = "frame"
    KEPT = "kept"
    STREAM = "stream"
    MOSAIC = "mosaic"


class FrameAccess(BaseModel):
    """Who looked at a camera's pictures within one hour, how often; of a stream and a mosaic each picture counts."""

    who: str
    role: str
    address: str
    camera: str
    what: What
    first_at: datetime
    last_at: datetime
    count: int


class FrameAccesses(BaseModel):
    items: list[FrameAccess]
    next: str | None
