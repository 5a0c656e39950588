"""What city.toml says of alerts: [states], [[rules]], [[channels]], [[routes]], checked each and all together."""

from collections import Counter
from collections.abc import Iterable
from typing import Self

from pydantic import BaseModel, ConfigDict, model_validator

from alerts.blindness import NAME as OUR_OWN
from alerts.notify.channels.kinds import Channel
from alerts.paging.route import Route
from alerts.rules.kinds import Rule
from alerts.states.settings import StateSettings


class AlertSettings(BaseModel):
    """One section, three lists. A fault is a ValidationError whose `loc` is the key and whose `msg` is the reason."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    states: StateSettings = StateSettings()
    rules: tuple[Rule, ...] = ()
    channels: tuple[Channel, ...] = ()
    routes: tuple[Route, ...] = ()

    @model_validator(mode="after")
    def _names_once(self) -> Self:
        for key, names in (
            ("rules", [rule.name for rule in self.rules]),
            ("channels", [channel.name for channel in self.channels]),
        ):
            if twice := _twice(names):
                raise ValueError(f"{key}: the name {twice} stands twice")
        for number, rule in enumerate(self.rules):
            if rule.name == OUR_OWN:
                raise ValueError(f"rules.{number}.name: {OUR_OWN} is the alert about ourselves")
        return self

    @model_validator(mode="after")
    def _channels_exist(self) -> Self:
        known = {channel.name for channel in self.channels}
        for number, route in enumerate(self.routes):
            if unknown := [name for name in route.channels if name not in known]:
                raise ValueError(f"routes.{number}.channels: no channel is called {', '.join(unknown)}")
            if route.policy is not None:
                raise ValueError(f"routes.{number}.policy: no policy is called {route.policy}")
        return self


def _twice(names: Iterable[str]) -> str | None:
    return next((name for name, count in Counter(names).items() if count > 1), None)
