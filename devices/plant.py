"""Pure: what hangs on what in a city, made ready for asking what a failure cuts off."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Self, TypeAlias

from devices.device import Device
from devices.topology import depths

# A feeder gives power and no light: who lives below a dead one lives on a battery, and proves nothing of it.
FEEDER = "feeder"
# Halfway around the Earth: a longer cable is a slip of the pen.
LONGEST_METRES = 20_000_000

# What a device hangs on. It is cut off when all of one group has failed; a single parent is a group of one.
Groups: TypeAlias = tuple[tuple[str, ...], ...]
# Whether a device has failed for those that hang on it.
Gone: TypeAlias = Callable[[str], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plant:
    """What hangs on what in a city, made ready for `locate`: built once, asked often.

    `children` hang directly on a device by any way; `carried` are those of them that have their light only through it.
    `depth` is the longest way up; `cable_metres` the length of the cable to the first parent, where it is known.
    """

    groups: Mapping[str, Groups]
    children: Mapping[str, Sequence[str]]
    carried: Mapping[str, Sequence[str]]
    depth: Mapping[str, int]
    cable_metres: Mapping[str, float]

    @classmethod
    def of(cls, devices: Collection[Device]) -> Self:
        """A parent that is not among the devices is left out. Raises ValueError on a cycle."""
        known = {device.id for device in devices}
        feeders = {device.id for device in devices if device.kind == FEEDER}
        groups = {device.id: _groups(device, known) for device in devices}
        return cls(
            groups=groups,
            children=_inverted({device: members(above) for device, above in groups.items()}),
            carried=_inverted({device: members(_single(above)) - feeders for device, above in groups.items()}),
            depth=depths(devices),
            cable_metres=dict(_cables(devices, known)),
        )

    def below(self, device: str) -> Sequence[str]:
        """What hangs directly on it, by any way."""
        return self.children.get(device, ())

    def beside(self, device: str) -> Iterator[str]:
        """Whose failure matters where its own does: what it hangs on, what hangs on it, and what else that hangs on."""
        yield from members(self.groups[device])
        for child in self.below(device):
            yield child
            yield from members(self.groups[child])

    def first(self, device: str) -> tuple[str, ...]:
        """Where its cable leads: the first parent, with those that may stand in for it."""
        return next(iter(self.groups[device]), ())

    def downward(self, devices: Iterable[str]) -> list[str]:
        """Each after all that it hangs on, in whatever order they came."""
        return sorted(devices, key=lambda device: (self.depth[device], device))

    def cut_by(self, device: str, gone: Gone) -> str | None:
        """The first of the first group above it that has failed as a whole; None where it is not cut off."""
        return _failed_group(self.groups[device], gone)

    def unpowered_by(self, device: str, gone: Gone) -> str | None:
        """The same for one that carries something alive: of those on which it hangs alone, only a feeder can fail."""
        return _failed_group(_single(self.groups[device]), gone)


def _groups(device: Device, known: Collection[str]) -> Groups:
    """What is known of what it hangs on; a member named twice stands in for nobody."""
    groups = ((parent,) if isinstance(parent, str) else parent for parent in device.parents)
    kept = (tuple(dict.fromkeys(one for one in group if one in known)) for group in groups)
    return tuple(group for group in kept if group)


def _single(groups: Groups) -> Groups:
    """Those for which nobody can stand in."""
    return tuple(group for group in groups if len(group) == 1)


def members(groups: Groups) -> set[str]:
    return set(chain.from_iterable(groups))


def _failed_group(groups: Groups, gone: Gone) -> str | None:
    return next((group[0] for group in groups if all(map(gone, group))), None)


def _inverted(above: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    below: defaultdict[str, list[str]] = defaultdict(list)
    for device, parents in above.items():
        for parent in parents:
            below[parent].append(device)
    return dict(below)


def _cables(devices: Iterable[Device], known: Collection[str]) -> Iterator[tuple[str, float]]:
    """The length in metres by device; attributes are whatever an operator wrote."""
    for device in devices:
        metres = device.attributes.get("cable_metres")
        if isinstance(metres, bool) or next(device.parent_ids(), None) not in known:
            continue
        if isinstance(metres, int | float) and 0 <= metres <= LONGEST_METRES:
            yield device.id, float(metres)
