"""The stretches of fibre between a point and its upstream, as lines on a map. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from devices.device import Device
from devices.kinds import KINDS
from devices.plant import FEEDER, Plant

OPTICAL = "rx_power_dbm"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cable:
    """Outwards from `upstream` to `device`. `route`: the first point below the top through which its light comes."""

    upstream: Device
    device: Device
    route: str
    length_metres: float | None

    def feature(self) -> dict[str, object]:
        ends = (self.upstream, self.device)
        return {
            "type": "Feature",
            "geometry": {"type": "LineString", "coordinates": [[end.longitude, end.latitude] for end in ends]},
            "properties": {
                "from": self.upstream.id,
                "to": self.device.id,
                "route": self.route,
                "length_m": self.length_metres,
            },
        }


def cables(registry: Mapping[str, Device]) -> Iterator[Cable]:
    """In the order of ids; a redundancy group is a cable to each of its members.

    Left out is what has no place on the map, and what hangs by no fibre. The length is known of the first parent's.
    """
    plant = Plant.of(registry.values())
    for device in sorted(registry.values(), key=lambda one: one.id):
        first = next(iter(plant.first(device.id)), None)
        for upstream in _upstreams(device, registry):
            if _has_place(device) and _has_place(upstream):
                metres = plant.cable_metres.get(device.id) if upstream.id == first else None
                yield Cable(upstream=upstream, device=device, route=_route(device.id, plant), length_metres=metres)


def _upstreams(device: Device, registry: Mapping[str, Device]) -> list[Device]:
    if not _on_fibre(device):
        return []
    above = (registry[id_] for id_ in dict.fromkeys(device.parent_ids()) if id_ in registry)
    return [one for one in above if one.kind != FEEDER]


def _on_fibre(device: Device) -> bool:
    kind = KINDS.get(device.kind)
    return kind is not None and OPTICAL in kind.metrics


def _has_place(device: Device) -> bool:
    return device.latitude is not None and device.longitude is not None


def _route(device: str, plant: Plant) -> str:
    """Up by first parents, which cannot go round: Plant.of refuses cycles."""
    route = device
    while (above := plant.first(route)) and plant.first(above[0]):
        route = above[0]
    return route
