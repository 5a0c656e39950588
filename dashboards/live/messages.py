"""The messages of the live stream: what is told, its place in the stream, its bytes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec
from pydantic import BaseModel


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
    """A change with its place in the stream, encoded once for all clients: `body` is one line of JSON."""

    sequence: int
    id: str
    body: bytes

    @property
    def event(self) -> bytes:
        """As a server-sent event. Its name is left out, so that one listener hears all."""
        return b"id: %b\ndata: %b\n\n" % (self.id.encode(), self.body)


def _of_model(value: object) -> object:
    if isinstance(value, BaseModel):
        return value.model_dump(by_alias=True)
    raise NotImplementedError(type(value))


ENCODER = msgspec.json.Encoder(enc_hook=_of_model)


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
        return self.spelled(sequence, [self.head(sequence, change.topic, at), ENCODER.encode(change.data), b"}"])

    def head(self, sequence: int, topic: Topic, at: datetime) -> bytes:
        """A message as far as its data."""
        return ENCODER.encode({"id": self.id(sequence), "type": topic, "at": at})[:-1] + b',"data":'

    def spelled(self, sequence: int, pieces: Iterable[bytes]) -> Message:
        return Message(sequence=sequence, id=self.id(sequence), body=b"".join(pieces))
