"""One device: what it is, where it stands, what it hangs on."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

DEVICE_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")

# A parent is an id, or a redundancy group of ids: a group has failed only when every id in it has failed.
Parent: TypeAlias = str | tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A row of the registry. Coordinates are WGS 84 degrees; `area` is the kecamatan."""

    id: str
    kind: str
    name: str
    area: str = ""
    latitude: float | None = None
    longitude: float | None = None
    parents: tuple[Parent, ...] = ()
    external_ids: Mapping[str, str] = field(default_factory=dict)
    attributes: Mapping[str, Any] = field(default_factory=dict)

    def parent_ids(self) -> Iterator[str]:
        """Every id this device hangs on, those inside redundancy groups too."""
        for parent in self.parents:
            if isinstance(parent, str):
                yield parent
            else:
                yield from parent
