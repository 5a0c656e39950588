"""What a rule judges: a device with its evidence, or a group of devices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from alerts.states.evidence import Observed
from alerts.states.standing import Standing
from devices.device import Device
from devices.state import Limits, Mark, State

NOTHING: Mapping[str, Any] = MappingProxyType({})


def _nothing() -> Mapping[str, Any]:
    return NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A value that a rule had reckoned for a device, by readings up to event time `at`; `facts` as in a verdict."""

    value: float
    at: datetime
    facts: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A device, the newest reading of each of its metrics, and its standing; None where states are not judged.

    `confirmed`: that it is down is its own affair, as far as can be known by now. `held_by`: why nobody is to be paged
    for it: the id of what failed above, or a word of `alerts.held`. `seeing_since`: when we last began to see;
    `seen_until`: how far we are known to have seen, None for now. `measured`: by rule and device, what was reckoned.
    `events`: the newest of each type. `spent`: by rule, up to which event an alert has come and gone.
    `members`: the devices of a group, which has nothing else of its own.
    """

    device: Device
    limits: Limits
    readings: Mapping[str, Observed] = field(default_factory=_nothing)
    last_seen: datetime | None = None
    standing: Standing | None = None
    confirmed: bool = True
    held_by: str | None = None
    seeing_since: datetime | None = None
    seen_until: datetime | None = None
    measured: Mapping[str, Mapping[str, Measured]] = field(default_factory=_nothing)
    events: Mapping[str, datetime] = field(default_factory=_nothing)
    spent: Mapping[str, datetime] = field(default_factory=_nothing)
    members: Sequence["Subject"] = ()

    @property
    def trusted_for(self) -> timedelta:
        """How long a reading speaks for the present; after that it is the past."""
        return self.limits.silence

    @property
    def state(self) -> State | None:
        return None if self.standing is None else self.standing.state

    @property
    def flapping(self) -> bool:
        return self.standing is not None and Mark.FLAPPING in self.standing.marks

    def measured_by(self, rule: str) -> Measured | None:
        return self.measured.get(rule, NOTHING).get(self.device.id)
