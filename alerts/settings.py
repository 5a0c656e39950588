"""What city.toml says of alerts: [[rules]], [[channels]], [[routes]], checked one by one and against each other."""

from collections import Counter
from collections.abc import Iterable
from typing import Self

from pydantic import BaseModel, ConfigDict, model_validator

from alerts.notify.route import Route
from alerts.notify.webhook import Webhook
from alerts.rule import Rule


class AlertSettings(BaseModel):
    """The three lists. A fault is a ValidationError whose `loc` is the key and whose `msg` is the reason."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    rules: tuple[Rule, ...] = ()
    channels: tuple[Webhook, ...] = ()
    routes: tuple[Route, ...] = ()

    @model_validator(mode="after")
    def _names_once(self) -> Self:
        for key, names in (
            ("rules", [rule.name for rule in self.rules]),
            ("channels", [channel.name for channel in self.channels]),
        ):
            if twice := _twice(names):
                raise ValueError(f"{key}: the name {twice} stands twice")
        return self

    @model_validator(mode="after")
    def _channels_exist(self) -> Self:
        known = {channel.name for channel in self.channels}
        for number, route in enumerate(self.routes):
            if unknown := [name for name in route.channels if name not in known]:
                raise ValueError(f"routes.{number}.channels: no channel is called {', '.join(unknown)}")
        return self


def _twice(names: Iterable[str]) -> str | None:
    return next((name for name, count in Counter(names).items() if count > 1), None)
