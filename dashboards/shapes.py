"""The shapes of the API, as the contract promises them: fields may be added, never renamed."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from alerts.alert import Severity
from alerts.alert import State as AlertState
from dashboards.maintenance.shapes import MaintenanceShape
from dashboards.steps import Shown
from devices.state import Bucket, Reason, State


class Value(BaseModel):
    """A reading of a metric, in the metric's unit, and its own time."""

    value: float
    time: datetime


class DeviceShape(BaseModel):
    """A device. `state` is the engine's, and unknown where that has not judged for too long: it is never stale.

    `cause` is the id of the device that failed above, `since` an event time, `reason` the evidence it rests on: null
    where the engine has not judged it yet.
    """

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
    reason: Reason | None = None
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
    """Counts by kind and state. `blind_since`: since then nothing arrives, or nobody judges what does."""

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
    """`incident` is the number of the one it belongs to, null while it has not fired. Who took it: null for nobody."""

    id: int
    rule: str
    device: str
    severity: Severity
    state: AlertState
    starts_at: datetime
    ends_at: datetime | None
    summary: str
    incident: int | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None


class Alerts(BaseModel):
    items: list[AlertShape]
    next: str | None


class SuppressionShape(BaseModel):
    """An alert that was held back: by the id of what failed above, by `maintenance`, or by `control-room`."""

    device: str
    rule: str
    cause: str
    at: datetime
    until: datetime | None


class Affected(BaseModel):
    """What hangs below the root of an incident and was not heard since; of the names the first fifty."""

    count: int = 0
    by_kind: dict[str, int] = {}
    names: list[str] = []


class IncidentShape(BaseModel):
    """Alerts with one cause. `class`: power, fibre-cut, fibre-fade, device, unknown. `place`: between which devices."""

    model_config = ConfigDict(populate_by_name=True)

    id: int
    title: str
    severity: Severity
    state: Literal["open", "resolved"]
    root: str
    area: str
    cls: str = Field(alias="class")
    place: dict[str, Any]
    opened_at: datetime
    resolved_at: datetime | None
    alerts: list[int]
    affected: Affected
    suppressed: list[SuppressionShape]


class Incidents(BaseModel):
    items: list[IncidentShape]
    next: str | None


class StateRow(BaseModel):
    """A stretch of a device's history. `heard_at`: when it was learned, where that was after it had ended."""

    state: State
    since: datetime
    until: datetime | None
    cause: str | None
    marks: list[str]
    reason: Reason
    bucket: Bucket
    heard_at: datetime | None


class States(BaseModel):
    device: str
    items: list[StateRow]
    next: str | None


class BlindWindow(BaseModel):
    """A time in which we could not see: nothing came in (`ingest`), or our own uplink was gone (`uplink`)."""

    reason: Literal["ingest", "uplink"]
    since: datetime
    until: datetime | None
    detail: dict[str, Any]


class BlindWindows(BaseModel):
    items: list[BlindWindow]


class Seconds(BaseModel):
    """Six buckets that exclude each other."""

    up: float
    down: float
    upstream: float
    maintenance: float
    blind: float
    power: float


class AvailabilityRow(BaseModel):
    """Of a device, a kind or an area; shares from 0 to 1, null where nothing was seen; MTTR and MTBF of own outages."""

    id: str
    name: str
    devices: int
    span_seconds: float
    seconds: Seconds
    availability: float | None
    availability_own: float | None
    outages: int
    outages_own: int
    mttr_seconds: float | None
    mtbf_seconds: float | None


class Availability(BaseModel):
    model_config = ConfigDict(populate_by_name=True)

    start: datetime = Field(alias="from")
    end: datetime = Field(alias="to")
    by: Literal["device", "kind", "area"]
    items: list[AvailabilityRow]
    worst: list[AvailabilityRow]


class AffectedDevice(BaseModel):
    """`depends`: `alone` where it is cut off when the device fails, `group` where another way still reaches it."""

    id: str
    kind: str
    name: str
    area: str
    state: State
    depends: Literal["alone", "group"]


class AffectedDevices(BaseModel):
    device: str
    count: int
    by_kind: dict[str, int]
    items: list[AffectedDevice]


class ChainLink(BaseModel):
    id: str
    kind: str
    name: str
    state: State
    since: datetime | None


class HeldBack(BaseModel):
    rule: str
    cause: str
    at: datetime


class OpenAlert(BaseModel):
    id: int
    rule: str
    severity: Severity
    state: AlertState
    summary: str
    incident: int | None


class Rule(BaseModel):
    """The numbers by which it was judged, as far as the state rests on them."""

    reason: Reason | None
    interval_seconds: float | None
    silent_after_seconds: float | None
    attempts: int | None
    settle_until: datetime | None
    rules: list[str]


class Explanation(BaseModel):
    """Why a device is in its state: in sentences, and the facts behind them.

    `evidence` is what the state rests on as the engine noted it, beside what the device said last. `chain` leads from
    the device up to what failed, or to the top.
    """

    device: str
    state: State
    since: datetime | None
    marks: list[str]
    reason: Reason | None
    sentences: list[str]
    evidence: dict[str, Any]
    rule: Rule
    chain: list[ChainLink]
    suppressed: list[HeldBack]
    alerts: list[OpenAlert]
    incident: int | None
    maintenance: list[MaintenanceShape]


class NotificationShape(BaseModel):
    """One message and its receipt. `technician` is null for a channel of its own, `incident` for what is about none.

    `delivered_at` is when the channel took it; while it and `failed_at` are null it is tried again. `acknowledged`:
    somebody took, or had taken, what it is about.
    """

    id: int
    channel: str
    technician: str | None
    incident: int | None
    sequence: int
    status: Literal["firing", "resolved", "digest", "test"]
    severity: Severity | None
    title: str
    created_at: datetime
    attempts: int
    delivered_at: datetime | None
    failed_at: datetime | None
    last_error: str | None
    acknowledged: bool


class Notifications(BaseModel):
    items: list[NotificationShape]
    next: str | None
