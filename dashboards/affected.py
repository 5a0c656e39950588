"""Pure: what hangs on a device, and whether it would go with it."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from dashboards.seen import Judged, Standing
from dashboards.shapes import AffectedDevice, AffectedDevices
from devices.device import Device
from devices.topology import below, children_of, cut_off


def affected_by(
    device: str, registry: Mapping[str, Device], stored: Mapping[str, Mapping[str, object]], judged: Judged
) -> AffectedDevices:
    """Everything below a device by any way, in the order of ids. `stored` are rows with queries.STANDING_COLUMNS."""
    children = children_of(registry.values())
    gone = set(cut_off({id_: one.parents for id_, one in registry.items()}, children, device))
    hanging = [registry[id_] for id_ in sorted(below(children, device)) if id_ in registry]
    return AffectedDevices(
        device=device,
        count=len(hanging),
        by_kind=dict(sorted(Counter(one.kind for one in hanging).items())),
        items=[
            AffectedDevice(
                id=one.id,
                kind=one.kind,
                name=one.name,
                area=one.area,
                state=Standing.of(stored.get(one.id), judged).state,
                depends="alone" if one.id in gone else "group",
            )
            for one in hanging
        ],
    )


def chain_of(device: str, root: str | None, registry: Mapping[str, Device]) -> Sequence[str]:
    """The way up from a device to the root of its failure, or to the top: the device first. The shortest there is."""
    came_from: dict[str, str | None] = {device: None}
    rest = [device]
    for one in rest:
        parents = [parent for parent in registry[one].parent_ids() if parent in registry]
        if one == root or (root is None and not parents):
            return list(reversed(_walked(one, came_from)))
        fresh = [parent for parent in parents if parent not in came_from]
        came_from |= dict.fromkeys(fresh, one)
        rest += fresh
    return [device]


def covers(match: Mapping[str, str], device: Device, above: Collection[str]) -> bool:
    """Whether announced work is about a device: it carries every value. `above` are its ancestors, itself included."""
    own = {"id": device.id, "kind": device.kind, "area": device.area}
    return all(value in above if key == "below" else own.get(key) == value for key, value in match.items())


def _walked(one: str | None, came_from: Mapping[str, str | None]) -> list[str]:
    path = []
    while one is not None:
        path.append(one)
        one = came_from[one]
    return path
