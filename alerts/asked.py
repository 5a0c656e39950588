"""Pure: which rules ask about which device."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from alerts.rules.bounded import NoData
from alerts.rules.derived import Derived
from alerts.rules.event import Event
from alerts.rules.grouped import Grouped
from alerts.rules.kinds import Rule
from devices.device import Device


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """The rules that ask about a device, in order. Devices of which the same is asked share one of these.

    `direct` are judged with every news of the device, `of_all` those of which something can come while it is up.
    `derived`, by metric, are judged when their value was reckoned anew, `groups` with the group it belongs to.
    `by_name` holds all but those of groups, which ask about the group.
    """

    direct: Mapping[str, Rule]
    of_all: Mapping[str, Rule]
    derived: Mapping[str, tuple[Derived, ...]]
    groups: tuple[Grouped, ...]
    by_name: Mapping[str, Rule]

    @classmethod
    def of(cls, rules: Sequence[Rule]) -> "Asked":
        derived: dict[str, tuple[Derived, ...]] = {}
        for rule in rules:
            if isinstance(rule, Derived):
                derived[rule.metric] = (*derived.get(rule.metric, ()), rule)
        direct = {rule.name: rule for rule in rules if _is_direct(rule)}
        return cls(
            direct=direct,
            of_all={name: rule for name, rule in direct.items() if not rule.only_of_failed},
            derived=derived,
            groups=tuple(rule for rule in rules if isinstance(rule, Grouped)),
            by_name={rule.name: rule for rule in rules if not isinstance(rule, Grouped)},
        )


def _is_direct(rule: Rule) -> bool:
    """One that tells of missing data has its time too, not only its news."""
    if isinstance(rule, Derived):
        return rule.no_data is NoData.ALERT
    return not isinstance(rule, Grouped)


NOBODY = Asked.of(())


def asked_of(devices: Iterable[Device], rules: Sequence[Rule]) -> dict[str, Asked]:
    """By device."""
    known: dict[tuple[int, ...], Asked] = {}
    asked = {}
    for device in devices:
        key = tuple(number for number, rule in enumerate(rules) if rule.match.fits(device))
        if key not in known:
            known[key] = Asked.of([rules[number] for number in key])
        asked[device.id] = known[key]
    return asked


def event_types(rules: Iterable[Rule]) -> set[str]:
    """The types of events that any of the rules must hear of."""
    return {type_ for rule in rules if isinstance(rule, Event) for type_ in rule.types}
