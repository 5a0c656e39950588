"""Pure: the registry as the ledger walks it, up and down."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

from devices.device import Device, Parent
from devices.plant import Plant
from devices.topology import cycles, parents_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """The devices, what each hangs on of what is in the registry, and the plant that they make up."""

    devices: Mapping[str, Device]
    parents: Mapping[str, tuple[Parent, ...]]
    plant: Plant

    @classmethod
    def of(cls, devices: Sequence[Device]) -> Self:
        known = {device.id: device for device in devices}
        tied = _without_cycles([replace(device, parents=_known(device, known)) for device in devices])
        return cls(
            devices=known,
            parents={device.id: device.parents for device in tied},
            plant=Plant.of(tied),
        )

    @property
    def depth(self) -> Mapping[str, int]:
        """The longest way up from each device."""
        return self.plant.depth

    def kind(self, device: str) -> str:
        return self.devices[device].kind

    def below(self, device: str) -> Sequence[str]:
        """What hangs directly on a device."""
        return self.plant.below(device)

    def parent_ids(self, device: str) -> Iterator[str]:
        for parent in self.parents[device]:
            yield from (parent,) if isinstance(parent, str) else parent


def _known(device: Device, known: Collection[str]) -> tuple[Parent, ...]:
    groups = (parent if isinstance(parent, tuple) else (parent,) for parent in device.parents)
    kept = [tuple(one for one in group if one in known) for group in groups]
    return tuple(group[0] if len(group) == 1 else group for group in kept if group)


def _without_cycles(devices: Sequence[Device]) -> Sequence[Device]:
    """A circle can only be made by hand in the database; whoever is in one hangs on nothing until it is mended."""
    while circular := {member for cycle in cycles(parents_of(devices)) for member in cycle}:
        devices = [replace(device, parents=()) if device.id in circular else device for device in devices]
    return devices
