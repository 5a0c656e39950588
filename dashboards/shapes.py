"""The shapes of the API, as the contract promises them: fields may be added, never renamed."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from alerts.alert import Severity
from alerts.alert import State as AlertState
from dashboards.steps import Shown
from devices.state import State


class Value(BaseModel):
    """A reading of a metric, in the metric's unit, and its own time."""

    value: float
    time: datetime


class DeviceShape(BaseModel):
    """A device, judged at the moment of the answer: its state is never stored, so it is never stale."""

    id: str
    kind: str
    name: str
    area: str
    latitude: float | None
    longitude: float | None
    parents: list[str | list[str]]
    external_ids: dict[str, str]
    attributes: dict[str, Any]
    state: State
    cause: str | None = None
    since: datetime | None
    marks: list[str] = []
    last_seen: datetime | None
    latest: dict[str, Value]


class Devices(BaseModel):
    items: list[DeviceShape]
    next: str | None


class StateCounts(BaseModel):
    total: int = 0
    up: int = 0
    degraded: int = 0
    down: int = 0
    unreachable: int = 0
    unknown: int = 0


class Summary(BaseModel):
    """Counts by kind and state. `blind_since`: no reading has arrived from any device since then."""

    devices: dict[str, StateCounts]
    incidents_open: int
    newest_reading: datetime | None
    blind_since: datetime | None
    server_time: datetime


class RawPoint(BaseModel):
    time: datetime
    value: float


class RolledPoint(BaseModel):
    """A bucket: `time` is its start, `avg` is sum over count, `last` is the value newest by its own time."""

    time: datetime
    min: float
    avg: float
    max: float
    last: float
    count: int


class Readings(BaseModel):
    """`bucket_seconds` is the width of a rolled-up point, null for raw ones. `next` continues an explicit step."""

    device: str
    metric: str
    unit: str
    step: Shown
    bucket_seconds: int | None
    points: list[RawPoint] | list[RolledPoint]
    next: str | None


class Rejection(BaseModel):
    """`payload` is UTF-8; bytes that are none stand as backslash, x and two hexadecimal digits."""

    received_at: datetime
    topic: str
    device: str | None
    reason: str
    detail: str
    payload: str


class Rejections(BaseModel):
    items: list[Rejection]
    next: str | None


class UnknownDevice(BaseModel):
    """A device that spoke without being in the registry; topic and payload are those of its last message."""

    device: str
    count: int
    first_seen: datetime
    last_seen: datetime
    topic: str
    payload: str


class UnknownDevices(BaseModel):
    items: list[UnknownDevice]
    next: str | None


class AlertShape(BaseModel):
    """`incident` is the one cause it belongs to, null while none is known."""

    id: int
    rule: str
    device: str
    severity: Severity
    state: AlertState
    starts_at: datetime
    ends_at: datetime | None
    summary: str
    incident: str | None = None


class Alerts(BaseModel):
    items: list[AlertShape]
    next: str | None
