"""What of the city's settings the API answers from: rules, areas, the map, whom pages reach by which channels."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from alerts.oncall.policy import Policy
from alerts.rules.kinds import Rule
from dashboards.city.shown import SettingsSection
from dashboards.geography.geography import Geography


@dataclass(frozen=True, slots=True, kw_only=True)
class CitySettings:
    """No request changes them. Without `areas`, any may be named. `channels` are names, `channel_kinds` their kinds.

    `shown`: all settings as people are shown them.
    """

    rules: Sequence[Rule] = ()
    areas: Collection[str] = ()
    channels: Collection[str] = ()
    channel_kinds: Mapping[str, str] = field(default_factory=dict)
    policies: Sequence[Policy] = ()
    geography: Geography = field(default_factory=Geography)
    shown: Sequence[SettingsSection] = ()

    @property
    def names(self) -> frozenset[str]:
        """Of the rules."""
        return frozenset(rule.name for rule in self.rules)
