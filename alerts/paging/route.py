"""Routes: which alerts are told to whom, what is told together, and at what pace."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from alerts.alert import Alert, Severity
from alerts.duration import Duration
from alerts.labels import labels_of
from alerts.rules.match import check_kind

Label = Literal["alertname", "device", "kind", "area", "severity"]
By = Literal["incident", "alertname", "device", "kind", "area", "severity"]

# Alertmanager's, which people trust.
GROUP_WAIT = timedelta(seconds=30)
GROUP_INTERVAL = timedelta(minutes=5)
REPEAT_INTERVAL = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who hears of a group: a channel of the settings, or the people of a policy."""

    kind: Literal["channel", "policy"]
    name: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}"

    @classmethod
    def parse(cls, text: str) -> "Receiver":
        kind, _, name = text.partition(":")
        return cls("policy" if kind == "policy" else "channel", name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How a group is told: what it is made of, how long it gathers, how soon again, and how often it is repeated."""

    group_by: tuple[By, ...] = ("incident",)
    wait: timedelta = GROUP_WAIT
    interval: timedelta = GROUP_INTERVAL
    repeat: timedelta = REPEAT_INTERVAL


class Route(BaseModel):
    """Alerts that carry every label of `match` go to all of `channels`, and to the people of `policy`.

    Without `match`, all alerts do. What has the same values of `group_by` is told together: `group_wait` after the
    first of it, further news `group_interval` after the last message, and again every `repeat_interval` while nobody
    has acknowledged it. A critical alert waits for nothing, and neither does the end of the whole.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    match: Mapping[Label, str] = Field(default_factory=dict)
    channels: tuple[str, ...] = ()
    policy: str | None = None
    group_by: Annotated[tuple[By, ...], Field(min_length=1)] = ("incident",)
    group_wait: Duration = GROUP_WAIT
    group_interval: Duration = GROUP_INTERVAL
    repeat_interval: Duration = REPEAT_INTERVAL

    @field_validator("match")
    @classmethod
    def _can_fit(cls, match: Mapping[Label, str]) -> Mapping[Label, str]:
        if "severity" in match and match["severity"] not in list(Severity):
            raise ValueError(f"no severity is called {match['severity']}; known are {', '.join(Severity)}")
        if "kind" in match:
            check_kind(match["kind"])
        return match

    @model_validator(mode="after")
    def _somebody(self) -> Self:
        if not self.channels and self.policy is None:
            raise ValueError("tells nobody; name channels or a policy")
        return self

    @model_validator(mode="after")
    def _no_storm(self) -> Self:
        if not self.group_interval or self.repeat_interval < self.group_interval:
            raise ValueError("group_interval must be longer than nothing, and repeat_interval no shorter than it")
        return self

    def fits(self, labels: Mapping[str, str]) -> bool:
        return all(labels.get(label) == value for label, value in self.match.items())

    @property
    def receivers(self) -> tuple[Receiver, ...]:
        people = () if self.policy is None else (Receiver("policy", self.policy),)
        return (*(Receiver("channel", name) for name in self.channels), *people)

    @property
    def terms(self) -> Terms:
        return Terms(
            group_by=self.group_by,
            wait=self.group_wait,
            interval=self.group_interval,
            repeat=self.repeat_interval,
        )


def receivers_for(alert: Alert, routes: Iterable[Route]) -> dict[Receiver, Terms]:
    """Everybody whom a fitting route names, each once, on the terms of the first route that names them.

    A channel is not told by itself that it fails: that alert's device is the channel.
    """
    labels = labels_of(alert)
    found: dict[Receiver, Terms] = {}
    for route in routes:
        if route.fits(labels):
            for receiver in route.receivers:
                if str(receiver) != alert.device:
                    found.setdefault(receiver, route.terms)
    return found


def key_of(alert: Alert, terms: Terms) -> dict[str, str]:
    """What the alert is told together with: all that have the same values of these."""
    labels = labels_of(alert) | {"incident": str(alert.incident_id or "")}
    return {label: labels[label] for label in terms.group_by}
