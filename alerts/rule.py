"""The kinds of rules, and how one stands in city.toml. What a rule makes of readings is evaluate.py's."""

from datetime import timedelta
from typing import Annotated, ClassVar, Literal, Self, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, FiniteFloat, model_validator

from alerts.alert import Severity
from alerts.duration import Duration
from alerts.summary import check_template
from devices.device import Device
from devices.kinds import KINDS
from devices.state import SILENT_INTERVALS

Name: TypeAlias = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
Template: TypeAlias = Annotated[str, AfterValidator(check_template)]


def check_kind(kind: str) -> str:
    if kind not in KINDS:
        raise ValueError(f"no kind of device is called {kind}; known are {', '.join(KINDS)}")
    return kind


class Match(BaseModel):
    """Which devices a rule asks about: all that carry every value named here; all devices where none is named."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Annotated[str, AfterValidator(check_kind)] | None = None
    area: str | None = None
    id: str | None = None

    def fits(self, device: Device) -> bool:
        return (
            (self.kind is None or device.kind == self.kind)
            and (self.area is None or device.area == self.area)
            and (self.id is None or device.id == self.id)
        )


class Terms(BaseModel):
    """What every kind of rule has."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Name
    severity: Severity = Severity.WARNING
    match: Match = Match()


class Silence(Terms):
    """No reading of any metric for longer than `after`: a duration, or a number of the device's own intervals."""

    hold: ClassVar[timedelta] = timedelta()

    kind: Literal["silence"]
    after: Annotated[float, Field(ge=1, le=10_000, strict=True)] | Duration = float(SILENT_INTERVALS)
    summary: Template = "{{ device.name }}: tidak ada data selama {{ value }} detik"

    @model_validator(mode="after")
    def _some_time(self) -> Self:
        if isinstance(self.after, timedelta) and not self.after:
            raise ValueError("after must be longer than nothing")
        return self

    def allowed(self, interval_seconds: float) -> timedelta:
        """The longest silence that is still in order."""
        return self.after if isinstance(self.after, timedelta) else timedelta(seconds=self.after * interval_seconds)


class Threshold(Terms):
    """A metric below or above a bound for as long as `for` (0 s unless given).

    It ends when the value reaches `clear`, which lies on the healthy side of the bound; the bound itself unless given.
    """

    kind: Literal["threshold"]
    metric: str
    below: FiniteFloat | None = None
    above: FiniteFloat | None = None
    clear: FiniteFloat | None = None
    hold: Duration = Field(default=timedelta(), alias="for")
    summary: Template = "{{ device.name }}: {{ rule }} ({{ value }})"

    @model_validator(mode="after")
    def _one_bound(self) -> Self:
        if (self.below is None) == (self.above is None):
            raise ValueError("give either below or above")
        if self.clear is not None and self.breached(self.clear):
            raise ValueError("clear must lie on the healthy side of the bound")
        return self

    @model_validator(mode="after")
    def _known_metric(self) -> Self:
        kinds = [KINDS[self.match.kind]] if self.match.kind else KINDS.values()
        if not any(self.metric in kind.metrics for kind in kinds):
            raise ValueError(f"no {self.match.kind or 'kind of device'} has a metric {self.metric}")
        return self

    def breached(self, value: float) -> bool:
        """Beyond the bound; the bound itself is in order."""
        if self.below is not None:
            return value < self.below
        return self.above is not None and value > self.above

    def cleared(self, value: float) -> bool:
        """In order, and back at `clear` or better."""
        if self.clear is None:
            return not self.breached(value)
        return value >= self.clear if self.below is not None else value <= self.clear


class InState(Terms):
    """A device is down by itself. What is above it having failed is no reason to page for it: that is held back.

    It ends when the device was back for `keep_firing_for` without a break, and no longer flaps: a radio that comes and
    goes is one alert, not many.
    """

    hold: ClassVar[timedelta] = timedelta()

    kind: Literal["state"]
    state: Literal["down"] = "down"
    keep_firing_for: Duration = timedelta(minutes=2)
    summary: Template = "{{ device.name }}: {{ 'naik-turun' if flapping else 'putus' }}"


Rule: TypeAlias = Annotated[Silence | Threshold | InState, Field(discriminator="kind")]
