"""The words of the live stream as models: the OpenAPI document's components and the AsyncAPI document are made of them.

Messages are not put together by these models, which takes too long; tests hold what is sent to them.
"""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field, RootModel

from dashboards.shapes import AlertShape, DeviceShape, IncidentShape, Summary, Value
from devices.state import Reason, State


class MetricColumn(BaseModel):
    """A metric of every device of one kind, in the order in which these stand in the other columns.

    `value`: null where the device never reported it. `before`: by how many milliseconds the value is older than the
    device's `last_seen`.
    """

    value: list[float | None]
    before: list[int | None]


class DeviceColumns(BaseModel):
    """Every device, as columns of equal length: the first of each is of the first device. Fields are those of a device.

    Times are milliseconds after `epoch`, and so mostly negative. `latest` is by kind, then by metric.
    """

    epoch: datetime
    id: list[str]
    kind: list[str]
    name: list[str]
    area: list[str]
    latitude: list[float | None]
    longitude: list[float | None]
    parents: list[list[str | list[str]]]
    external_ids: list[dict[str, str]]
    attributes: list[dict[str, Any]]
    state: list[State]
    cause: list[str | None]
    since: list[int | None]
    marks: list[list[str]]
    reason: list[Reason | None]
    last_seen: list[int | None]
    latest: dict[str, dict[str, MetricColumn]]


class SnapshotOfDevices(BaseModel):
    """Everything. `version` is the vocabulary's; `server_time` is when the database was read."""

    version: str
    server_time: datetime
    summary: Summary
    devices: list[DeviceShape]
    alerts: list[AlertShape]
    incidents: list[IncidentShape]


class SnapshotOfColumns(BaseModel):
    """The same, a quarter as long, for whoever asked for `snapshot=columns`."""

    version: str
    server_time: datetime
    summary: Summary
    columns: DeviceColumns
    alerts: list[AlertShape]
    incidents: list[IncidentShape]


class RemovedDevice(BaseModel):
    """A device that is not in the registry any more."""

    id: str
    removed: Literal[True]


class ReadingData(BaseModel):
    """The metrics of a device that have a newer value than was told before, and what it is said to be meanwhile."""

    device: str
    state: State
    since: datetime | None
    last_seen: datetime | None
    latest: dict[str, Value]


class HeartbeatData(BaseModel):
    """`read_at`: when the database was last read. `blind_since`: since when the centre sees nothing, if so.

    `build` names the pages that are served: a page of another one must be loaded anew.
    """

    server_time: datetime
    read_at: datetime | None
    blind_since: datetime | None
    build: str


class SnapshotMessage(BaseModel):
    """The city as a whole: it takes the place of all that was told before."""

    id: str
    type: Literal["snapshot"]
    at: datetime
    data: SnapshotOfDevices | SnapshotOfColumns


class DeviceMessage(BaseModel):
    """A device whose state, cause, marks or place in the registry is another now; told at once."""

    id: str
    type: Literal["device"]
    at: datetime
    data: DeviceShape | RemovedDevice


class ReadingMessage(BaseModel):
    """What a device measured; told at most once a second of each, the newest of each metric, the last one always."""

    id: str
    type: Literal["reading"]
    at: datetime
    data: ReadingData


class AlertMessage(BaseModel):
    """An alert that is new, or another than before; one that is resolved is told a last time."""

    id: str
    type: Literal["alert"]
    at: datetime
    data: AlertShape


class IncidentMessage(BaseModel):
    """An incident that is new, or another than before; one that is resolved is told a last time."""

    id: str
    type: Literal["incident"]
    at: datetime
    data: IncidentShape


class HeartbeatMessage(BaseModel):
    """Every five seconds, behind a snapshot, and when the centre begins or ceases to see; its id is the last one."""

    id: str
    type: Literal["heartbeat"]
    at: datetime
    data: HeartbeatData


MESSAGES: tuple[type[BaseModel], ...] = (
    SnapshotMessage,
    DeviceMessage,
    ReadingMessage,
    AlertMessage,
    IncidentMessage,
    HeartbeatMessage,
)


class LiveMessage(
    RootModel[SnapshotMessage | DeviceMessage | ReadingMessage | AlertMessage | IncidentMessage | HeartbeatMessage]
):
    """A message of the live stream, over server-sent events and WebSocket alike."""

    root: SnapshotMessage | DeviceMessage | ReadingMessage | AlertMessage | IncidentMessage | HeartbeatMessage = Field(
        discriminator="type"
    )


class Resume(BaseModel, extra="forbid"):
    """What a client of the WebSocket may say first: the id of the last message that it heard."""

    last_event_id: str | None = Field(max_length=200)
