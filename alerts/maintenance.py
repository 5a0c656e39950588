"""Pure: which devices announced work is about."""

from collections.abc import Iterable
from typing import Self

from pydantic import BaseModel, ConfigDict, model_validator

from alerts.states.tree import Tree
from devices.device import Device
from devices.topology import below


class Match(BaseModel):
    """What a row of table maintenance covers: all that carry every value; `below` is an id and what hangs on it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str | None = None
    below: str | None = None
    kind: str | None = None
    area: str | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not any(self.model_dump().values()):
            raise ValueError("names nothing; give id, below, kind or area")
        return self


def covered(matches: Iterable[Match], tree: Tree) -> frozenset[str]:
    """The devices that any of the matches covers."""
    return frozenset(device for match in matches for device in _covered(match, tree))


def _covered(match: Match, tree: Tree) -> Iterable[str]:
    within = tree.devices if match.below is None else {match.below} | below(tree.plant.children, match.below)
    return [id_ for id_ in within if id_ in tree.devices and _fits(match, tree.devices[id_])]


def _fits(match: Match, device: Device) -> bool:
    return match.id in (None, device.id) and match.kind in (None, device.kind) and match.area in (None, device.area)
