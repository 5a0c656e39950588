"""Routes: which channels hear of which alerts."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from alerts.alert import Alert, Severity
from alerts.rule import check_kind

Label = Literal["alertname", "device", "kind", "area", "severity"]
LATER = ("policy", "group_wait", "group_interval", "repeat_interval")


def labels_of(alert: Alert) -> dict[str, str]:
    """What identifies and sorts an alert for those outside; the same while it fires and when it resolves.

    No label of a rule takes the place of one that identifies.
    """
    return {
        **alert.labels,
        "alertname": alert.rule,
        "device": alert.device,
        "kind": alert.kind,
        "area": alert.area,
        "severity": alert.severity.value,
    }


class Route(BaseModel):
    """Alerts that carry every label of `match` go to all of `channels`; without `match`, all alerts do.

    `group_by` may only be ["incident"]. There are no incidents yet, so each alert stands for itself and every message
    carries one; once there are, the same setting groups what belongs together.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    match: Mapping[Label, str] = Field(default_factory=dict)
    channels: Annotated[tuple[str, ...], Field(min_length=1)]
    group_by: tuple[str, ...] = ("incident",)

    @model_validator(mode="before")
    @classmethod
    def _nothing_ignored(cls, data: Any) -> Any:  # noqa: ANN401  whatever stands in the file
        later = [key for key in LATER if isinstance(data, Mapping) and key in data]
        if later:
            raise ValueError(
                f"{', '.join(later)}: not supported by this version; name channels, messages go out at once"
            )
        return data

    @field_validator("match")
    @classmethod
    def _can_fit(cls, match: Mapping[Label, str]) -> Mapping[Label, str]:
        if "severity" in match and match["severity"] not in list(Severity):
            raise ValueError(f"no severity is called {match['severity']}; known are {', '.join(Severity)}")
        if "kind" in match:
            check_kind(match["kind"])
        return match

    @field_validator("group_by")
    @classmethod
    def _by_incident(cls, labels: tuple[str, ...]) -> tuple[str, ...]:
        if labels != ("incident",):
            raise ValueError('only ["incident"] is supported by this version')
        return labels

    def fits(self, labels: Mapping[str, str]) -> bool:
        return all(labels[label] == value for label, value in self.match.items())


def channels_for(alert: Alert, routes: Iterable[Route]) -> tuple[str, ...]:
    """The channels of every route that fits, each once, in the order of the routes."""
    labels = labels_of(alert)
    return tuple(dict.fromkeys(channel for route in routes if route.fits(labels) for channel in route.channels))
