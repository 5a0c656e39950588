"""What messages are made of, from decoded element to accepted reading; and the fault, where it is one.

These are msgspec structs, not dataclasses: ingest makes one per value on its hot path, and a struct costs a tenth.
Times are integer microseconds since the epoch, the resolution that TimescaleDB keeps.
"""

from enum import StrEnum
from typing import Any

import msgspec


class Reason(StrEnum):
    """Why a message, an element or a value was refused."""

    TOO_LARGE = "too-large"
    UNKNOWN_DEVICE = "unknown-device"
    NOT_JSON = "not-json"
    BAD_SHAPE = "bad-shape"
    CLOCK = "clock"
    UNKNOWN_METRIC = "unknown-metric"
    BAD_VALUE = "bad-value"
    OUT_OF_RANGE = "out-of-range"


class Status(StrEnum):
    """What a device says of its own connection: its birth, and its will."""

    ONLINE = "online"
    OFFLINE = "offline"


class Rejected(msgspec.Struct, frozen=True, gc=False):
    """One fault; `detail` says what exactly was wrong, for a person to read."""

    reason: Reason
    detail: str


class Element(msgspec.Struct, frozen=True):
    """Values of one moment, decoded but not yet judged. `timed` is false where the time of receipt stands in."""

    time_us: int
    values: dict[str, Any]
    historical: bool = False
    timed: bool = True


class Reading(msgspec.Struct, frozen=True, gc=False):
    """One good value, with the device's time and the broker's edge.

    `historical` marks backfill: it is stored, and never becomes the latest.
    """

    device: str
    metric: str
    time_us: int
    value: float
    received_us: int
    historical: bool = False


class Event(msgspec.Struct, frozen=True):
    """Something that happened once: a last gasp, an opened door, a pressed panic button."""

    time_us: int
    type: str
    data: Any = None
    timed: bool = True
