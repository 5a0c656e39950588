"""The messages of the live stream, as the contract names them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic_core import to_json


class Topic(StrEnum):
    SNAPSHOT = "snapshot"
    DEVICE = "device"
    READING = "reading"
    ALERT = "alert"
    INCIDENT = "incident"
    HEARTBEAT = "heartbeat"


@dataclass(frozen=True, slots=True)
class Change:
    """Something to tell: what kind of message, and its data."""

    topic: Topic
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A change with its place in the stream, encoded once for all clients."""

    sequence: int
    id: str
    body: str


@dataclass(frozen=True, slots=True)
class Numbering:
    """Ids that say which process's stream they belong to: another one's can never be mistaken for ours."""

    process: str

    def id(self, sequence: int) -> str:
        return f"{self.process}-{sequence}"

    def sequence(self, message_id: str) -> int | None:
        """The place in this process's stream, or None where the id is of another stream, or of none."""
        process, _, number = message_id.rpartition("-")
        ours = process == self.process and number.isascii() and number.isdecimal() and len(number) < 20
        return int(number) if ours else None

    def message(self, sequence: int, change: Change, at: datetime) -> Message:
        body = {"id": self.id(sequence), "type": change.topic, "at": at, "data": change.data}
        return Message(sequence=sequence, id=self.id(sequence), body=to_json(body).decode())
