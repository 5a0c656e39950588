"""[states] in city.toml: the numbers by which devices are judged, for all, per kind and per device."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from devices.device import DEVICE_ID, Device
from devices.kinds import KINDS
from devices.state import ATTEMPTS, SETTLE_SECONDS, Limits

DAY_SECONDS = 86_400.0


def _host_and_port(text: str) -> str:
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65_536:
        raise ValueError('a witness is "host:port", such as "1.1.1.1:53"')
    return text


def _device_id(text: str) -> str:
    if not DEVICE_ID.fullmatch(text):
        raise ValueError("not the id of a device")
    return text


def _kind(text: str) -> str:
    if text not in KINDS:
        raise ValueError(f"no kind of device is called {text}; known are {', '.join(KINDS)}")
    return text


class Numbers(BaseModel):
    """What may differ from kind to kind and from device to device; what is not given is the wider rule's."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    interval_seconds: float | None = Field(default=None, gt=0, le=DAY_SECONDS)
    silent_intervals: float | None = Field(default=None, ge=1, le=1_000)
    attempts: int | None = Field(default=None, ge=1, le=100)
    settle_seconds: float | None = Field(default=None, ge=0, le=DAY_SECONDS)

    def over(self, limits: Limits) -> Limits:
        return replace(limits, **self.model_dump(exclude_none=True))


class Ourselves(BaseModel):
    """[states.ourselves]: when so much falls silent at once that it may be us.

    `witnesses` are hosts outside, independent of each other and of the city's network, that answer a TCP connection.
    Where most of them do not, our own uplink is gone.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    share: float = Field(default=0.3, gt=0, le=1)
    within_seconds: float = Field(default=60.0, gt=0, le=3_600)
    witnesses: tuple[Annotated[str, AfterValidator(_host_and_port)], ...] = ()
    ask_every_seconds: float = Field(default=10.0, ge=0.1, le=600)
    answer_within_seconds: float = Field(default=3.0, gt=0, le=60)
    # A blindness of ours that lasts longer is told to whoever is on call: nobody else will notice it.
    page_after_seconds: float = Field(default=120.0, ge=0, le=DAY_SECONDS)

    @property
    def within(self) -> timedelta:
        return timedelta(seconds=self.within_seconds)

    @property
    def page_after(self) -> timedelta:
        return timedelta(seconds=self.page_after_seconds)

    @property
    def patience(self) -> timedelta:
        """How long a verdict of the witnesses may take, once it is needed."""
        return timedelta(seconds=self.ask_every_seconds + 2 * self.answer_within_seconds)


class StateSettings(BaseModel):
    """[states]. `correlation_seconds`: how far apart the signs of one cause may come; wills follow keep-alives."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    attempts: int = Field(default=ATTEMPTS, ge=1, le=100)
    settle_seconds: float = Field(default=SETTLE_SECONDS, ge=0, le=DAY_SECONDS)
    correlation_seconds: float = Field(default=90.0, ge=0, le=3_600)
    kinds: Mapping[Annotated[str, AfterValidator(_kind)], Numbers] = Field(default_factory=dict)
    devices: Mapping[Annotated[str, AfterValidator(_device_id)], Numbers] = Field(default_factory=dict)
    ourselves: Ourselves = Ourselves()

    @property
    def correlation(self) -> timedelta:
        return timedelta(seconds=self.correlation_seconds)

    def limits(self, device: Device) -> Limits:
        """The numbers of one device; its kind must be one that exists."""
        limits = replace(Limits.of_kind(device.kind), attempts=self.attempts, settle_seconds=self.settle_seconds)
        for numbers in (self.kinds.get(device.kind), self.devices.get(device.id)):
            limits = numbers.over(limits) if numbers else limits
        return limits
