"""Pure: whom to look at again when time alone may have changed something. One waking per device at most."""

import heapq
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(slots=True)
class AlarmClock:
    """A device that talks moves its time again and again: the earlier waking stands, and whoever is woken sets anew."""

    _rings: list[tuple[datetime, str]] = field(default_factory=list)
    _set: dict[str, datetime] = field(default_factory=dict)

    def wake(self, device: str, due: datetime | None) -> None:
        """Wake the device behind `due`, the last moment at which nothing will have changed."""
        standing = self._set.get(device)
        if due is not None and (standing is None or due < standing):
            self._set[device] = due
            heapq.heappush(self._rings, (due, device))

    def ring(self, now: datetime) -> set[str]:
        """Everybody whose time is up, each once."""
        woken = set()
        while self._rings and self._rings[0][0] < now:
            due, device = heapq.heappop(self._rings)
            if self._set.get(device) == due:
                del self._set[device]
                woken.add(device)
        return woken
