"""What city.toml says of alerts: [states] and the lists of rules, channels, policies and routes, checked together."""

from collections import Counter
from collections.abc import Iterable
from typing import Self

from pydantic import BaseModel, ConfigDict, model_validator

from alerts.blindness import NAME as OUR_OWN
from alerts.notify.channels.kinds import Channel
from alerts.oncall.policy import Policy
from alerts.paging.route import Route
from alerts.rules.kinds import Rule
from alerts.states.settings import StateSettings


class AlertSettings(BaseModel):
    """One section, four lists. A fault is a ValidationError whose `loc` is the key and whose `msg` is the reason."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    states: StateSettings = StateSettings()
    rules: tuple[Rule, ...] = ()
    channels: tuple[Channel, ...] = ()
    policies: tuple[Policy, ...] = ()
    routes: tuple[Route, ...] = ()

    @model_validator(mode="after")
    def _names_once(self) -> Self:
        for key, names in (
            ("rules", [rule.name for rule in self.rules]),
            ("channels", [channel.name for channel in self.channels]),
            ("policies", [policy.name for policy in self.policies]),
        ):
            if twice := _twice(names):
                raise ValueError(f"{key}: the name {twice} stands twice")
        for number, rule in enumerate(self.rules):
            if rule.name == OUR_OWN:
                raise ValueError(f"rules.{number}.name: {OUR_OWN} is the alert about ourselves")
        return self

    @model_validator(mode="after")
    def _one_listener_each(self) -> Self:
        """Two listeners of one bot, or of one modem, take each other's replies away."""
        known: dict[str, str] = {}
        for number, channel in enumerate(self.channels):
            if channel.ear is not None and (other := known.setdefault(channel.ear, channel.name)) != channel.name:
                raise ValueError(f"channels.{number}: replies are heard there by {other} already")
        return self

    @model_validator(mode="after")
    def _routes_lead_somewhere(self) -> Self:
        channels, policies = self._channel_names(), {policy.name for policy in self.policies}
        for number, route in enumerate(self.routes):
            if unknown := [name for name in route.channels if name not in channels]:
                raise ValueError(f"routes.{number}.channels: no channel is called {', '.join(unknown)}")
            if route.policy is not None and route.policy not in policies:
                raise ValueError(f"routes.{number}.policy: no policy is called {route.policy}")
        return self

    @model_validator(mode="after")
    def _steps_lead_somewhere(self) -> Self:
        """Channels are settings; technicians and rotas are rows that may come later, and a roster falls back."""
        channels = self._channel_names()
        for number, policy in enumerate(self.policies):
            for place, step in enumerate(policy.steps):
                if unknown := [one.name for one in step.notify if one.kind == "channel" and one.name not in channels]:
                    key = f"policies.{number}.steps.{place}.notify"
                    raise ValueError(f"{key}: no channel is called {', '.join(unknown)}")
        return self

    def _channel_names(self) -> set[str]:
        return {channel.name for channel in self.channels}


def _twice(names: Iterable[str]) -> str | None:
    return next((name for name, count in Counter(names).items() if count > 1), None)
