"""Pure: a silence, and whether it is about an alert."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from types import MappingProxyType
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from alerts.alert import Severity
from devices.device import Device
from devices.topology import ancestors

Word = Annotated[str, Field(min_length=1, max_length=200)]
NO_DEVICES: Mapping[str, Device] = MappingProxyType({})
LABELS_MAX = 20


class Match(BaseModel):
    """Alerts that carry every value named here. `below`: on a device, or on anything that hangs on it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    alertname: Word | None = None
    device: Word | None = None
    kind: Word | None = None
    area: Word | None = None
    severity: Severity | None = None
    below: Word | None = None
    labels: Annotated[Mapping[Word, Word], Field(max_length=LABELS_MAX)] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not any(self.model_dump().values()):
            raise ValueError("names nothing; give alertname, device, kind, area, severity, below or labels")
        return self

    def fits(self, labels: Mapping[str, str], devices: Mapping[str, Device] = NO_DEVICES) -> bool:
        """`labels` are those that the alert shows outside."""
        return all(labels.get(name) == value for name, value in self._wanted) and self._reaches(labels, devices)

    @cached_property
    def _wanted(self) -> tuple[tuple[str, str], ...]:
        return (*self.labels.items(), *self.model_dump(exclude={"below", "labels"}, exclude_none=True).items())

    def _reaches(self, labels: Mapping[str, str], devices: Mapping[str, Device]) -> bool:
        device = labels.get("device", "")
        if self.below is None or self.below == device:
            return True
        return device in devices and self.below in ancestors(device, devices)


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """A row of table silence that nobody has ended. `silenced_at`: when it was first found to silence anything."""

    id: int
    match: Match
    owner: str
    reason: str
    since: datetime
    until: datetime
    ends_on_recovery: bool = False
    silenced_at: datetime | None = None

    def goes_on(self, now: datetime) -> bool:
        return self.since <= now < self.until


@dataclass(frozen=True, slots=True)
class Followed:
    """What a look at the open alerts makes of silences that end on recovery: `found` silence something for the first
    time, `recovered` silence nothing any more.
    """

    found: list[int] = field(default_factory=list)
    recovered: list[int] = field(default_factory=list)


def silenced(
    labels: Mapping[str, str], silences: Iterable[Silence], now: datetime, devices: Mapping[str, Device] = NO_DEVICES
) -> Silence | None:
    """The silence that holds an alert with these labels longest; None where it may be told."""
    holding = [one for one in silences if one.goes_on(now) and one.match.fits(labels, devices)]
    return max(holding, key=lambda one: (one.until, one.id), default=None)


def followed(
    silences: Iterable[Silence],
    firing: Iterable[Mapping[str, str]],
    devices: Mapping[str, Device] = NO_DEVICES,
) -> Followed:
    """`firing` are the labels of all alerts that were or would be told. One that never silenced anything goes on."""
    found = Followed()
    alerts = list(firing)
    for silence in silences:
        if not silence.ends_on_recovery:
            continue
        busy = any(silence.match.fits(labels, devices) for labels in alerts)
        if busy and silence.silenced_at is None:
            found.found.append(silence.id)
        elif not busy and silence.silenced_at is not None:
            found.recovered.append(silence.id)
    return found
