"""What the city's settings say of rules: which there are, and which areas they may name."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from alerts.rules.kinds import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class CityRules:
    """No request changes them. Without `areas`, any may be named."""

    rules: Sequence[Rule] = ()
    areas: Collection[str] = ()

    @property
    def names(self) -> frozenset[str]:
        return frozenset(rule.name for rule in self.rules)
