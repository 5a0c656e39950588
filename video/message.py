"""Pure: what a camera says over MQTT, in the native dialect."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

# A picture's numbers have no more than four places that mean something.
PLACES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What was measured on one frame, by metric; a boolean is a state. `taken_at`: the loop's clock at its capture."""

    captured_at: datetime
    values: Mapping[str, float | bool]
    taken_at: float

    @property
    def states(self) -> Mapping[str, bool]:
        return {name: value for name, value in self.values.items() if isinstance(value, bool)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """Something that happened once: an event of the native dialect. One camera, moment and type is one event."""

    type: str
    at: datetime
    data: Mapping[str, object] = field(default_factory=dict)


def telemetry(sample: Sample, now: datetime) -> bytes:
    """The frame's age is that at the moment of publishing, never below zero."""
    age = max(timedelta(0), now - sample.captured_at).total_seconds()
    values = {"frame_age_seconds": age, **{name: _rounded(value) for name, value in sample.values.items()}}
    return json.dumps({"ts": _milliseconds(sample.captured_at), "values": values}).encode()


def event(happening: Happening) -> bytes:
    said = {"ts": _milliseconds(happening.at), "type": happening.type, "data": dict(happening.data)}
    return json.dumps(said).encode()


def _rounded(value: float) -> float:
    return value if isinstance(value, bool) else round(value, PLACES)


def _milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1_000)
