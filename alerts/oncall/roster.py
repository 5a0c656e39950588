"""The roster: all technicians and rotas, and whom a target means at a moment. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from alerts.oncall.rota import Rota, on_call
from alerts.oncall.target import Target
from alerts.oncall.technician import Technician

People = tuple[Technician, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """Technicians and rotas by id and by name. `unread`: rows that could not be read, each with the reason."""

    technicians: Mapping[str, Technician] = field(default_factory=dict)
    rotas: Mapping[str, Rota] = field(default_factory=dict)
    unread: tuple[str, ...] = ()

    def who(self, target: Target, area: str, at: datetime) -> People:
        """The technicians a target means, never none where there are any.

        Where the target leads to nobody (a rota nobody is on call in, a name that is not there, an area that nobody
        covers), the first of these that does: who covers the area and is on call; who is on call; who covers the area;
        everybody. A channel is told by itself, so a target of that kind means no technician.
        """
        if target.kind == "channel":
            return ()
        return next(filter(None, self._line(target, area, at)), ())

    def falls_back(self, target: Target, area: str, at: datetime) -> bool:
        """Whether the target itself leads to nobody."""
        return target.kind != "channel" and not self._meant(target, area, at)

    def on_call(self, at: datetime) -> People:
        """Everybody who is on call in any rota."""
        return self._known(id_ for rota in self.rotas.values() for id_ in on_call(rota, at))

    def covering(self, area: str) -> People:
        return tuple(technician for technician in self.technicians.values() if area in technician.areas)

    def _line(self, target: Target, area: str, at: datetime) -> Iterator[People]:
        """Worked out no further than it is asked."""
        yield self._meant(target, area, at)
        yield self._near(area, at)
        yield self.on_call(at)
        yield self.covering(area)
        yield tuple(self.technicians.values())

    def _meant(self, target: Target, area: str, at: datetime) -> People:
        if target.kind == "technician":
            return self._known([target.name])
        if target.kind == "rota":
            rota = self.rotas.get(target.name)
            return self._known(on_call(rota, at)) if rota else ()
        return self._near(area, at) or self.covering(area)

    def _near(self, area: str, at: datetime) -> People:
        return tuple(technician for technician in self.on_call(at) if area in technician.areas)

    def _known(self, ids: Iterable[str]) -> People:
        known = (self.technicians.get(id_) for id_ in dict.fromkeys(ids))
        return tuple(technician for technician in known if technician is not None)
