"""Pure: what hangs on what. Devices are nodes; an edge leads from a device to each of its parents."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

from devices.device import Device, Parent

# Whoever has tied so many knots wants to see a few, not all.
MAX_CYCLES = 20


def parents_of(devices: Iterable[Device]) -> dict[str, tuple[str, ...]]:
    """For each device the ids it hangs on, those in redundancy groups too."""
    return {device.id: tuple(device.parent_ids()) for device in devices}


def children_of(devices: Iterable[Device]) -> dict[str, list[str]]:
    """For each device that bears others, the ids that hang directly on it, in the order of `devices`."""
    children: defaultdict[str, list[str]] = defaultdict(list)
    for device in devices:
        for parent in device.parent_ids():
            children[parent].append(device.id)
    return dict(children)


def below(children: Mapping[str, Collection[str]], device: str) -> set[str]:
    """Every id that hangs on the device by any way, itself left out; a cycle does no harm."""
    found: set[str] = set()
    rest = list(children.get(device, ()))
    while rest:
        child = rest.pop()
        if child not in found:
            found.add(child)
            rest.extend(children.get(child, ()))
    return found - {device}


def ancestors(device: str, registry: Mapping[str, Device]) -> set[str]:
    """The device and everything it hangs on by any way."""
    found, rest = {device}, [device]
    while rest:
        above = {parent for parent in registry[rest.pop()].parent_ids() if parent in registry} - found
        found |= above
        rest += above
    return found


def cut_off(parents: Mapping[str, Iterable[Parent]], children: Mapping[str, Collection[str]], device: str) -> list[str]:
    """Every id that is cut off when the device fails, itself left out: what another way still reaches is not."""
    cut, rest = {device: None}, [device]
    while rest:
        for child in children.get(rest.pop(), ()):
            if child not in cut and any(_lost(parent, cut) for parent in parents[child]):
                cut[child] = None
                rest.append(child)
    return [found for found in cut if found != device]


def _lost(parent: Parent, cut: Collection[str]) -> bool:
    """Whether nothing comes from a parent any more; of a redundancy group, from none of it."""
    return parent in cut if isinstance(parent, str) else all(one in cut for one in parent)


def cycles(parents: Mapping[str, Iterable[str]]) -> Iterator[tuple[str, ...]]:
    """Up to 20 cycles without a device in common, each as a path that ends where it began, from device to parent."""
    graph = {device: set(above) for device, above in parents.items()}
    for _ in range(MAX_CYCLES):
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            path: list[str] = error.args[1]
            yield tuple(reversed(path))
            graph = {device: above - set(path) for device, above in graph.items() if device not in path}
        else:
            return


def depths(devices: Iterable[Device]) -> dict[str, int]:
    """How far each device is from what hangs on nothing, by its longest way up; raises ValueError on a cycle."""
    parents = parents_of(devices)
    depth: dict[str, int] = {}
    for device in TopologicalSorter(parents).static_order():
        depth[device] = 1 + max((depth[parent] for parent in parents.get(device, ())), default=-1)
    return {device: depth[device] for device in parents}
